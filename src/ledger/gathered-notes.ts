import { toStorable } from '../common/storable-text';
import { addTo, type GatheredNote, isKeyless, type LedgerNote } from './ledger-note';

const LONGEST_DETAIL = 200;
const LONGEST_CLIENT = 100;
/** What a client says that it lost may be any number. */
const LARGEST_QUANTITY = 1_000_000_000;

/** Of one project and reason so many different notes are held, twice what is kept of them. */
export const MOST_OF_GROUP = 20;
/** For so many projects and reasons notes are held; what comes without a key leaves half of that to the others. */
export const MOST_GROUPS = 5_000;

/** Notes that wait to be written; what is the same only counts up. */
export class GatheredNotes {
  /** by project and reason */
  private readonly groups = new Map<string, Map<string, GatheredNote>>();

  get isEmpty(): boolean {
    return this.groups.size === 0;
  }

  /** Takes a note; where there are too many others of its project and reason, the oldest of them goes. @param nowMs since 1970 */
  add(note: LedgerNote, nowMs: number): void {
    const detail = copyOf((note.detail ?? '').slice(0, LONGEST_DETAIL));
    const client = copyOf((note.client ?? '').slice(0, LONGEST_CLIENT));
    this.merge({
      projectId: isId(note.projectId) ? note.projectId : 0,
      reason: note.reason,
      toldApartBy: note.isKeyless ? '' : JSON.stringify([detail, client]),
      detail,
      client,
      n: toQuantity(note.quantity),
      firstAtMs: nowMs,
      lastAtMs: nowMs,
    });
  }

  /** Takes all of them away. */
  take(): GatheredNote[] {
    const taken = [...this.groups.values()].flatMap((group) => [...group.values()]);
    this.groups.clear();
    return taken;
  }

  /** Takes back what could not be written, as far as there is room. */
  putBack(notes: readonly GatheredNote[]): void {
    for (const note of notes) this.merge(note);
  }

  private merge(note: GatheredNote): void {
    const group = this.findGroup(note);
    const known = group?.get(note.toldApartBy);
    if (known) addTo(known, note);
    else if (group) {
      group.set(note.toldApartBy, { ...note });
      if (group.size > MOST_OF_GROUP) dropOldest(group);
    }
  }

  /** Undefined when there are too many others. */
  private findGroup(note: GatheredNote): Map<string, GatheredNote> | undefined {
    const key = `${note.projectId} ${note.reason}`;
    const known = this.groups.get(key);
    if (known || this.groups.size >= (isKeyless(note) ? MOST_GROUPS / 2 : MOST_GROUPS)) return known;
    const made = new Map<string, GatheredNote>();
    this.groups.set(key, made);
    return made;
  }
}

/** What came without a key is one, and stays. */
function dropOldest(group: Map<string, GatheredNote>): void {
  const keyed = [...group.values()].filter((note) => !isKeyless(note));
  const oldest = keyed.reduce((left, right) => (right.lastAtMs < left.lastAtMs ? right : left));
  group.delete(oldest.toldApartBy);
}

function isId(projectId: number | null): projectId is number {
  return Number.isSafeInteger(projectId) && (projectId as number) > 0;
}

function toQuantity(quantity = 1): number {
  return Math.min(Math.max(Math.trunc(quantity) || 1, 1), LARGEST_QUANTITY);
}

/** A piece of a text keeps all of it in memory, and the text may have been a body. */
function copyOf(text: string): string {
  return toStorable(Buffer.from(text).toString());
}
