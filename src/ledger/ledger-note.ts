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
  /** it came without a key in force: then nothing that its sender chose tells it apart from others of its kind */
  isKeyless?: boolean;
}

/** Notes that are told apart by nothing, as one. */
export interface GatheredNote {
  /** 0 when there is none */
  projectId: number;
  reason: LedgerReason;
  /** the same in those of a project and a reason that are one; empty for all without a key */
  toldApartBy: string;
  /** of the last one; empty when there is none, as the client */
  detail: string;
  client: string;
  n: number;
  firstAtMs: number;
  lastAtMs: number;
}

/** Adds what came to the same. */
export function addTo(known: GatheredNote, { n, firstAtMs, lastAtMs, detail, client }: GatheredNote): void {
  if (lastAtMs >= known.lastAtMs) Object.assign(known, { detail, client });
  known.n = Math.min(known.n + n, Number.MAX_SAFE_INTEGER);
  known.firstAtMs = Math.min(known.firstAtMs, firstAtMs);
  known.lastAtMs = Math.max(known.lastAtMs, lastAtMs);
}

/** Whether it came without a key in force. */
export function isKeyless({ toldApartBy }: GatheredNote): boolean {
  return toldApartBy === '';
}
