import { findClosing, skipBrackets } from './brackets';
import { isParameter, matchEnd, type Name, type Part } from './names-in-texts';
import type { Surroundings } from './surroundings';

const NOTHING =
  /(?:null|none|nil|undefined|<nil>|true|false|\[\s{0,9}\]|\{\s{0,9}\}|\(\s{0,9}\))(?=\s{0,9}(?:$|[,;&)}\]>"'`\\\r\n]))/iy;
const NUMBER = /(?:\\{0,16}["'`])?-?\d{1,15}(?:\.\d{1,15})?(?=\s{0,9}(?:$|[,;&)}\]>"'`\\\r\n]))/y;
const OPENING_QUOTE = /[bur@]?(\\{0,16})(["'`])/iy;
const LETTER = /[\p{L}\p{N}_]/u;
/** What follows a quotation mark or a bracket that closes something. */
const AFTER_CLOSED = /\s{0,9}(?:$|[,;:&)}\]>"'`\\\r\n]|=>)/y;
/** What follows an empty value in quotation marks. */
const AFTER_EMPTY = /\\{0,16}["'`](?:\s{0,9}(?:$|[,;:&)}\]>\\\r\n]|=>)|\s[\p{L}@]{1,100}\s?[:=])/uy;
/** Where blanks, commas and semicolons stand before another name, not in a value. */
const NEXT_PAIR =
  /[,;\s]\s{0,9}[:@]?\\{0,16}["'`]?[\p{L}_$][\p{L}\p{N}_$.-]{0,99}\\{0,16}["'`]?\s?(?:=>|:(?![:/])|=(?![=\s,;&)\]}]|["'`](?:[^\p{L}\p{N}]|$)|$))/uy;
/** Of names and values that hold more names, blanks and commas themselves. */
const WITH_PARAMETERS = /auth|cookie|connection/i;
const SCHEME = /(?:bearer|basic|digest|negotiate|token|hmac|aws4)[ -]/iy;
const KEY_IN_LINES = '-----BEGIN';

/**
 * Where the value that begins at `from` ends. Where it has no quotation marks, that may be seen only from what follows: in
 * doubt it is longer, up to the end of the line.
 * @param isEquals whether an equals sign stands before it
 */
export function findValueEnd(around: Surroundings, name: Name, from: number, isEquals: boolean): Part {
  const { text, isForm } = around;
  if (matchEnd(NOTHING, text, from) >= 0) return { from, to: from };
  if (name.isOfCount && matchEnd(NUMBER, text, from) >= 0) return { from, to: from };
  if (isForm && isEquals) return { from, to: findInForm(text, from) };
  OPENING_QUOTE.lastIndex = from;
  const opening = OPENING_QUOTE.exec(text);
  if (opening !== null) {
    const inner = OPENING_QUOTE.lastIndex;
    const closing = findClosing(text, inner, opening[2] ?? '', opening[1]?.length ?? 0);
    // In `'password='` this mark ends what is around.
    const isOfOuter =
      closing < 0 && matchEnd(AFTER_CLOSED, text, inner) >= 0 && hasBefore(text, opening[2], name);
    const triple = text.startsWith(`${opening[2]}${opening[2]}`, inner) ? (opening[2] ?? '').repeat(3) : '';
    const tripleEnd = triple === '' ? -1 : text.indexOf(triple, inner + 2);
    if (tripleEnd >= 0) return { from: inner + 2, to: tripleEnd };
    // In `"" x` the two are no empty value.
    const isEmpty = closing === inner && matchEnd(AFTER_EMPTY, text, inner) < 0;
    if (isEmpty) return { from, to: findBareEnd(around, name, from, isEquals) };
    return isOfOuter ? { from, to: from } : { from: inner, to: closing < 0 ? text.length : closing };
  }
  if (text.startsWith(KEY_IN_LINES, from)) return { from, to: findKeyEnd(text, from) };
  return { from, to: findBareEnd(around, name, from, isEquals) };
}

function findInForm(text: string, from: number): number {
  const end = text.indexOf('&', from);
  if (end >= 0) return end;
  return /^b?["']/.test(text) && text.endsWith(text.startsWith('b') ? (text[1] ?? '') : (text[0] ?? ''))
    ? Math.max(from, text.length - 1)
    : text.length;
}

function findKeyEnd(text: string, from: number): number {
  const end = text.indexOf('-----END', from);
  const line = end < 0 ? -1 : text.indexOf('-----', end + 8);
  return line < 0 ? text.length : line + 5;
}

function findBareEnd(around: Surroundings, name: Part, from: number, isEquals: boolean): number {
  const { text, firstBracket, isFormLike } = around;
  const isInBrackets =
    firstBracket >= 0 && firstBracket < name.to && !text.slice(firstBracket, name.to).endsWith(']');
  const isInAddress = isEquals && !isFormLike && isParameter(text, name);
  const isWhole =
    (!isEquals && WITH_PARAMETERS.test(text.slice(name.from, name.to))) || matchEnd(SCHEME, text, from) >= 0;
  const endsAtPairs = !isWhole && (isEquals || isInBrackets);
  let start = from;
  if ('([{'.includes(text[from] ?? ' ')) {
    start = skipBrackets(text, from);
    if (matchEnd(AFTER_CLOSED, text, start) >= 0 || (isInBrackets && text[start] === ' ')) return start;
  }
  for (let at = start; at < text.length; at += 1) {
    const character = text[at] ?? '';
    switch (character) {
      case '\n':
      case '\r':
        return at;
      case '&':
      case '#':
        if (isEquals && (character === '&' || isInAddress)) return at;
        break;
      case '%':
        if (isEquals && /^%(?:25){0,4}(?:26|23)/.test(text.slice(at, at + 11)) && isEncoded(text, name))
          return at;
        break;
      case ' ':
      case '\t':
        if (isInAddress) return at;
        if (endsAtPairs && matchEnd(NEXT_PAIR, text, at) >= 0) return at;
        break;
      case ',':
      case ';':
        if (endsAtPairs && matchEnd(NEXT_PAIR, text, at) >= 0) return at;
        break;
      case '(':
      case '[':
      case '{':
        if (!isInAddress) at = skipBrackets(text, at) - 1;
        break;
      case ')':
      case ']':
      case '}':
      case '>':
        if (isInBrackets && (isInAddress || endsOrGoesOn(text, at + 1))) return at;
        break;
      case '"':
      case "'":
      case '`':
        if (closesOuter(text, at, name, isInAddress)) return withoutEscapes(text, at, from);
        break;
    }
  }
  return text.length;
}

/** `%3Ftoken%3Dx%26b%3D1`, an address in another. */
function isEncoded(text: string, { to }: Part): boolean {
  return text[to] === '%';
}

function endsOrGoesOn(text: string, at: number): boolean {
  return text[at] === ' ' || matchEnd(AFTER_CLOSED, text, at) >= 0;
}

/** Whether a quotation mark ends a text that the name stands in, too. */
function closesOuter(text: string, at: number, name: Part, isInAddress: boolean): boolean {
  if (!hasBefore(text, text[at], name)) return false;
  return matchEnd(AFTER_CLOSED, text, at + 1) >= 0 || (isInAddress && !LETTER.test(text[at + 1] ?? ' '));
}

/** Looks no further back than a value can be long, so that many names take no longer. */
function hasBefore(text: string, quote: string | undefined, name: Part): boolean {
  return quote !== undefined && text.slice(Math.max(0, name.from - 1_000), name.from).includes(quote);
}

function withoutEscapes(text: string, at: number, from: number): number {
  let end = at;
  while (end > from && text[end - 1] === '\\') end -= 1;
  return end;
}
