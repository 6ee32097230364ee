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
