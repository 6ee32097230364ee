export const SOURCES = ['browser', 'server'] as const;
export type Source = (typeof SOURCES)[number];

export const LEVELS = ['debug', 'info', 'warning', 'error', 'fatal'] as const;
export type Level = (typeof LEVELS)[number];

/** What a client reported, checked and normalised, whatever protocol it came by. */
export interface Report {
  /** 32 lower-case hex digits. */
  fingerprint: string;
  project: string;
  exceptionType: string;
  message: string;
  traceback: string;
  /** Where it was thrown; null when the traceback names no place. */
  file: string | null;
  line: number | null;
  source: Source;
  requestUrl: string | null;
  requestMethod: string | null;
  /** JSON text. */
  requestHeaders: string | null;
  userId: string | null;
  /** JSON text. */
  extra: string | null;
  receivedAt: Date;
  /** What protocols of events send beside; null for the native API. */
  details: ReportDetails | null;
}

/** What is known of a report that came as an event. */
export interface ReportDetails {
  /** 32 lower-case hex digits; a second report of the project with the same id is the same report sent again */
  eventId: string;
  environment: string | null;
  release: string | null;
  level: Level;
  platform: string | null;
  /** whether the program caught it and went on; null when it does not say */
  handled: boolean | null;
  /** JSON of `[name, value]` pairs that its error can be found by: environment, release, level and user are among them */
  tags: string;
  /** JSON of `OccurrenceContext` */
  context: string;
}

/**
 * What became of a report: the first of its fingerprint made an error, a later one was counted, and one that was stored
 * before, by the id of its event, was left at that.
 */
export interface Recorded {
  status: 'created' | 'existing' | 'repeated';
  /** id of the error; 0 may stand for that of a repeated one */
  id: number;
  fingerprint: string;
  /** reports of this error so far, this one included */
  count: number;
}

/** A boolean as both databases take it in a statement. */
export function toSqlBoolean(value: boolean | null): number | null {
  return value === null ? null : Number(value);
}
