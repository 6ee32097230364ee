import { parse, stringify } from 'lossless-json';

/** Something that could be a number with more digits, or a larger exponent, than a JavaScript number keeps. */
const MAY_LOSE_DIGITS = /[\d.]{16}|[eE][-+]?\d{3}/;

/**
 * Parses JSON so that `toExactJson` writes the same numbers again: 64-bit ids keep their last digits.
 * @throws SyntaxError when it is no JSON
 */
export function parseExactJson(text: string): unknown {
  return MAY_LOSE_DIGITS.test(text) ? parse(text, undefined, { onDuplicateKey: keepLast }) : JSON.parse(text);
}

/** JSON text of a value that may hold numbers of `parseExactJson`. */
export function toExactJson(value: unknown): string {
  return stringify(value) ?? 'null';
}

/** As `JSON.parse` does. */
const keepLast = ({ newValue }: { newValue: unknown }): unknown => newValue;
