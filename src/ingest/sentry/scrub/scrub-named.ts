import { isParameter, readNameAround } from './names-in-texts';
import { REMOVED, type Scrubber } from './scrubber';
import type { Surroundings } from './surroundings';
import { findValue } from './values-in-texts';

/** What stands between any name and its value. Texts without it have no secret, and most are such. */
const ANY_SEPARATOR = /[=:,：<]|%(?:25){0,4}3[ad]/i;
const FORM = /^b?["']?[^\s=&;,:<>(){}"']{1,200}=/;

/** `form`: nothing but `&` stands between members; `parameters`: nothing else has secrets. */
export type KindOfText = 'any' | 'form' | 'parameters';

/** Takes out of a text the values of what is a secret by its name. */
export function scrubNamed(text: string, scrubber: Scrubber, kind: KindOfText): string {
  if (kind === 'parameters' ? !text.includes('=') && !text.includes('%') : !ANY_SEPARATOR.test(text))
    return text;
  let hint = scrubber.findHint(text, 0);
  if (hint === null) return text;
  const isFormLike = kind !== 'parameters' && FORM.test(text);
  const around: Surroundings = {
    text,
    isForm: kind === 'form' && isFormLike,
    isFormLike,
    firstBracket: text.search(/[([{<]/),
    lastTag: text.lastIndexOf('</'),
    isMarkup: text.trimStart().startsWith('<'),
  };
  let scrubbed = '';
  let from = 0;
  let next = 0;
  while (hint !== null) {
    // What was part of a name is none of the next one, so that each character is looked at once.
    const name = readNameAround(text, hint, next);
    next = Math.max(name.to, hint[1]);
    const written = decode(text.slice(name.from, name.to));
    const isSought = scrubber.isSecret(written) && (kind !== 'parameters' || isParameter(text, name));
    const isOfCount = isSought && !scrubber.isSecretNumber(written);
    const value = isSought ? findValue(around, { ...name, isOfCount }, from) : null;
    if (value !== null && value.to > value.from) {
      scrubbed += text.slice(from, value.from) + REMOVED;
      from = value.to;
      next = Math.max(next, value.to);
    }
    hint = scrubber.findHint(text, next);
  }
  return from === 0 ? text : scrubbed + text.slice(from);
}

/** Of addresses, `%5B` is a bracket; of JSON in JSON, `\u0061` a letter. Throws nothing, which would take longest. */
function decode(name: string): string {
  const plain = name.includes('\\')
    ? name.replace(/\\{1,16}u([0-9a-f]{4})/gi, (_, code: string) => String.fromCharCode(parseInt(code, 16)))
    : name;
  if (!plain.includes('%')) return plain;
  return plain
    .replace(/%(?:25)+/g, '%')
    .replace(/(?:%[0-9a-f]{2})+/gi, (bytes) => Buffer.from(bytes.replaceAll('%', ''), 'hex').toString());
}
