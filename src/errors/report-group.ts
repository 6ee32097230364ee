import type { Recorded, Report } from './report';

/** How many occurrences of an error are kept. */
export const KEPT_OCCURRENCES = 5;

/** Reports of one fingerprint that arrived together, as far as they are stored: the others only count. */
export interface ReportGroup {
  /** how many there were */
  count: number;
  /** gives a new error its message and traceback */
  first: Report;
  /** the last five, or all when there are fewer */
  newest: Report[];
}

/** What became of a group. */
export interface RecordedGroup {
  /** id of its error */
  id: number;
  /** whether its first report made the error */
  created: boolean;
  /** whether the error had been resolved */
  reopened: boolean;
  /** reports of the error before; 0 also for an odd error of the original system */
  countBefore: number;
}

/** Brings reports of one fingerprint together; groups and the reports in them keep their order. */
export function groupReports<Item extends { report: Report }>(items: readonly Item[]): Item[][] {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(item.report.fingerprint);
    if (group) group.push(item);
    else groups.set(item.report.fingerprint, [item]);
  }
  return [...groups.values()];
}

/** @param reports of one fingerprint, at least one */
export function toReportGroup(reports: readonly Report[]): ReportGroup {
  const newest = reports.slice(-KEPT_OCCURRENCES);
  return { count: reports.length, first: reports[0] as Report, newest };
}

/** Where the reports of a group went when groups were joined. */
export interface JoinedPart {
  /** index of the joined group */
  index: number;
  /** reports of the joined group that stand before them */
  countBefore: number;
}

/**
 * Joins the groups of several lists that share a fingerprint, in their order.
 * @returns the joined groups, and where each group of each list went
 */
export function joinGroups(lists: readonly (readonly ReportGroup[])[]): {
  joined: ReportGroup[];
  parts: JoinedPart[][];
} {
  const joined: ReportGroup[] = [];
  const indexes = new Map<string, number>();
  const join = (part: ReportGroup): JoinedPart => {
    const index = indexes.get(part.first.fingerprint) ?? joined.length;
    indexes.set(part.first.fingerprint, index);
    const before = joined[index];
    joined[index] = before ? joinTwo(before, part) : part;
    return { index, countBefore: before?.count ?? 0 };
  };
  return { parts: lists.map((groups) => groups.map(join)), joined };
}

function joinTwo(left: ReportGroup, right: ReportGroup): ReportGroup {
  const newest = [...left.newest, ...right.newest].slice(-KEPT_OCCURRENCES);
  return { count: left.count + right.count, first: left.first, newest };
}

/** What became of a group that was joined with others. */
export function toRecordedPart(group: RecordedGroup, { countBefore }: JoinedPart): RecordedGroup {
  return {
    id: group.id,
    created: group.created && countBefore === 0,
    reopened: group.reopened && countBefore === 0,
    countBefore: group.countBefore + countBefore,
  };
}

/** What became of the report at a place in its group. */
export function toRecorded(group: RecordedGroup, place: number, fingerprint: string): Recorded {
  const isFirst = group.created && place === 0;
  return {
    status: isFirst ? 'created' : 'existing',
    id: group.id,
    fingerprint,
    count: group.countBefore + place + 1,
  };
}
