import { digitsAt, parseColumn, parseLineNumber, parsePlace } from './place';
import { isPlaced, toStackTrace, type PlacedFrame, type StackFrame, type StackTrace } from './stack-trace';

const panicMark = 'panicked at ';
const numbered = /^\d{1,6}: /;
const library =
  /^<?(?:std|core|alloc|backtrace|anyhow|eyre|color_eyre|rust_begin_unwind|rust_panic|__rust\w*)(?:::|$)|^_?_?(?:rust_|libc_start)/;

/**
 * Parses a Rust panic, with or without a backtrace, and the backtrace of an error. The place is what the panic names;
 * without a panic the first frame outside of the standard library and of the crates that capture backtraces.
 */
export function parseRust(lines: readonly string[]): StackTrace | null {
  const frames: StackFrame[] = [];
  let panickedAt: PlacedFrame | null = null;
  let isMessageOpen = false;
  for (const line of lines) {
    const text = line.trim();
    if (panickedAt === null) {
      const mark = findPanic(text);
      const rest = mark < 0 ? text : text.slice(mark + panicMark.length);
      if (mark >= 0) isMessageOpen = rest.startsWith("'");
      if (mark >= 0 || isMessageOpen) panickedAt = isMessageOpen ? parseOldPlace(rest) : parseNewPlace(rest);
    }
    collectFrame(frames, text);
  }
  if (panickedAt !== null) return toStackTrace('rust', [panickedAt, ...frames], panickedAt);
  // Names alone (`0: foo`) are any numbered list.
  const own = frames.filter(isPlaced).find((frame) => !isLibrary(frame));
  return own ? toStackTrace('rust', frames, own) : null;
}

/** `thread 'main' panicked at …` or `thread 'main' (1234) panicked at …`; not a message that quotes a panic. */
function findPanic(text: string): number {
  const at = text.indexOf(panicMark);
  const isPanic =
    at === 0 || (at > 0 && /(?:^|\s)thread (?:'|<unnamed>)/.test(text.slice(Math.max(0, at - 300), at)));
  return isPanic ? at : -1;
}

/** From 1.73: `src/main.rs:2:5:` and the message on the next line. */
function parseNewPlace(rest: string): PlacedFrame | null {
  for (let at = rest.indexOf('.rs:'); at >= 0; at = rest.indexOf('.rs:', at + 1)) {
    const digits = digitsAt(rest, at + 4);
    const line = parseLineNumber(digits);
    if (line === null) continue;
    const afterLine = at + 4 + digits.length;
    const column = rest[afterLine] === ':' ? parseColumn(digitsAt(rest, afterLine + 1)) : null;
    return { function: null, file: rest.slice(0, at + 3), line, column };
  }
  return null;
}

/** Until 1.72: `'the message, maybe of many lines', src/main.rs:2:5`. */
function parseOldPlace(rest: string): PlacedFrame | null {
  const quote = rest.lastIndexOf("', ");
  return quote < 0 ? null : parseNewPlace(rest.slice(quote + 3));
}

/** `4: core::option::unwrap` and, on the next line, `at /rustc/…/option.rs:12:5`. */
function collectFrame(frames: StackFrame[], text: string): void {
  if (numbered.test(text)) {
    const name = text.slice(text.indexOf(': ') + 2).trim();
    frames.push({ function: withoutAddress(name), file: null, line: null, column: null });
    return;
  }
  const last = frames.at(-1);
  const place = text.startsWith('at ') ? parsePlace(text.slice(3)) : null;
  if (last?.file === null && place?.file.endsWith('.rs')) Object.assign(last, place);
}

/** `0x55d0c8 - main::f::h0123` → `main::f::h0123`. */
function withoutAddress(name: string): string {
  const dash = name.startsWith('0x') ? name.indexOf(' - ') : -1;
  return dash < 0 ? name : name.slice(dash + 3);
}

function isLibrary(frame: PlacedFrame): boolean {
  return frame.file.startsWith('/rustc/') || library.test(frame.function ?? '');
}
