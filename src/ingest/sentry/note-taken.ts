import { parseJson, isJsonObject } from '../../common/parse-json';
import type { Ledger } from '../../ledger/ledger';
import type { LedgerNote } from '../../ledger/ledger-note';
import type { SentryBody } from './body/sentry-bodies';
import { UNKEPT_CATEGORIES } from './unkept-categories';

/** Who sent it, for the ledger. */
export interface Sender {
  projectId: number;
  client: string | null;
}

/** Also what they would have told of what they dropped. */
const OF_NO_CONCERN = [...UNKEPT_CATEGORIES, 'internal'];

/** What is told of one report of a client at most. */
const MOST_DISCARDED = 100;

/** What the ledger is to say of what was not kept of a request, once it was taken. */
export function notesOfLeftOut(sender: Sender, body: SentryBody, leftOut: readonly string[]): LedgerNote[] {
  const notes: LedgerNote[] = [];
  if (body.items.length === 0 && body.leftOut.size === 0) {
    notes.push({ ...sender, outcome: 'ignored', reason: 'no-items' });
  }
  for (const [type, quantity] of body.leftOut) {
    const reason = type === 'second event' ? 'second-event' : 'item-type';
    notes.push({ ...sender, outcome: 'ignored', reason, detail: type, quantity });
  }
  for (const detail of leftOut) notes.push({ ...sender, outcome: 'ignored', reason: 'item-type', detail });
  if (body.brokenOff !== null) {
    notes.push({ ...sender, outcome: 'truncated', reason: 'cut', detail: 'items after the event' });
  }
  for (const { type, payload } of body.items) {
    if (type === 'client_report') notes.push(...notesOfClientReport(sender, payload));
  }
  return notes;
}

/** Puts into the ledger what was cut from a report, or that it was stored before. */
export function noteStored(
  ledger: Ledger,
  sender: Sender,
  cut: readonly string[],
  isRepeated: boolean,
): void {
  if (isRepeated) ledger.note({ ...sender, outcome: 'duplicate', reason: 'event-id' });
  else if (cut.length > 0) {
    ledger.note({ ...sender, outcome: 'truncated', reason: 'cut', detail: cut.join(', ') });
  }
}

/** Puts into the ledger what was said before. @param isNew of each feedback */
export function noteFeedback(ledger: Ledger, sender: Sender, isNew: readonly boolean[]): void {
  for (const one of isNew) {
    if (!one) ledger.note({ ...sender, outcome: 'duplicate', reason: 'event-id', detail: 'feedback' });
  }
}

/** What a client tells of events that it dropped itself, except what it was asked not to send; never throws. */
function notesOfClientReport(sender: Sender, payload: string): LedgerNote[] {
  const notes: LedgerNote[] = [];
  for (const { reason, category, quantity } of readDiscarded(payload)) {
    if (reason === 'ratelimit_backoff' && OF_NO_CONCERN.includes(asText(category))) continue;
    const detail = `${asText(reason)}: ${asText(category)}`;
    const n = typeof quantity === 'number' && quantity > 0 ? quantity : 1;
    notes.push({ ...sender, outcome: 'lost', reason: 'client-report', detail, quantity: n });
  }
  return notes;
}

function readDiscarded(payload: string): Record<string, unknown>[] {
  try {
    const report = parseJson(payload, 'The report');
    const discarded = isJsonObject(report) ? report.discarded_events : null;
    return Array.isArray(discarded) ? discarded.slice(0, MOST_DISCARDED).filter(isJsonObject) : [];
  } catch {
    return [];
  }
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : 'unknown';
}
