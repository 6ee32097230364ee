const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPENING_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSING_BRACKET = 0x5d;
const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;

/**
 * The texts of members of a JSON object as they were written, so that no digit of a number is lost. Of several with one
 * name the last counts, as for `JSON.parse`; members of nested objects do not. Takes time in proportion to the text,
 * whatever is in it.
 * @param text a JSON object that `JSON.parse` has accepted; anything else gives nonsense
 * @returns for each of the names that is there its text, without white space around it
 * @example findRawMembers('{"id": 1.50, "extra": [1e400]}', ['id', 'extra']) // Map { id: '1.50', extra: '[1e400]' }
 */
export function findRawMembers<Name extends string>(text: string, names: readonly Name[]): Map<Name, string> {
  const found = new Map<Name, string>();
  let at = text.indexOf('{') + 1;
  for (;;) {
    // Between two members there are only white space and a comma.
    const keyStart = skipTo(text, at, QUOTE, CLOSING_BRACE);
    if (text.charCodeAt(keyStart) !== QUOTE) return found;
    const keyEnd = endOfString(text, keyStart);
    const valueStart = skipWhiteSpace(text, skipTo(text, keyEnd, COLON, COLON) + 1);
    at = endOfValue(text, valueStart);
    const key = readKey(text, keyStart, keyEnd);
    const name = names.find((one) => one === key);
    if (name !== undefined) found.set(name, text.slice(valueStart, at));
  }
}

function readKey(text: string, start: number, end: number): string {
  const key = text.slice(start + 1, end - 1);
  return key.includes('\\') ? (JSON.parse(text.slice(start, end)) as string) : key;
}

/** @returns the place after the last character of the value that starts there */
function endOfValue(text: string, start: number): number {
  const first = text.charCodeAt(start);
  if (first === QUOTE) return endOfString(text, start);
  if (first === OPENING_BRACE || first === OPENING_BRACKET) return endOfNested(text, start);
  let end = start;
  while (end < text.length && !endsScalar(text.charCodeAt(end))) end++;
  return end;
}

/** A quote ends a string unless it is escaped, that is, an odd number of backslashes stands before it. */
function endOfString(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let before = at - 1;
    while (text.charCodeAt(before) === BACKSLASH) before--;
    if ((at - before) % 2 === 1) return at + 1;
  }
  return text.length;
}

function endOfNested(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at) - 1;
    else if (code === OPENING_BRACE || code === OPENING_BRACKET) depth++;
    else if ((code === CLOSING_BRACE || code === CLOSING_BRACKET) && --depth === 0) return at + 1;
  }
  return text.length;
}

function skipTo(text: string, start: number, one: number, other: number): number {
  let at = start;
  while (at < text.length && text.charCodeAt(at) !== one && text.charCodeAt(at) !== other) at++;
  return at;
}

function skipWhiteSpace(text: string, start: number): number {
  let at = start;
  while (isWhiteSpace(text.charCodeAt(at))) at++;
  return at;
}

function endsScalar(code: number): boolean {
  return code === COMMA || code === CLOSING_BRACE || isWhiteSpace(code);
}

function isWhiteSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}
