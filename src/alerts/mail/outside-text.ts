/** Colours and cursor movements of terminals (`ESC [ 31 m`), which many frameworks leave in their messages. */
const TERMINAL_SEQUENCE = /\u001b\[[0-9;]*[A-Za-z]/g;

const LINE_BREAK = /\r\n?|[\v\f\u0085\u2028\u2029]/g;

/** Control characters except tab and line feed, and the characters that turn the direction of what follows them. */
const MISLEADING = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

export interface Shortened {
  text: string;
  /** characters that are missing at the end */
  cut: number;
}

/**
 * Makes text from outside harmless to show: every line break is a line feed, terminal sequences are gone, and each
 * control character, bidi override and lone surrogate is a visible U+FFFD.
 * @example toText('\u001b[31mno\r\nway\u202e') // 'no\nway\ufffd'
 */
export function toText(outside: string): string {
  return outside
    .toWellFormed()
    .replace(TERMINAL_SEQUENCE, '')
    .replace(LINE_BREAK, '\n')
    .replace(MISLEADING, '\ufffd');
}

/**
 * `toText` in one line of at most `longest` characters and an ellipsis.
 * @example toLine('  no\n\n way', 4) // 'no w…'
 */
export function toLine(outside: string, longest: number): string {
  return ellipsize(toText(outside).replace(/\s+/g, ' ').trim(), longest);
}

/** `toLine` for a name, which must not vanish: one of blanks alone is shown as `(blank)`. */
export function toName(outside: string, longest: number): string {
  return toLine(outside, longest) || '(blank)';
}

/** Cuts off what is beyond `longest` characters and marks it with an ellipsis. */
export function ellipsize(line: string, longest: number): string {
  const { text, cut } = shorten(line, longest);
  return cut > 0 ? `${text.trimEnd()}…` : text;
}

/** Cuts off what is beyond `longest` characters. Characters are code points, so that an emoji counts once. */
export function shorten(text: string, longest: number): Shortened {
  if (text.length <= longest) return { text, cut: 0 };
  const characters = [...text];
  if (characters.length <= longest) return { text, cut: 0 };
  return { text: characters.slice(0, longest).join(''), cut: characters.length - longest };
}
