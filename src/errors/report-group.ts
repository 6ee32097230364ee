import type { Recorded, Report } from './report';

/** How many occurrences of an error are kept. */
export const KEPT_OCCURRENCES = 5;

/** Reports of one error that arrived together, as far as they are stored: the others only count. */
export interface ReportGroup {
  /** how many there were */
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
  const events: EventPlace[] = [];
  const tags = new Set<string>();
  reports.forEach(({ details }, place) => {
    if (details === null) return;
    events.push({ place, id: details.eventId });
    tags.add(details.tags);
  });
  const newest = reports.slice(-KEPT_OCCURRENCES);
  return { count: reports.length, first: reports[0] as Report, newest, events, tags: [...tags] };
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
  const joined: ReportGroup[] = [];
  const indexes = new Map<string, number>();
  const join = (part: ReportGroup): JoinedPart => {
    const key = errorKey(part.first);
    const index = indexes.get(key) ?? joined.length;
    indexes.set(key, index);
    const before = joined[index];
    joined[index] = before ? joinTwo(before, part) : part;
    return { index, before: before?.count ?? 0, count: part.count };
  };
  return { parts: lists.map((groups) => groups.map(join)), joined };
}

function joinTwo(left: ReportGroup, right: ReportGroup): ReportGroup {
  return {
    count: left.count + right.count,
    first: left.first,
    newest: [...left.newest, ...right.newest].slice(-KEPT_OCCURRENCES),
    events: [...left.events, ...right.events.map(({ place, id }) => ({ place: left.count + place, id }))],
    tags: [...new Set([...left.tags, ...right.tags])],
  };
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

/**
 * Takes reports out of a group that were stored before.
 * @param repeated their places
 * @returns null when none is left
 */
export function withoutRepeated(group: ReportGroup, repeated: readonly number[]): ReportGroup | null {
  if (repeated.length === 0) return group;
  if (repeated.length === group.count) return null;
  const firstOfNewest = group.count - group.newest.length;
  const newest = group.newest.filter((_, index) => !repeated.includes(firstOfNewest + index));
  const isFirstLeft = !repeated.includes(0);
  return {
    ...group,
    count: group.count - repeated.length,
    first: isFirstLeft ? group.first : (newest[0] ?? group.first),
    newest,
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
