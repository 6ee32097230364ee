const LETTER = /[\p{L}\p{N}_]/u;

/**
 * Where the quotation mark that closes a value stands, before its backslashes; -1 in a text that was cut.
 * @param from behind the one that opens it
 * @param escapes how many backslashes stand before that: in JSON in JSON one, in that again three
 */
export function findClosing(text: string, from: number, quote: string, escapes: number): number {
  const unit = 2 * (escapes + 1);
  for (let at = text.indexOf(quote, from); at >= 0; at = text.indexOf(quote, at + 1)) {
    let first = at;
    while (first > from && text[first - 1] === '\\') first -= 1;
    // Of `it's` the mark is none.
    if ((at - first) % unit === escapes && !LETTER.test(text[at + 1] ?? ' ')) return at - escapes;
  }
  return -1;
}

/** Behind the bracket that closes the one at `open`; the end of a text where none does. */
export function skipBrackets(text: string, open: number): number {
  let depth = 0;
  for (let at = open; at < text.length; at += 1) {
    const character = text[at] ?? '';
    if ('([{'.includes(character)) depth += 1;
    else if (')]}'.includes(character)) {
      depth -= 1;
      if (depth === 0) return at + 1;
    } else if ('"\'`'.includes(character) && opensText(text, at)) {
      let first = at;
      while (first > open && text[first - 1] === '\\') first -= 1;
      const closing = findClosing(text, at + 1, character, at - first);
      if (closing < 0) return text.length;
      at = closing + (at - first);
    }
  }
  return text.length;
}

/** Not that of `it's`, but that of `b'x'`. */
function opensText(text: string, at: number): boolean {
  if (!LETTER.test(text[at - 1] ?? ' ')) return true;
  return 'bur'.includes(text[at - 1] ?? '') && !LETTER.test(text[at - 2] ?? ' ');
}
