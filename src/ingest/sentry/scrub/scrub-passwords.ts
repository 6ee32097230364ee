import { REMOVED } from './scrubber';

const ENDS_LOGIN = `/?#@:"'<>[]`;
const ENDS_PASSWORD = `/?#"'<>`;
const ENDS_ADDRESS = /[\s"'<>]/;
/** Of a password with a slash, which may be none. */
const LONGEST_WITH_SLASHES = 200;
const PORT = /^\d{0,5}(?:$|,)/;
/** Longer than what people are called, with a digit. */
const TOKEN = /^(?=[^\d]*\d)[\w.~+=%$-]{17,}$/;

/**
 * Takes passwords out of addresses in a text, and tokens that stand there alone. Linear in its length.
 * @example scrubPasswords('https://me:secret@host, //me:secret@host') // 'https://me:[removed]@host, //me:[removed]@host'
 */
export function scrubPasswords(text: string): string {
  if (!text.includes('@') || !text.includes('//')) return text;
  let scrubbed = '';
  let from = 0;
  for (let at = text.indexOf('//'); at >= 0; at = text.indexOf('//', at)) {
    const start = at + 2;
    const loginEnd = findEnd(text, start, ENDS_LOGIN);
    at = loginEnd === start && text[start] === '/' ? start - 1 : loginEnd;
    let secret = loginEnd;
    let end = -1;
    if (text[loginEnd] === ':') {
      secret = loginEnd + 1;
      end = findPasswordEnd(text, secret);
    } else if (text[loginEnd] === '@' && TOKEN.test(text.slice(start, loginEnd))) {
      secret = start;
      end = loginEnd;
    }
    if (end <= secret) continue;
    scrubbed += text.slice(from, secret) + REMOVED;
    from = end;
    at = end;
  }
  return from === 0 ? text : scrubbed + text.slice(from);
}

/**
 * Where the `@` before the host stands; -1 when there is none. A password may have an `@` itself, then the last one is
 * meant, or a slash, when what stands before that is no port.
 */
function findPasswordEnd(text: string, from: number): number {
  const end = findEnd(text, from, ENDS_PASSWORD);
  const first = text.slice(from, end).indexOf('@');
  if (first >= 0) {
    const comma = text.slice(from + first, end).indexOf(',');
    return text.slice(0, comma < 0 ? end : from + first + comma).lastIndexOf('@');
  }
  if (!'/?#'.includes(text[end] ?? ' ') || PORT.test(text.slice(from, end))) return -1;
  const at = text.slice(end, end + LONGEST_WITH_SLASHES).indexOf('@');
  return at < 0 || ENDS_ADDRESS.test(text.slice(end, end + at)) ? -1 : end + at;
}

/** Where the first blank or one of some characters stands. */
function findEnd(text: string, from: number, characters: string): number {
  let at = from;
  while (at < text.length) {
    const character = text[at] ?? '';
    if (character <= ' ' || characters.includes(character)) break;
    at += 1;
  }
  return at;
}
