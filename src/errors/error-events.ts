/** Emitted after the reports that made an error new, or opened it again, have been committed. */
export const ERROR_CREATED = 'error.created';
export const ERROR_REOPENED = 'error.reopened';

export interface ErrorEvent {
  errorId: number;
  project: string;
}
