export type ErrorChangeKind = 'created' | 'reopened' | 'reported' | 'resolved' | 'deleted';

/** The last thing that happened to an error; that it is new or open again counts for more than a further report. */
export interface ErrorChange {
  id: number;
  project: string;
  kind: ErrorChangeKind;
}

export interface GatheredChanges {
  changes: ErrorChange[];
  /** whether there were more */
  more: boolean;
}
