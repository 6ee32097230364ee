const counts = new Intl.NumberFormat('en');
const compactCounts = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

/** `formatCount(1234)` is `1,234`. */
export function formatCount(count: number): string {
  return counts.format(count);
}

/** For narrow columns; `formatCompactCount(1234)` is `1,234`, `formatCompactCount(1234567)` is `1.2M`. */
export function formatCompactCount(count: number): string {
  return (count < 1_000_000 ? counts : compactCounts).format(count);
}

/** `plural(2, 'report')` is `2 reports`. */
export function plural(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** `formatPlace('src/cart.py', 31)` is `src/cart.py:31`; of a long file the end stays; `null` without one. */
export function formatPlace(file: string | null, line: number | null, maxLength = Infinity): string | null {
  if (!file) return null;
  const shown = file.length > maxLength ? `…${file.slice(-maxLength).replace(/^[\uDC00-\uDFFF]/, '')}` : file;
  return line === null ? shown : `${shown}:${line}`;
}

/** What tells a file apart in a list: `shortFile('https://host/assets/cart.js?v=3')` is `assets/cart.js`. */
export function shortFile(file: string): string {
  const path = file.replace(/^[a-z][a-z\d+.-]*:\/\//i, '').replace(/[?#].*$/s, '');
  return path.split(/[/\\]/).filter(Boolean).slice(-2).join('/') || file;
}

/** Cuts a text to `maxLength` UTF-16 units without leaving half a character behind. */
export function shorten(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  return text.slice(0, maxLength).replace(/[\uD800-\uDBFF]$/, '') + '…';
}

/** A text of any size as one line of at most `maxLength` units: `oneLine('a\n  b', 9)` is `a b`. */
export function oneLine(text: string, maxLength: number): string {
  // Twice the length is looked at, so that 100 KB of blanks cost nothing.
  const head = text.trimStart().slice(0, maxLength * 2);
  return shorten(head.replace(/\s+/g, ' ').trim(), maxLength);
}
