import { isJsonObject, type JsonObject } from '../../../common/parse-json';
import { toStorable } from '../../../common/storable-text';
import { type Budget, exceed, mayCopy, spend, spendName } from './budget';
import { CUT_MARK, cutText, isUnsafeName } from './read-values';
import { scrubText } from '../scrub/scrub-text';
import { REMOVED, type Scrubber } from '../scrub/scrubber';

/** How much of a value is kept. */
export interface Bounds {
  /** of texts */
  longest: number;
  /** of each object and list */
  members: number;
  /** of objects and lists in each other */
  depth: number;
  /** of an event altogether */
  budget?: Budget;
}

const LONGEST_NAME = 200;
/** A name with a value, and perhaps something about it. */
const LONGEST_NAMED = 3;
const NAME = /^(?:name|key)$/i;
const VALUE = /^val(?:ue)?$/i;

/**
 * A copy of what a client sent, without secrets and what no database takes, and no larger than the bounds say; what was
 * cut ends in `…`.
 */
export function copyValue(value: unknown, bounds: Bounds, scrubber: Scrubber, depth = bounds.depth): unknown {
  const { budget, longest } = bounds;
  const characters = typeof value === 'string' ? Math.min(value.length, longest) : 0;
  if (budget !== undefined && !spend(budget, characters)) return CUT_MARK;
  if (typeof value === 'string') {
    if (value.length > longest) exceed(budget);
    return copyText(value, longest, scrubber);
  }
  if (typeof value !== 'object' || value === null) return value;
  if (depth <= 0) {
    exceed(budget);
    return CUT_MARK;
  }
  if (Array.isArray(value)) return copyList(value, bounds, scrubber, depth);
  return isJsonObject(value) ? copyMembers(value, bounds, scrubber, depth) : null;
}

/** The same for an object; null when it has no members, or there is no room for any. */
export function copyObject(value: unknown, bounds: Bounds, scrubber: Scrubber): JsonObject | null {
  if (!isJsonObject(value) || (bounds.budget !== undefined && !mayCopy(bounds.budget, value))) return null;
  const copy = copyMembers(value, bounds, scrubber, bounds.depth);
  return Object.keys(copy).length === 0 ? null : copy;
}

export function copyText(text: string, longest: number, scrubber: Scrubber): string {
  return toStorable(scrubText(cutText(text, longest), scrubber));
}

/** What comes with the name of a secret, in a header or a cookie for example, is scrubbed like a member. */
function copyList(list: readonly unknown[], bounds: Bounds, scrubber: Scrubber, depth: number): unknown[] {
  const kept = list.length > bounds.members ? list.slice(0, bounds.members) : list;
  const isNamed = list.length <= LONGEST_NAMED;
  const takesTurns = list.length % 2 === 0 && kept.every((item) => typeof item === 'string');
  const copy = kept.map((item, place) => {
    const isRemoved =
      (isNamed && place > 0 && isSecretOf(list[0], item, scrubber)) ||
      (takesTurns && place % 2 === 1 && isSecretOf(list[place - 1], item, scrubber));
    return isRemoved ? REMOVED : copyValue(item, bounds, scrubber, depth - 1);
  });
  if (kept.length < list.length) {
    exceed(bounds.budget);
    copy.push(`${list.length - kept.length} more ${CUT_MARK}`);
  }
  return copy;
}

function copyMembers(object: JsonObject, bounds: Bounds, scrubber: Scrubber, depth: number): JsonObject {
  const copy: JsonObject = {};
  const names = Object.keys(object);
  const { budget } = bounds;
  let kept = 0;
  for (const name of names) {
    if (isUnsafeName(name)) continue;
    if (kept >= bounds.members || (budget !== undefined && !spendName(budget, name))) {
      exceed(budget);
      copy[CUT_MARK] = `${names.length - kept} more ${CUT_MARK}`;
      break;
    }
    const value = object[name];
    const isRemoved =
      isSecretValue(name, value, scrubber) ||
      (VALUE.test(name) && isCalledSecret(object, names, value, scrubber));
    copy[toStorable(cutText(name, LONGEST_NAME))] = isRemoved
      ? REMOVED
      : copyValue(value, bounds, scrubber, depth - 1);
    kept += 1;
  }
  return copy;
}

/** Of a member `value`: whether it is called a secret, as in `{ name, value }`. */
function isCalledSecret(
  object: JsonObject,
  names: readonly string[],
  value: unknown,
  scrubber: Scrubber,
): boolean {
  return names.some((name) => NAME.test(name) && isSecretOf(object[name], value, scrubber));
}

function isSecretOf(name: unknown, value: unknown, scrubber: Scrubber): boolean {
  return typeof name === 'string' && name.length <= LONGEST_NAME && isSecretValue(name, value, scrubber);
}

/** Nothing, yes and no are secrets under no name, and numbers not where they count something. */
function isSecretValue(name: string, value: unknown, scrubber: Scrubber): boolean {
  if (value === null || value === '' || typeof value === 'boolean') return false;
  return scrubber.isSecret(name) && (typeof value !== 'number' || scrubber.isSecretNumber(name));
}
