import type { Report } from './report';
import { errorKey } from './report-group';

const MOST_BYTES = 4 * 1024 * 1024;
const BYTES_OF_CHARACTER = 2;
/** Of a key and its place in the map. */
const BYTES_OF_ENTRY = 100;

/**
 * Which errors are known to take no more values of a name, or none at all: they need not be counted again. Replicas do
 * not tell each other. An error that is deleted makes room in another one, so its id goes with what is known.
 */
export class FullTags {
  private readonly ids = new Map<string, number>();
  private bytes = 0;

  /** @returns id of the error that takes no more, null when that is not known */
  find(report: Report, name: string): number | null {
    if (this.ids.size === 0) return null;
    return this.ids.get(keyOf(report, name)) ?? this.ids.get(keyOf(report, null)) ?? null;
  }

  /**
   * May forget everything before.
   * @param name null for all names
   */
  add(report: Report, name: string | null, errorId: number): void {
    const key = keyOf(report, name);
    const bytes = BYTES_OF_ENTRY + BYTES_OF_CHARACTER * key.length;
    if (this.bytes + bytes > MOST_BYTES) {
      this.ids.clear();
      this.bytes = 0;
    }
    this.ids.set(key, errorId);
    this.bytes += bytes;
  }
}

/** No name is empty. */
function keyOf(report: Report, name: string | null): string {
  return `${errorKey(report)}\n${name ?? ''}`;
}
