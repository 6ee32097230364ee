import { tooLarge } from './body-refusals';
import { KEPT_ITEMS, type KeptItem, MOST_BESIDE_EVENT, MOST_TYPES } from './envelope-limits';

export interface EnvelopeItem {
  type: string;
  payload: string;
}

/** What is kept of the items of an envelope, and how many are not. */
export class KeptItems {
  /** complete ones, in their order */
  readonly all: EnvelopeItem[] = [];
  /** how many items of each type were left out */
  readonly leftOut = new Map<string, number>();
  /** about how much memory they hold */
  heldBytes = 0;
  /** of all but the event, in bytes as they came */
  private besideEvent = 0;

  /** Whether the event has come in whole. */
  get hasEvent(): boolean {
    return this.all.some(({ type }) => type === 'event');
  }

  /** Whether an item that begins is to be kept; else it is left out. */
  begin(type: string): boolean {
    // Of several events the first counts.
    const isKept = Object.hasOwn(KEPT_ITEMS, type) && !(type === 'event' && this.hasEvent);
    if (!isKept) this.leaveOut(type);
    return isKept;
  }

  /**
   * Whether an item that is to be kept may be so many bytes; else it is left out.
   * @throws RefusedException 413 when the envelope is refused for it
   */
  hasRoom(type: string, bytes: number): boolean {
    const { mostBytes, isRefused } = KEPT_ITEMS[type] as KeptItem;
    const isTooMuch = type !== 'event' && this.besideEvent + bytes > MOST_BESIDE_EVENT;
    if (bytes <= mostBytes && !isTooMuch) return true;
    if (isRefused && isTooMuch) {
      throw tooLarge(type, `What comes beside the event must be at most ${MOST_BESIDE_EVENT} bytes`);
    }
    if (isRefused) throw tooLarge(type, `The ${type} must be at most ${mostBytes} bytes`);
    this.leaveOut(type);
    return false;
  }

  /** @param bytes of the payload as it came */
  add(type: string, payload: string, bytes: number): void {
    // One character beyond Latin-1 makes all of a text take two bytes each.
    this.heldBytes += bytes === payload.length ? bytes : 2 * payload.length;
    if (type !== 'event') this.besideEvent += bytes;
    this.all.push({ type, payload });
  }

  private leaveOut(type: string): void {
    const named = type === 'event' ? 'second event' : type;
    const name = this.leftOut.has(named) || this.leftOut.size < MOST_TYPES ? named : 'other';
    this.leftOut.set(name, (this.leftOut.get(name) ?? 0) + 1);
  }
}
