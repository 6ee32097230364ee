/** A part of a text: `[from, to)`. */
export interface Part {
  from: number;
  to: number;
}

/** The name of a value. */
export interface Name extends Part {
  /** whether a number is no secret */
  isOfCount: boolean;
}

export const LONGEST_NAME = 100;
const LETTER_BEYOND_ASCII = /[\p{L}\p{N}\p{M}\p{Cs}]/u;
const ESCAPED_LETTER = /\\{1,16}u[0-9a-f]{4}/iy;
/** An equals sign or a quotation mark, encoded. */
const END_IN_ADDRESS = /%(?:25){0,4}(?:3d|2[27])/iy;
const ENCODED = /%(?:25){0,4}(?:3f|26|23)/i;
const IN_QUOTES = /[^\\"'`\r\n:=]{1,100}(?=\\{0,16}["'`])/y;

/**
 * The name around a part of it.
 * @param least it begins no earlier
 */
export function readNameAround(text: string, hint: readonly [from: number, to: number], least: number): Part {
  const first = Math.max(least, hint[0] - LONGEST_NAME);
  let [from, to] = hint;
  while (from > first && isOfName(text, from - 1)) from -= 1;
  const last = to + LONGEST_NAME;
  while (to < last) {
    if (isOfName(text, to) && !(text[to] === '%' && matchEnd(END_IN_ADDRESS, text, to) > 0)) to += 1;
    else if (text[to] === '\\' && matchEnd(ESCAPED_LETTER, text, to) > 0) to = ESCAPED_LETTER.lastIndex;
    else break;
  }
  // `"name with blanks"`
  if (text[to] === ' ' && '"\'`'.includes(text[from - 1] ?? ' '))
    to = Math.max(to, matchEnd(IN_QUOTES, text, to));
  // `\n` in front of a name
  if (from < hint[0] && text[from - 1] === '\\' && 'nrtbf'.includes(text[from] ?? ' ')) from += 1;
  return { from, to };
}

/** Whether it stands in the query or the fragment of an address, also of one in another (`%3Ftoken%3D1`). */
export function isParameter(text: string, { from, to }: Part): boolean {
  return followsMark(text, from) || ENCODED.test(text.slice(from, to));
}

function followsMark(text: string, from: number): boolean {
  const first = Math.max(0, from - LONGEST_NAME);
  for (let at = from - 1; at >= first; at -= 1) {
    const character = text[at] ?? '';
    if ('?&#;'.includes(character)) return true;
    if (character <= ' ' || '="\'<>'.includes(character)) return false;
  }
  return false;
}

/** Where a match at a place of a sticky pattern ends; -1 when there is none. */
export function matchEnd(sticky: RegExp, text: string, at: number): number {
  sticky.lastIndex = at;
  return sticky.test(text) ? sticky.lastIndex : -1;
}

/** Letters, digits, and what stands between them in names of any language. */
function isOfName(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  if (code >= 0x80) return LETTER_BEYOND_ASCII.test(text[at] ?? '');
  const isLetter = (code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a;
  return isLetter || (code >= 0x30 && code <= 0x39) || '_-.$%[]'.includes(text[at] ?? '\n');
}
