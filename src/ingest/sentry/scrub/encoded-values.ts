import { matchEnd, type Part } from './names-in-texts';

/** As addresses and HTML write it. */
const CLOSING_QUOTE = /%(?:25){0,4}2[27]|&(?:quot|apos|#3[49]|#x2[27]);/iy;
const SEPARATOR =
  /(?:%(?:25){0,4}5d|\])?(?:\s|\+|%(?:25){0,4}20){0,9}(?:%(?:25){0,4}3[ad]|=&gt;|=>|[:=])(?:\s|\+|%(?:25){0,4}20){0,9}/iy;
const NOTHING = /(?:null|none|true|false)(?=$|[\s%&,}\]])/iy;
const OPENING_BRACKET = /%(?:25){0,4}(?:5b|7b)|[[{]/iy;
const CLOSING_BRACKET = /%(?:25){0,4}(?:5d|7d)|[\]}]/gi;
const BARE_END = /%(?:25){0,4}(?:2c|7d|5d|26)|[\s,&}\]"'<>]/gi;

/**
 * The value behind a name in quotation marks that are encoded, as in `%22pin%22%3A%22x%22` and `&quot;pin&quot;:&quot;x&quot;`;
 * null when the name is none of these.
 */
export function findEncoded(text: string, name: Part): Part | null {
  if (text[name.to] !== '%' && text[name.to] !== '&') return null;
  const closed = matchEnd(CLOSING_QUOTE, text, name.to);
  const from = closed < 0 ? -1 : matchEnd(SEPARATOR, text, closed);
  if (from < 0) return null;
  if (matchEnd(NOTHING, text, from) >= 0) return { from, to: from };
  const inner = matchEnd(CLOSING_QUOTE, text, from);
  if (inner >= 0) return { from: inner, to: findQuote(text, inner, text.slice(from, inner)) };
  const ends = matchEnd(OPENING_BRACKET, text, from) < 0 ? BARE_END : CLOSING_BRACKET;
  ends.lastIndex = from;
  return { from, to: ends.exec(text)?.index ?? text.length };
}

/** The next of these quotation marks without a backslash before it. */
function findQuote(text: string, from: number, quote: string): number {
  for (let at = text.indexOf(quote, from); at >= 0; at = text.indexOf(quote, at + 1)) {
    const before = text.slice(Math.max(from, at - 3), at);
    if (!before.endsWith('\\') && !before.toUpperCase().endsWith('%5C')) return at;
  }
  return text.length;
}
