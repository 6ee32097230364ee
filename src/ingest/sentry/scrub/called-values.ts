import { matchEnd, type Name, type Part } from './names-in-texts';
import type { Surroundings } from './surroundings';
import { findValueEnd } from './value-ends';

/** What the name of a secret stands behind where it is a value itself. */
const CALLED = /\b(?:name|key)\\{0,16}["'`]?\s{0,9}(?:=>|[:=])\s{0,9}[bu]?\\{0,16}["'`]$/i;
const MEMBER = /(?:^|[\s,;{(<])\\{0,16}["'`:]?val(?:ue)?\\{0,16}["'`]?\s{0,9}(?:=>|[:=])\s{0,20}/i;
const OUTSIDE = /[{}<>]/;
const LONGEST_AFTER = 300;
const LONGEST_BEFORE = 600;
const TAG_BEFORE = /<([\w.:-]{1,50})\s(?:[^<>]{0,100}\s)?(?:name|key)=\\{0,16}["']$/i;
const TAG_END = /(?:\s[^<>]{0,200})?>/y;

/**
 * The value of what is called a secret: `"name":"pin","type":"text","value":"x"`, also with the value in front, and
 * `<property name="pin">x</property>`; null when there is none.
 * @param at behind the quotation mark after the name
 * @param least the value begins no earlier
 */
export function findCalled(around: Surroundings, name: Name, at: number, least: number): Part | null {
  const { text } = around;
  const before = text.slice(Math.max(least, name.from - LONGEST_BEFORE), name.from);
  if (!CALLED.test(before.slice(-80))) return null;
  const after = text.slice(at, at + LONGEST_AFTER).split(OUTSIDE, 1)[0] ?? '';
  return (
    findMember(around, name, after, at) ??
    findMemberBefore(around, name, afterLastBracket(before)) ??
    findContent(text, before.slice(-200), at)
  );
}

/** @param start where the members stand */
function findMember(around: Surroundings, name: Name, members: string, start: number): Part | null {
  const member = MEMBER.exec(members);
  if (member === null) return null;
  const from = start + member.index;
  const to = from + member[0].length;
  return findValueEnd(around, { ...name, from, to }, to, member[0].includes('='));
}

/** Looks no further than up to the name, so that many names take no longer. */
function findMemberBefore(around: Surroundings, name: Name, members: string): Part | null {
  const text = around.text.slice(0, name.from);
  const value = findMember({ ...around, text }, name, members, text.length - members.length);
  return value === null || value.to >= text.length ? null : value;
}

function afterLastBracket(text: string): string {
  return text.slice(Math.max(text.lastIndexOf('{'), text.lastIndexOf('<'), text.lastIndexOf('}')) + 1);
}

function findContent(text: string, before: string, at: number): Part | null {
  const tag = TAG_BEFORE.exec(before)?.[1];
  const from = tag === undefined ? -1 : matchEnd(TAG_END, text, at);
  if (tag === undefined || from < 0) return null;
  const length = text.slice(from, from + LONGEST_BEFORE).indexOf(`</${tag}`);
  return length < 0 ? null : { from, to: from + length };
}
