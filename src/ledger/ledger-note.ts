import type { LedgerOutcome, LedgerReason } from './ledger-reasons';

/** Something that was refused, cut, left out or lost. */
export interface LedgerNote {
  /** id of the project that was addressed, whether or not there is one; null when none was named */
  projectId: number | null;
  /** that of the reason */
  outcome: LedgerOutcome;
  reason: LedgerReason;
  /** what exactly: a type of item, a field, a sentence; at most 200 characters are kept; never a body */
  detail?: string;
  /** such as `sentry.python/2.68.0`, or a User-Agent; at most 100 characters are kept */
  client: string | null;
  /** how many; 1 unless given */
  quantity?: number;
}

/** Notes that differ in number and time only, as one. */
export interface GatheredNote {
  /** 0 when there is none */
  projectId: number;
  reason: LedgerReason;
  /** empty when there is none, as the client */
  detail: string;
  client: string;
  n: number;
  firstAtMs: number;
  lastAtMs: number;
}

/** Adds what came to the same. */
export function addTo(known: GatheredNote, { n, firstAtMs, lastAtMs }: GatheredNote): void {
  known.n = Math.min(known.n + n, Number.MAX_SAFE_INTEGER);
  known.firstAtMs = Math.min(known.firstAtMs, firstAtMs);
  known.lastAtMs = Math.max(known.lastAtMs, lastAtMs);
}
