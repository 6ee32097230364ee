import { parse, stringify } from 'lossless-json';

/**
 * A number, or what looks like one within a text, that JavaScript would write differently: an integer beyond 2^53, more
 * digits than a double has (`time.time()` of Python has fewer), or an exponent (`1e20` would take 21 digits).
 */
const MAY_LOSE_DIGITS = /[:,[]\s*-?(?:\d{16}|\d[\d.]{18}|\d[\d.]*[eE])/;

/** What the numbers of lossless-json become in `JSON.stringify`; a client that sends it as text gets the same text back. */
const MARK_OF_EXACT_NUMBER = '"isLosslessNumber":true';

/**
 * Parses JSON so that `toExactJson` writes the same numbers again: 64-bit ids keep their last digits.
 * @throws SyntaxError when it is no JSON
 */
export function parseExactJson(text: string): unknown {
  return MAY_LOSE_DIGITS.test(text) ? parse(text, undefined, { onDuplicateKey: keepLast }) : JSON.parse(text);
}

/** JSON text of a value that may hold numbers of `parseExactJson`. */
export function toExactJson(value: unknown): string {
  // Nearly no value does, and then this takes a fifth of the time.
  const text = JSON.stringify(value) as string | undefined;
  return (text?.includes(MARK_OF_EXACT_NUMBER) ? stringify(value) : text) ?? 'null';
}

/** As `JSON.parse` does. */
const keepLast = ({ newValue }: { newValue: unknown }): unknown => newValue;
