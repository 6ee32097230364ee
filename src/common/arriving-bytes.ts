import { UnavailableError } from './unavailable';

/** What bodies that are still arriving may hold together: slow clients must not fill the memory. */
const MOST_ARRIVING_BYTES = 16 * 1024 * 1024;
/** Bodies up to this are taken all the same, so that large ones that arrive slowly do not keep out the others. */
const SMALL_BODY_BYTES = 4 * 1024;
/** What a decoder of a compressed body holds. */
export const DECODER_BYTES = 40 * 1024;

/** Counts what bodies hold while they arrive, all of them together. */
export class ArrivingBytes {
  private held = 0;

  /** @param most what they may hold together, in bytes */
  constructor(private readonly most = MOST_ARRIVING_BYTES) {}

  /**
   * Counts so many bytes more; they are released by whoever holds them.
   * @param size of the body as far as it has come
   * @throws UnavailableError when that is too much at once; then they are not counted
   */
  hold(bytes: number, size: number): void {
    const refusal = this.tryToHold(bytes, size);
    if (refusal) throw refusal;
  }

  /** The same, which gives what `hold` throws. */
  tryToHold(bytes: number, size: number): UnavailableError | null {
    if (bytes > 0 && size > SMALL_BODY_BYTES && this.held + bytes > this.most) {
      return new UnavailableError('Too many large bodies are arriving at once; try again in a second', 1);
    }
    this.held += bytes;
    return null;
  }

  release(bytes: number): void {
    this.held -= bytes;
  }
}
