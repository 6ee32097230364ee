import { REMOVED, type Scrubber } from './scrubber';

/** What a name in a query cannot hold, besides blanks; the first four stand before one. */
const BEFORE_NAMES = '?&#;';
const NEVER_IN_NAMES = `="'<>`;
const AFTER_VALUES = `&#;"'<>`;
const NEVER_IN_LOGINS = `/?#@"'<>`;
const LONGEST_NAME = 100;

/**
 * Takes secrets out of addresses, alone or in a text: values of parameters by their names, in query and fragment, and
 * passwords before the host. Linear in the length of the text, and quick where there is nothing of the kind.
 * @example scrubAddress('https://a.example/b?token=1&x=2', scrubber) // 'https://a.example/b?token=[removed]&x=2'
 */
export function scrubAddress(text: string, scrubber: Scrubber): string {
  const address = text.includes('://') ? scrubPasswords(text) : text;
  let scrubbed = '';
  let from = 0;
  for (let at = address.indexOf('='); at >= 0; at = address.indexOf('=', at + 1)) {
    const start = findNameStart(address, at);
    if (start < 0 || !scrubber.isSecret(decode(address.slice(start, at)))) continue;
    const end = findEnd(address, at + 1, AFTER_VALUES);
    if (end === at + 1) continue;
    scrubbed += address.slice(from, at + 1) + REMOVED;
    from = end;
  }
  return from === 0 ? address : scrubbed + address.slice(from);
}

/**
 * The same for a query on its own.
 * @example scrubQuery('a=1&token=2', scrubber) // 'a=1&token=[removed]'
 */
export function scrubQuery(query: string, scrubber: Scrubber): string {
  return scrubAddress(`?${query}`, scrubber).slice(1);
}

/** Where the name before a `=` begins; -1 when what stands there is no parameter. */
function findNameStart(text: string, equals: number): number {
  const first = Math.max(0, equals - LONGEST_NAME - 1);
  for (let index = equals - 1; index >= first; index -= 1) {
    const character = text[index] ?? '';
    if (BEFORE_NAMES.includes(character)) return index + 1 < equals ? index + 1 : -1;
    if (character <= ' ' || NEVER_IN_NAMES.includes(character)) return -1;
  }
  return -1;
}

function findEnd(text: string, from: number, endings: string): number {
  let end = from;
  while (end < text.length) {
    const character = text[end] ?? '';
    if (character <= ' ' || endings.includes(character)) break;
    end += 1;
  }
  return end;
}

/** `https://me:secret@host` → `https://me:[removed]@host` */
function scrubPasswords(text: string): string {
  let scrubbed = '';
  let from = 0;
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    let start = at;
    while (start > from) {
      const character = text[start - 1] ?? '';
      if (character <= ' ' || NEVER_IN_LOGINS.includes(character)) break;
      start -= 1;
    }
    const colon = text.indexOf(':', start);
    if (!text.startsWith('://', start - 3) || colon < 0 || colon + 1 >= at) continue;
    scrubbed += text.slice(from, colon + 1) + REMOVED;
    from = at;
  }
  return from === 0 ? text : scrubbed + text.slice(from);
}

function decode(name: string): string {
  if (!name.includes('%')) return name;
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
