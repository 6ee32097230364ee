import type { Report } from './report';
import { KEPT_OCCURRENCES, type PlacedReport, type RecordedGroup, type ReportGroup } from './report-group';

/** What is stored of a group: of its reports those that count. */
export interface CountedGroup {
  /** how many they are */
  count: number;
  /** gives a new error its message and traceback */
  first: Report;
  /** the last five, or all when there are fewer */
  newest: Report[];
  /** those that came as events: each is stored once, however often it is sent */
  events: EventPlace[];
  /** `tags` of all of them, each list once */
  tags: string[];
}

/** An event of a group. */
export interface EventPlace {
  /** of its report in the group, from 0 */
  place: number;
  id: string;
}

/**
 * Leaves out what does not count, and then all but the newest of the rest.
 * @param repeated places of reports that were stored before
 * @returns null when none is left
 */
export function toCountedGroup(
  { count, reports, hasEvents }: ReportGroup,
  repeated: readonly number[],
): CountedGroup | null {
  if (repeated.length === count) return null;
  const left = withoutPlaces(reports, repeated);
  return {
    count: count - repeated.length,
    first: (left[0] as PlacedReport).report,
    newest: left.slice(-KEPT_OCCURRENCES).map(({ report }) => report),
    events: hasEvents ? eventsAmong(left) : [],
    tags: hasEvents ? tagsAmong(left) : [],
  };
}

export function eventsAmong(reports: readonly PlacedReport[]): EventPlace[] {
  return reports.flatMap(({ place, report: { details } }) =>
    details === null ? [] : [{ place, id: details.eventId }],
  );
}

/** What became of a group of which nothing was left. */
export function noneCounted(repeated: number[]): RecordedGroup {
  return { id: 0, created: false, reopened: false, countBefore: 0, repeated };
}

function withoutPlaces(reports: readonly PlacedReport[], places: readonly number[]): readonly PlacedReport[] {
  if (places.length === 0) return reports;
  const omitted = new Set(places);
  return reports.filter(({ place }) => !omitted.has(place));
}

function tagsAmong(reports: readonly PlacedReport[]): string[] {
  const tags = new Set<string>();
  for (const { report } of reports) if (report.details) tags.add(report.details.tags);
  return [...tags];
}
