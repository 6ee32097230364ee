import { REMOVED } from './scrubber';

const NEVER_IN_LOGINS = `/?#@"'<>`;

/**
 * Takes passwords out of addresses in a text. Linear in its length.
 * @example scrubPasswords('https://me:secret@host, //me:secret@host') // 'https://me:[removed]@host, //me:[removed]@host'
 */
export function scrubPasswords(text: string): string {
  if (!text.includes('@') || !text.includes('//')) return text;
  let scrubbed = '';
  let from = 0;
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    let start = at;
    while (start > from) {
      const character = text[start - 1] ?? '';
      if (character <= ' ' || NEVER_IN_LOGINS.includes(character)) break;
      start -= 1;
    }
    if (!text.startsWith('//', start - 2)) continue;
    const colon = text.slice(start, at).indexOf(':') + start;
    if (colon < start || colon + 1 >= at) continue;
    const end = findLast(text, at);
    scrubbed += text.slice(from, colon + 1) + REMOVED;
    from = end;
    at = end;
  }
  return from === 0 ? text : scrubbed + text.slice(from);
}

/** A password may have an `@` itself: the last one before the host ends it. */
function findLast(text: string, first: number): number {
  let last = first;
  for (let at = first + 1; at < text.length; at += 1) {
    const character = text[at] ?? '';
    if (character === '@') last = at;
    else if (character <= ' ' || NEVER_IN_LOGINS.includes(character) || character === ',') break;
  }
  return last;
}
