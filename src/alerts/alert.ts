import type { Level, Source } from '../errors/report';

/** What people are told. */
export type Alert = ErrorAlert | SummaryAlert | TestAlert;

/** An error was reported for the first time, or again after it had been resolved. */
export interface ErrorAlert {
  kind: 'created' | 'reopened';
  error: AlertedError;
}

export interface AlertedError {
  id: number;
  project: string;
  exceptionType: string;
  message: string;
  traceback: string;
  count: number;
  firstSeen: Date;
  lastSeen: Date;
  source: Source;
  /** of the newest occurrence */
  requestMethod: string | null;
  requestUrl: string | null;
  level: Level;
  environment: string | null;
  release: string | null;
}

/** Errors that nobody was told of one by one, since the hourly cap had been reached. */
export interface SummaryAlert {
  kind: 'summary';
  /** how many alerts an hour a recipient gets one by one */
  hourlyCap: number;
  /** when the first of them was held back */
  since: Date;
  /** most first */
  projects: SummarizedProject[];
}

export interface SummarizedProject {
  project: string;
  created: number;
  reopened: number;
  /** the newest of them, at most five */
  newest: Pick<AlertedError, 'id' | 'exceptionType' | 'message'>[];
}

/** Shows that alerts arrive. */
export interface TestAlert {
  kind: 'test';
}
