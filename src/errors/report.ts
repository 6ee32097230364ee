export const SOURCES = ['browser', 'server'] as const;
export type Source = (typeof SOURCES)[number];

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
}

/** What became of a report: the first of its fingerprint made an error, a later one was counted. */
export interface Recorded {
  status: 'created' | 'existing';
  /** id of the error */
  id: number;
  fingerprint: string;
  /** reports of this error so far, this one included */
  count: number;
}
