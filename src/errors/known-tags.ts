/**
 * As estimated; texts of ASCII alone, as nearly all are, take half of it. The thread that writes has a heap of 96 MB,
 * and a list of 50 long tags takes 40 KB: their number would bound nothing.
 */
const MOST_BYTES = 8 * 1024 * 1024;
const BYTES_OF_CHARACTER = 2;
/** Of a text and its place in a set, and of what is kept for each error: what V8 needs besides the characters. */
const BYTES_OF_TEXT = 100;
const BYTES_OF_ERROR = 300;

/** What is known to be stored, so that it need not be looked at again: a flood is the same few over and over. */
export class KnownTags {
  private readonly ofErrors = new Map<number, Set<string>>();
  private bytes = 0;

  /** @param list JSON of pairs, as in `ReportDetails` */
  hasList(errorId: number, list: string): boolean {
    return this.ofErrors.get(errorId)?.has(list) ?? false;
  }

  /** May forget everything before. */
  addList(errorId: number, list: string): void {
    this.takeRoom(BYTES_OF_TEXT + BYTES_OF_CHARACTER * list.length);
    this.of(errorId).add(list);
  }

  forget(): void {
    this.ofErrors.clear();
    this.bytes = 0;
  }

  private of(errorId: number): Set<string> {
    const known = this.ofErrors.get(errorId) ?? new Set();
    if (known.size === 0) {
      this.ofErrors.set(errorId, known);
      this.bytes += BYTES_OF_ERROR;
    }
    return known;
  }

  private takeRoom(bytes: number): void {
    if (this.bytes + bytes > MOST_BYTES) this.forget();
    this.bytes += bytes;
  }
}
