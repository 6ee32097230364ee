import { REMOVED, type Scrubber } from './scrubber';

const LONGEST_NAME = 100;
const QUOTES = `"'`;
const AFTER_VALUES = ',;}])"\'';
/** What is an object itself is looked through instead, and what is nothing is no secret. */
const NO_SECRET = /^(?:[{[(]|""|''|null\b|None\b|nil\b|undefined\b)/;

/**
 * Takes secrets out of the text of an object, as JSON or as languages print it, also when it was cut in the middle. Other
 * texts are left alone. Linear in the length of the text.
 * @example scrubMembers("{'user': 'ada', 'password': 'x'}", scrubber) // "{'user': 'ada', 'password': '[removed]'}"
 */
export function scrubMembers(text: string, scrubber: Scrubber): string {
  if (text === '' || !'{[('.includes(text[0] ?? '')) return text;
  let scrubbed = '';
  let from = 0;
  for (let at = 1; at < text.length; at += 1) {
    const character = text[at];
    if (character !== ':' && character !== '=') continue;
    const name = findName(text, at);
    if (name === '' || !scrubber.isSecret(name)) continue;
    // `"name" => value`
    const start = skipBlanks(text, text[at + 1] === '>' ? at + 2 : at + 1);
    if (start >= text.length || NO_SECRET.test(text.slice(start, start + 10))) continue;
    const quote = QUOTES.includes(text[start] ?? '') ? (text[start] ?? '') : '';
    scrubbed += `${text.slice(from, start)}${quote}${REMOVED}${quote}`;
    from = quote === '' ? findEnd(text, start) : findClosing(text, start, quote);
    at = from - 1;
  }
  return from === 0 ? text : scrubbed + text.slice(from);
}

/** The name that stands before a colon or an equals sign, with or without quotation marks; empty when none does. */
function findName(text: string, separator: number): string {
  let end = separator;
  while (end > 0 && text[end - 1] === ' ' && separator - end < 5) end -= 1;
  const last = text[end - 1] ?? '';
  const isQuoted = QUOTES.includes(last);
  if (isQuoted) end -= 1;
  const first = Math.max(0, end - LONGEST_NAME);
  let start = end;
  while (start > first && (isQuoted ? text[start - 1] !== last : isOfName(text.charCodeAt(start - 1))))
    start -= 1;
  return text.slice(start, end);
}

/** ASCII letters, digits, `_`, `-` and `$` */
function isOfName(code: number): boolean {
  const isLetter = (code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a;
  return isLetter || (code >= 0x30 && code <= 0x39) || code === 0x5f || code === 0x2d || code === 0x24;
}

function skipBlanks(text: string, from: number): number {
  let at = from;
  while (text[at] === ' ') at += 1;
  return at;
}

function findEnd(text: string, from: number): number {
  let end = from;
  while (end < text.length && !AFTER_VALUES.includes(text[end] ?? '')) end += 1;
  return end;
}

/** Behind the quotation mark that closes a value; a text that was cut has none. */
function findClosing(text: string, open: number, quote: string): number {
  for (let at = open + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === quote) return at + 1;
  }
  return text.length;
}
