import type { RecordedGroup, ReportGroup } from './report-group';

/**
 * Writes reports: the only place that adds errors and occurrences.
 *
 * Guarantee: when `record` has resolved, the reports are committed to the disk, all of them or (when it throws) none; a
 * count never stands without its occurrence. The oldest of five occurrences is overwritten in place, so nothing here
 * deletes.
 */
export interface ReportWriter {
  /**
   * Stores reports in one transaction.
   * @param groups of different fingerprints
   * @param keepEvents whether the errors that are new or open again are noted for others to deal with
   * @returns what became of each group, in their order
   * @throws when the database cannot take them (locked, full, read-only, out of reach); then none is stored
   */
  record(groups: readonly ReportGroup[], keepEvents: boolean): Promise<RecordedGroup[]>;
}
