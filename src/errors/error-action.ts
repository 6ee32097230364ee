export const ERROR_ACTIONS = ['resolve', 'reopen', 'delete'] as const;

/** What people do to errors. */
export type ErrorAction = (typeof ERROR_ACTIONS)[number];

/** An error that was changed or deleted. */
export interface ChangedError {
  id: number;
  project: string;
}

/** What became of each error that something was done to. */
export interface ActionResult {
  /** those whose state this changed */
  changed: ChangedError[];
  /** ids of those that were in that state already */
  unchanged: number[];
  /** ids that no error has */
  unknown: number[];
}
