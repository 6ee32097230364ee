/**
 * As estimated; texts of ASCII alone, as nearly all are, take half of it. The thread that writes has a heap of 96 MB,
 * and a list of 50 long tags takes 40 KB: their number would bound nothing.
 */
const MOST_BYTES = 8 * 1024 * 1024;
const BYTES_OF_CHARACTER = 2;
/** Of a text and its place in a set or map, and of what is kept for each error: what V8 needs besides the characters. */
const BYTES_OF_TEXT = 100;
const BYTES_OF_ERROR = 400;

interface KnownOfError {
  lists: Set<string>;
  /** how many values are stored, by name */
  counts: Map<string, number>;
  /** of all names, undefined when that is not known */
  total?: number;
}

/** What is known to be stored, so that it need not be looked at again: a flood is the same few over and over. */
export class KnownTags {
  private readonly ofErrors = new Map<number, KnownOfError>();
  private bytes = 0;

  /** @param list JSON of pairs, as in `ReportDetails` */
  hasList(errorId: number, list: string): boolean {
    return this.ofErrors.get(errorId)?.lists.has(list) ?? false;
  }

  /** May forget everything before, as may `setCount` and `setTotal`. */
  addList(errorId: number, list: string): void {
    this.takeRoomFor(list);
    this.of(errorId).lists.add(list);
  }

  /** @returns how many values of the name are stored, undefined when that is not known */
  countOf(errorId: number, name: string): number | undefined {
    return this.ofErrors.get(errorId)?.counts.get(name);
  }

  setCount(errorId: number, name: string, count: number): void {
    if (this.countOf(errorId, name) === undefined) this.takeRoomFor(name);
    this.of(errorId).counts.set(name, count);
  }

  /** @returns how many values of all names are stored, undefined when that is not known */
  totalOf(errorId: number): number | undefined {
    return this.ofErrors.get(errorId)?.total;
  }

  setTotal(errorId: number, total: number): void {
    this.of(errorId).total = total;
  }

  forget(): void {
    this.ofErrors.clear();
    this.bytes = 0;
  }

  private of(errorId: number): KnownOfError {
    const known = this.ofErrors.get(errorId);
    if (known) return known;
    this.takeRoom(BYTES_OF_ERROR);
    const nothing: KnownOfError = { lists: new Set(), counts: new Map() };
    this.ofErrors.set(errorId, nothing);
    return nothing;
  }

  private takeRoomFor(text: string): void {
    this.takeRoom(BYTES_OF_TEXT + BYTES_OF_CHARACTER * text.length);
  }

  private takeRoom(bytes: number): void {
    if (this.bytes + bytes > MOST_BYTES) this.forget();
    this.bytes += bytes;
  }
}
