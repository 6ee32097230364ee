export interface Place {
  file: string;
  line: number;
  column: number | null;
}

const beyondAsciiWhitespace = /\s/;

/** Splits a text into lines. CRLF and LF give the same lines, and a run of empty lines gives one. */
export function splitLines(text: string): string[] {
  const lines: string[] = [];
  let wasEmpty = false;
  for (const written of text.split('\n')) {
    const line = written.endsWith('\r') ? written.slice(0, -1) : written;
    const isEmpty = isBlank(line);
    if (!isEmpty || !wasEmpty) lines.push(isEmpty ? '' : line);
    wasEmpty = isEmpty;
  }
  return lines;
}

/** `line.trim() === ''` without making a string: this runs for every line of every report. */
function isBlank(line: string): boolean {
  for (let index = 0; index < line.length; index += 1) {
    if (!isWhitespace(line.charCodeAt(index))) return false;
  }
  return true;
}

/** What `\s` matches. */
export function isWhitespace(code: number): boolean {
  if (code < 128) return code === 32 || (code >= 9 && code <= 13);
  return beyondAsciiWhitespace.test(String.fromCharCode(code));
}

/**
 * Reads the place at the end of a text, from the right, so that colons in the file do not matter.
 * `http://host:80/a.js:12:3` → `{ file: 'http://host:80/a.js', line: 12, column: 3 }`; null when there is none.
 */
export function parsePlace(text: string): Place | null {
  const last = splitTrailingNumber(text);
  if (last === null) return null;
  const beforeLast = splitTrailingNumber(last.rest);
  if (beforeLast !== null) {
    const line = parseLineNumber(beforeLast.digits);
    return line === null ? null : { file: beforeLast.rest, line, column: parseColumn(last.digits) };
  }
  const line = parseLineNumber(last.digits);
  return line === null ? null : { file: last.rest, line, column: null };
}

/** A line number counts from 1; `0` is what runtimes write for "unknown", and 11 digits are no line. */
export function parseLineNumber(digits: string): number | null {
  const line = parseColumn(digits);
  return line === 0 ? null : line;
}

export function parseColumn(digits: string): number | null {
  return digits.length > 0 && digits.length <= 10 ? Number(digits) : null;
}

/** The digits that start at `from`: `('line 12, in', 5)` → `12`; empty when there are none. */
export function digitsAt(text: string, from: number): string {
  let end = from;
  while (isDigit(text, end)) end += 1;
  return text.slice(from, end);
}

export function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

function splitTrailingNumber(text: string): { rest: string; digits: string } | null {
  let start = text.length;
  while (isDigit(text, start - 1)) start -= 1;
  if (start === text.length || start < 2 || text[start - 1] !== ':') return null;
  return { rest: text.slice(0, start - 1), digits: text.slice(start) };
}

function isDigit(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  return code >= 48 && code <= 57;
}
