import type { Recorded, Report } from './report';

/** How many occurrences of an error are kept. */
export const KEPT_OCCURRENCES = 5;

/** Reports of one error that arrived together. */
export interface ReportGroup {
  /** how many there were */
  count: number;
  /**
   * The first and the newest five, or all when there are fewer: the others only count. Of groups with events all, since
   * only the database knows which of them were stored before and do not count.
   */
  reports: PlacedReport[];
  /** whether any came as an event */
  hasEvents: boolean;
}

export interface PlacedReport {
  /** in the group, from 0 */
  place: number;
  report: Report;
}

/** What became of a group. */
export interface RecordedGroup {
  /** id of its error; 0 when all of the group were stored before */
  id: number;
  /** whether the first of its reports that was not stored before made the error */
  created: boolean;
  /** whether the error had been resolved */
  reopened: boolean;
  /** reports of the error before; 0 also for an odd error of the original system */
  countBefore: number;
  /** places of reports that were stored before, lowest first: they do not count */
  repeated: number[];
}

/**
 * What reports of one error share. The names of two projects and what clients choose can be put together so that both
 * have the same fingerprint; a key must not reach the errors of another project by that.
 */
export function errorKey({ fingerprint, project }: Report): string {
  return fingerprint + project;
}

/** Brings reports of one error together; groups and the reports in them keep their order. */
export function groupReports<Item extends { report: Report }>(items: readonly Item[]): Item[][] {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = errorKey(item.report);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return [...groups.values()];
}

/** @param reports of one error, at least one */
export function toReportGroup(reports: readonly Report[]): ReportGroup {
  return placeReports(reports.length, hasEventAmong(reports) ? reports : firstAndNewest(reports));
}

/**
 * @param count of the group
 * @param reports all of it, or the first and the newest
 */
export function placeReports(count: number, reports: readonly Report[]): ReportGroup {
  const omitted = count - reports.length;
  return {
    count,
    reports: reports.map((report, index) => ({ place: index === 0 ? 0 : omitted + index, report })),
    hasEvents: hasEventAmong(reports),
  };
}

function hasEventAmong(reports: readonly Report[]): boolean {
  return reports.some(({ details }) => details !== null);
}

function firstAndNewest<Item>(items: readonly Item[]): readonly Item[] {
  return items.length <= 1 + KEPT_OCCURRENCES ? items : [items[0] as Item, ...items.slice(-KEPT_OCCURRENCES)];
}

/** Where the reports of a group went when groups were joined. */
export interface JoinedPart {
  /** index of the joined group */
  index: number;
  /** reports of the joined group that stand before them */
  before: number;
  /** how many they are */
  count: number;
}

/**
 * Joins the groups of several lists that are of one error, in their order.
 * @returns the joined groups, and where each group of each list went
 */
export function joinGroups(lists: readonly (readonly ReportGroup[])[]): {
  joined: ReportGroup[];
  parts: JoinedPart[][];
} {
  const partsOf = new Map<string, { index: number; count: number; parts: ReportGroup[] }>();
  const join = (part: ReportGroup): JoinedPart => {
    const key = errorKey(firstOf(part));
    const joined = partsOf.get(key) ?? { index: partsOf.size, count: 0, parts: [] };
    if (joined.parts.push(part) === 1) partsOf.set(key, joined);
    const before = joined.count;
    joined.count += part.count;
    return { index: joined.index, before, count: part.count };
  };
  const parts = lists.map((groups) => groups.map(join));
  return { joined: [...partsOf.values()].map((group) => joinParts(group.parts)), parts };
}

function firstOf({ reports }: ReportGroup): Report {
  return (reports[0] as PlacedReport).report;
}

function joinParts(parts: readonly ReportGroup[]): ReportGroup {
  if (parts.length === 1) return parts[0] as ReportGroup;
  let count = 0;
  const reports: PlacedReport[] = [];
  for (const part of parts) {
    for (const { place, report } of part.reports) reports.push({ place: count + place, report });
    count += part.count;
  }
  const hasEvents = parts.some((part) => part.hasEvents);
  return { count, reports: hasEvents ? reports : [...firstAndNewest(reports)], hasEvents };
}

/** What became of a group that was joined with others. */
export function toRecordedPart(group: RecordedGroup, { before, count }: JoinedPart): RecordedGroup {
  const { id, repeated } = group;
  const first = firstCounted(repeated);
  const hasFirst = first >= before && first < before + count;
  return {
    id,
    created: group.created && hasFirst,
    reopened: group.reopened && hasFirst,
    countBefore: group.countBefore + before - countBelow(repeated, before),
    repeated: repeated
      .filter((place) => place >= before && place < before + count)
      .map((place) => place - before),
  };
}

/** What became of the report at a place in its group. */
export function toRecorded(group: RecordedGroup, place: number, fingerprint: string): Recorded {
  const { id, countBefore, repeated } = group;
  const isFirst = group.created && place === firstCounted(repeated);
  return {
    status: repeated.includes(place) ? 'repeated' : isFirst ? 'created' : 'existing',
    id,
    fingerprint,
    count: countBefore + place + 1 - countBelow(repeated, place),
  };
}

/** @returns the lowest place that is not among them */
function firstCounted(repeated: readonly number[]): number {
  const gap = repeated.findIndex((place, index) => place !== index);
  return gap < 0 ? repeated.length : gap;
}

function countBelow(places: readonly number[], limit: number): number {
  return places.filter((place) => place < limit).length;
}
