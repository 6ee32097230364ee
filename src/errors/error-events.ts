/** Emitted after the reports that made an error new, or opened it again, have been committed. */
export const ERROR_CREATED = 'error.created';
export const ERROR_REOPENED = 'error.reopened';
/** Emitted after every transaction that stored reports. */
export const REPORTS_COMMITTED = 'reports.committed';

export interface ErrorEvent {
  errorId: number;
  project: string;
}

export interface ReportsCommit {
  reports: number;
  /** how many of them came as events, those included that were stored before */
  events: number;
  /** as the writer thread measured it, from the beginning of the transaction until it was on the disk */
  durationMs: number;
}
