const ELLIPSIS = '…';

/** A text for a log line: line breaks, other invisible characters and runs of blanks become one blank each. */
export function toOneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Z}]+/gu, ' ').trim();
}

/** At most `max` UTF-16 code units; a text that is cut ends in an ellipsis, never in half a character. */
export function cutText(text: string, max: number): string {
  return escapeWithin(text, max, (character) => character);
}

/**
 * Escapes a text character by character for as long as the result has room, so that no escape is cut in two.
 * @param max UTF-16 code units of the result
 * @example escapeWithin('a<b', 5, (c) => (c === '<' ? '&lt;' : c)) // 'a…'
 */
export function escapeWithin(text: string, max: number, escape: (character: string) => string): string {
  let escaped = '';
  let lengthBesideEllipsis = 0;
  for (const character of text) {
    const next = escape(character);
    if (escaped.length + next.length > max) return escaped.slice(0, lengthBesideEllipsis) + ELLIPSIS;
    escaped += next;
    if (escaped.length < max) lengthBesideEllipsis = escaped.length;
  }
  return escaped;
}

/** The beginning, at most `maxBytes` of UTF-8 with the ellipsis that marks the cut. */
export function cutBytes(text: string, maxBytes: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= maxBytes) return text;
  return bytes.toString('utf8', 0, startOfCharacter(bytes, maxBytes - ELLIPSIS_BYTES)) + ELLIPSIS;
}

/**
 * The beginning and the end, about `maxBytes` of UTF-8, with a line between them that says how much is missing: the
 * frame that threw comes first in some languages and last in others.
 */
export function cutMiddle(text: string, maxBytes: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= maxBytes) return text;
  const half = Math.floor((maxBytes - MIDDLE_MARK_BYTES) / 2);
  const head = startOfCharacter(bytes, half);
  const tail = startOfCharacter(bytes, bytes.length - half);
  return (
    `${bytes.toString('utf8', 0, head)}\n${ELLIPSIS} ${tail - head} bytes left out ${ELLIPSIS}\n` +
    bytes.toString('utf8', tail)
  );
}

const ELLIPSIS_BYTES = Buffer.byteLength(ELLIPSIS);

/** room for the line of `cutMiddle` */
const MIDDLE_MARK_BYTES = 40;

/** The last position up to `index` that does not split a character. */
function startOfCharacter(bytes: Buffer, index: number): number {
  let start = index;
  while (start > 0 && ((bytes[start] ?? 0) & 0xc0) === 0x80) start -= 1;
  return start;
}
