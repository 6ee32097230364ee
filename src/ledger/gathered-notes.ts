import { toStorable } from '../common/storable-text';
import { addTo, type GatheredNote, type LedgerNote } from './ledger-note';
import type { LedgerReason } from './ledger-reasons';

const LONGEST_DETAIL = 200;
const LONGEST_CLIENT = 100;
/** What a client says that it lost may be any number. */
const LARGEST_QUANTITY = 1_000_000_000;

/**
 * So many different notes of one reason are held: those that anybody can bring about without a key leave room for the
 * others. All of them together take a megabyte.
 */
export const MOST_OF_REASON = 100;

/** Notes that wait to be written; what is the same only counts up. */
export class GatheredNotes {
  private readonly notes = new Map<LedgerReason, Map<string, GatheredNote>>();

  get isEmpty(): boolean {
    return this.notes.size === 0;
  }

  /** Takes a note, unless there are too many others of its reason. @param nowMs since 1970 */
  add(note: LedgerNote, nowMs: number): void {
    this.merge({
      projectId: isId(note.projectId) ? note.projectId : 0,
      reason: note.reason,
      detail: (note.detail ?? missingDetail(note)).slice(0, LONGEST_DETAIL),
      client: (note.client ?? '').slice(0, LONGEST_CLIENT),
      n: toQuantity(note.quantity),
      firstAtMs: nowMs,
      lastAtMs: nowMs,
    });
  }

  /** Takes all of them away. */
  take(): GatheredNote[] {
    const taken = [...this.notes.values()].flatMap((ofReason) => [...ofReason.values()]);
    this.notes.clear();
    return taken;
  }

  /** Takes back what could not be written, as far as there is room. */
  putBack(notes: readonly GatheredNote[]): void {
    for (const note of notes) this.merge(note);
  }

  private merge(note: GatheredNote): void {
    const ofReason = this.notesOf(note.reason);
    const key = `${note.projectId} ${note.detail}\0${note.client}`;
    const known = ofReason.get(key);
    if (known) addTo(known, note);
    else if (ofReason.size < MOST_OF_REASON)
      ofReason.set(key, { ...note, detail: copyOf(note.detail), client: copyOf(note.client) });
  }

  private notesOf(reason: LedgerReason): Map<string, GatheredNote> {
    const known = this.notes.get(reason);
    if (known) return known;
    const made = new Map<string, GatheredNote>();
    this.notes.set(reason, made);
    return made;
  }
}

function isId(projectId: number | null): projectId is number {
  return Number.isSafeInteger(projectId) && (projectId as number) > 0;
}

/** An id that no project has is not stored as one. */
function missingDetail({ reason, projectId }: LedgerNote): string {
  return reason === 'unknown-project' && projectId !== null ? String(projectId) : '';
}

function toQuantity(quantity = 1): number {
  return Math.min(Math.max(Math.trunc(quantity) || 1, 1), LARGEST_QUANTITY);
}

/** A piece of a text keeps all of it in memory, and the text may have been a body. */
function copyOf(text: string): string {
  return toStorable(Buffer.from(text).toString());
}
