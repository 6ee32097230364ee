import type { JsonObject } from '../../../common/parse-json';
import { type Bounds, copyValue } from './copy-value';
import type { Scrubber } from '../scrub/scrubber';

const SHORT: Bounds = { longest: 500, members: 50, depth: 4 };
/** Secrets are gone already. */
const NOTHING_SECRET: Scrubber = {
  isSecret: () => false,
  isSecretNumber: () => false,
  findHint: () => null,
};

/**
 * Makes an object small enough by shortening its largest members, and leaving out the largest where that does not help.
 * @param mostBytes of its JSON
 * @returns whether anything was cut
 */
export function fitMembers(object: JsonObject, mostBytes: number): boolean {
  const sizes = Object.keys(object).map((name) => ({ name, bytes: bytesOf(name, object[name]) }));
  let excess = sizes.reduce((sum, { bytes }) => sum + bytes, 2) - mostBytes;
  if (excess <= 0) return false;
  sizes.sort((a, b) => b.bytes - a.bytes);
  for (const size of sizes) {
    if (excess <= 0) break;
    object[size.name] = copyValue(object[size.name], SHORT, NOTHING_SECRET);
    const bytes = bytesOf(size.name, object[size.name]);
    excess -= size.bytes - bytes;
    size.bytes = bytes;
  }
  sizes.sort((a, b) => b.bytes - a.bytes);
  for (const { name, bytes } of sizes) {
    if (excess <= 0) break;
    Reflect.deleteProperty(object, name);
    excess -= bytes;
  }
  return true;
}

/** With quotation marks, colon and comma. */
function bytesOf(name: string, value: unknown): number {
  return Buffer.byteLength(JSON.stringify([name, value])) + 1;
}
