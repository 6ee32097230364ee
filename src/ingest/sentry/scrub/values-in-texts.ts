import { findCalled } from './called-values';
import { findEncoded } from './encoded-values';
import { LONGEST_NAME, matchEnd, type Name, type Part } from './names-in-texts';
import type { Surroundings } from './surroundings';
import { findValueEnd } from './value-ends';

const CLOSING_QUOTE = /\\{0,16}["'`]/y;
const SEPARATOR = /[ \t]{0,9}(?:=>|:=|={1,3}|:(?!:|\/\/)|：|%(?:25){0,4}3d)[ \t]{0,20}/iy;
const SEPARATOR_OF_QUOTED = /\s{0,20}(?:=>|:=|={1,3}|:(?!:)|：)\s{0,20}/y;
/** `name: 'password', value: 'x'` */
const VALUE_MEMBER = /[,;\s]\s{0,20}\\{0,16}["'`:]?val(?:ue)?\\{0,16}["'`]?\s{0,9}(?:=>|[:=])\s{0,20}/iy;
/** PHP writes `s:3:"pin";s:1:"x"`. */
const COMMA = /\s{0,20}(?:,\s{0,20}|;s:\d{1,9}:)/y;
const QUOTED = /[bur]?\\{0,16}["'`]/iy;
const OPENED_BEFORE = /[[({]\s{0,20}[bu]?\\{0,16}["'`]$/i;
const IS_ANOTHER_NAME = /\\{0,16}["'`]?\s{0,9}[:=]/y;
const IN_BRACKET = /\[\\{0,16}["']$/;
const END_OF_MEMBER = /:(?:[\w\\]{1,200}:)?(?:protected|private)\]/y;
const END_OF_QUOTED_MEMBER = /(?::(?:\\{0,16}["'][\w\\]{1,200}["']:)?(?:protected|private))?\]/y;
const TYPE_OF_MEMBER = /string\(\d{1,9}\)\s{1,9}(?=\\{0,16}")/y;
const ELEMENT_BEFORE = /<(?:[\w.-]{1,50}:)?$/;
const ELEMENT_END = /(?:\s[^<>]{0,500})?>/y;
const NAME_OF_PART = /\bname=\\{0,16}["']?$/i;
const PART_BEFORE = /form-data[^\r\n]*$/i;
// From the first of many backslashes only, or each of them would be one to start from.
const BLANK_LINE = /(?:\r?\n|(?<!\\)(?:\\{1,16}r)?\\{1,16}n){2}/;
const BOUNDARY = /(?:\r?\n|(?<!\\)(?:\\{1,16}r)?\\{1,16}n)--/g;
/** Headers of a part of a form. */
const LONGEST_HEADERS = 600;
/** Of a closing tag that does not come, so many others are looked at. */
const MOST_TAGS = 20;

/**
 * The value that belongs to a name in a text; null when there is none.
 * @param least it begins no earlier
 */
export function findValue(around: Surroundings, name: Name, least: number): Part | null {
  const { text } = around;
  const encoded = findEncoded(text, name);
  if (encoded !== null) return encoded;
  const quoteEnd = matchEnd(CLOSING_QUOTE, text, name.to);
  const isQuoted = quoteEnd >= 0;
  const at = isQuoted ? quoteEnd : name.to;
  const member = findMemberOfPhp(around, name, at, isQuoted);
  if (member !== null) return member;
  const separated = matchEnd(isQuoted ? SEPARATOR_OF_QUOTED : SEPARATOR, text, at);
  if (separated >= 0) return toPart(around, name, separated, text.slice(at, separated));
  const before = text.slice(Math.max(0, name.from - 200), name.from);
  if (NAME_OF_PART.test(before.slice(-24)) && PART_BEFORE.test(before)) return findPartOfForm(text, at);
  const value = matchEnd(VALUE_MEMBER, text, at);
  if (value >= 0) return toPart(around, name, value, ':');
  if (!isQuoted) return ELEMENT_BEFORE.test(before.slice(-60)) ? findElement(around, name) : null;
  return (
    findCalled(around, name, at, least) ?? findSecond(around, name, at, OPENED_BEFORE.test(before.slice(-24)))
  );
}

/** `[password:protected] => x` of `print_r`, `["password"]=> string(1) "x"` of `var_dump`. */
function findMemberOfPhp(around: Surroundings, name: Name, at: number, isQuoted: boolean): Part | null {
  const { text } = around;
  if (text[at] !== ':' && text[at] !== ']') return null;
  if (isQuoted && !IN_BRACKET.test(text.slice(Math.max(0, name.from - 18), name.from))) return null;
  const to = matchEnd(isQuoted ? END_OF_QUOTED_MEMBER : END_OF_MEMBER, text, at);
  const separated = to < 0 ? -1 : matchEnd(SEPARATOR_OF_QUOTED, text, to);
  if (separated < 0) return null;
  const typed = matchEnd(TYPE_OF_MEMBER, text, separated);
  return toPart(around, { ...name, to }, typed < 0 ? separated : typed, text.slice(to, separated));
}

function toPart(around: Surroundings, name: Name, from: number, separator: string): Part {
  return findValueEnd(around, name, from, separator.includes('=') || separator.includes('%'));
}

/** `('password', 'x')`: what follows up to the bracket. Where names and values take turns without one, only what follows. */
function findSecond(around: Surroundings, name: Name, at: number, isOpened: boolean): Part | null {
  const from = matchEnd(COMMA, around.text, at);
  if (from < 0 || (!isOpened && matchEnd(QUOTED, around.text, from) < 0)) return null;
  const second = findValueEnd(around, name, from, false);
  // What is longer is a value in any case, or it would be read again for the next name.
  const mayBeName = second.to - from <= LONGEST_NAME;
  return mayBeName && matchEnd(IS_ANOTHER_NAME, around.text, second.to) >= 0 ? null : second;
}

/** `name="password"`, a blank line, and all up to the boundary. */
function findPartOfForm(text: string, at: number): Part | null {
  const blank = BLANK_LINE.exec(text.slice(at, at + LONGEST_HEADERS));
  if (blank === null) return null;
  const from = at + blank.index + blank[0].length;
  BOUNDARY.lastIndex = from;
  return { from, to: BOUNDARY.exec(text)?.index ?? text.length };
}

/** `<password>x</password>` */
function findElement({ text, isMarkup, lastTag }: Surroundings, name: Name): Part | null {
  const from = matchEnd(ELEMENT_END, text, name.to);
  if (from < 0) return null;
  if (from > lastTag) return isMarkup ? { from, to: text.length } : null;
  const written = text.slice(name.from, name.to);
  let to = lastTag;
  for (let looked = 0, at = text.indexOf('</', from); at >= 0 && looked < MOST_TAGS; looked += 1) {
    to = at;
    const tag = text.slice(at + 2, at + 60 + written.length).split('>', 1)[0] ?? '';
    if (tag === written || tag.endsWith(`:${written}`)) break;
    at = text.indexOf('</', at + 2);
  }
  return { from, to };
}
