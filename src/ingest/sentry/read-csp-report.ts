import type { JsonObject } from '../../common/parse-json';
import type { Arrival, ReadEvent } from './arrival';
import type { Scrubber } from './scrubber';
export function readCspReport(
  _b: JsonObject,
  _q: { environment: string | null; release: string | null },
  _a: Arrival,
  _s: Scrubber,
): ReadEvent | null {
  return null;
}
