/**
 * Writes a tag as one text: the first colon ends the name, in which `\:` is a colon and `\\` a backslash.
 * @example writeTag('a:b', 'c:d') // 'a\\:b:c:d'
 */
export function writeTag(name: string, value: string): string {
  return `${name.replace(/[\\:]/g, '\\$&')}:${value}`;
}

/**
 * Reads what `writeTag` writes, also from who has left out what need not be escaped.
 * @returns null when no colon ends a name; parts may be empty
 */
export function readTag(text: string): [name: string, value: string] | null {
  let name = '';
  for (let at = 0; at < text.length; at++) {
    if (text[at] === ':') return [name, text.slice(at + 1)];
    if (text[at] === '\\' && /[\\:]/.test(text[at + 1] ?? '')) at++;
    name += text.charAt(at);
  }
  return null;
}
