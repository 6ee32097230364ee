import { isJsonObject, type JsonObject } from '../../../common/parse-json';
import { toStorable } from '../../../common/storable-text';

/*
 * SDKs of fifteen years wrote events, each in its own way. What is read here is absent when it has a type that says
 * nothing; nothing throws.
 */

/** Ends what was cut. */
export const CUT_MARK = '…';

/** Of names in lists. */
const LONGEST_NAME = 1_000;

/** Largest number that is taken for a line or a column: what 32 bits hold. */
const LARGEST_PLACE = 2_147_483_647;

/**
 * A text as it is, or a number or boolean as text; null for anything else.
 * @example readText(42) // '42'
 */
export function readText(value: unknown, longest: number): string | null {
  if (typeof value === 'string') return toStorable(cutText(value, longest));
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : null;
  return typeof value === 'boolean' ? String(value) : null;
}

/**
 * A text without blanks around it; null when nothing is left.
 * @example readWord(' production\n', 250) // 'production'
 */
export function readWord(value: unknown, longest: number): string | null {
  if (typeof value !== 'string') return readText(value, longest);
  const word = value.trim();
  return word === '' ? null : toStorable(cutText(word, longest));
}

export function readObject(value: unknown): JsonObject | null {
  return isJsonObject(value) ? value : null;
}

/** What several names stand for, as the oldest SDKs wrote the names of interfaces: the first that is there. */
export function firstOf(object: JsonObject, ...names: readonly string[]): unknown {
  for (const name of names) {
    const value = object[name];
    if (value !== undefined && value !== null) return value;
  }
  return undefined;
}

/**
 * A list, however it is wrapped, without its nulls: `[a]`, `{values: [a]}`, `{values: a}` and `a` are the same.
 * @example readList({ values: [null, { type: 'KeyError' }] }) // [{ type: 'KeyError' }]
 */
export function readList(value: unknown): unknown[] {
  const object = readObject(value);
  const list = object && Object.hasOwn(object, 'values') ? object.values : value;
  if (Array.isArray(list)) return list.filter((item) => item !== null);
  return isJsonObject(list) ? [list] : [];
}

/** Names that mean something to JavaScript itself; nothing of the kind is kept. */
export function isUnsafeName(name: string): boolean {
  return name === '__proto__' || name === 'constructor' || name === 'prototype';
}

/**
 * Names with values, from an object or a list of `[name, value]`; names that are no text are left out.
 * @param most no more than so many are read
 */
export function readPairs(value: unknown, most: number): [string, unknown][] {
  const pairs: [string, unknown][] = [];
  const object = readObject(value);
  if (object !== null) {
    for (const name of Object.keys(object)) {
      if (pairs.length >= most) break;
      if (!isUnsafeName(name)) pairs.push([toStorable(cutText(name, LONGEST_NAME)), object[name]]);
    }
  } else if (Array.isArray(value)) {
    for (const item of value as unknown[]) {
      if (pairs.length >= most) break;
      const name = Array.isArray(item) ? readText(item[0], LONGEST_NAME) : null;
      if (name !== null && !isUnsafeName(name)) pairs.push([name, (item as unknown[])[1]]);
    }
  }
  return pairs;
}

/** A line or a column, which count from 1; null for anything else. */
export function readPlace(value: unknown): number | null {
  const number = typeof value === 'string' && /^\d{1,10}$/.test(value) ? Number(value) : value;
  const isPlace =
    typeof number === 'number' && Number.isInteger(number) && number > 0 && number <= LARGEST_PLACE;
  return isPlace ? number : null;
}

export function readBoolean(value: unknown): boolean | null {
  return typeof value === 'boolean' ? value : null;
}

/**
 * Says in `cut` that a text of a part was cut, as `cutText` leaves it.
 * @param part as people read it
 */
export function noteCut(text: string | null, longest: number, part: string, cut: Set<string>): void {
  // One character less where a pair would have been torn.
  if (text !== null && text.length >= longest - 1 && text.endsWith(CUT_MARK)) cut.add(part);
}

/** Characters are UTF-16 units; no pair of them is torn apart. */
export function cutText(text: string, longest: number): string {
  if (text.length <= longest) return text;
  const end = longest - CUT_MARK.length;
  const isTorn = (text.charCodeAt(end - 1) & 0xfc00) === 0xd800;
  return text.slice(0, isTorn ? end - 1 : end) + CUT_MARK;
}
