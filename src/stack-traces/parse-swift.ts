import { digitsAt, parseLineNumber, parsePlace } from './place';
import {
  findFirstPlaced,
  isPlaced,
  toStackTrace,
  type PlacedFrame,
  type StackFrame,
  type StackTrace,
} from './stack-trace';

const failure = /(?:Fatal error|Precondition failed|Assertion failed)/;
const failureAfterPlace = /: (?:Fatal error|Precondition failed|Assertion failed)(?:: |$)/;
const backtraceLine = /^\d{1,6} /;

/**
 * Parses a Swift trap and its backtrace. The place is what the trap names, else the first frame with a Swift file.
 */
export function parseSwift(lines: readonly string[]): StackTrace | null {
  const frames: StackFrame[] = [];
  let trappedAt: PlacedFrame | null = null;
  for (const line of lines) {
    const text = line.trim();
    const frame = parseFrame(text);
    if (frame !== null) frames.push(frame);
    else if (failure.test(text)) trappedAt ??= parsePlaceBefore(text) ?? parsePlaceBehind(text);
  }
  if (trappedAt !== null) return toStackTrace('swift', [trappedAt, ...frames], trappedAt);
  const thrownAt = findFirstPlaced(frames);
  return thrownAt === null ? null : toStackTrace('swift', frames, thrownAt);
}

/** From 5.4: `Foo/bar.swift:12: Fatal error: message`. */
function parsePlaceBefore(text: string): PlacedFrame | null {
  const at = failureAfterPlace.exec(text)?.index ?? 0;
  const place = parsePlace(text.slice(0, at));
  const frame = place === null ? null : { function: null, ...place };
  return frame !== null && frame.file.endsWith('.swift') && isPlaced(frame) ? frame : null;
}

/** Until 5.3: `Fatal error: message: file Foo/bar.swift, line 12`. */
function parsePlaceBehind(text: string): PlacedFrame | null {
  const fileAt = text.lastIndexOf(': file ');
  const lineAt = text.indexOf(', line ', fileAt);
  if (fileAt < 0 || lineAt < 0) return null;
  const line = parseLineNumber(digitsAt(text, lineAt + 7));
  const file = text.slice(fileAt + 7, lineAt);
  return line === null || !file.endsWith('.swift') ? null : { function: null, file, line, column: null };
}

/** `0 [ra] 0x00005581 divide(_:) + 12 in app at /src/main.swift:3:5`; names may be missing places. */
function parseFrame(text: string): StackFrame | null {
  const address = text.indexOf('0x');
  if (!backtraceLine.test(text) || address < 0) return null;
  const at = text.lastIndexOf(' at ');
  const place = at < 0 ? null : parsePlace(text.slice(at + 4));
  const isSwift = place?.file.endsWith('.swift') ?? false;
  const symbol = text.slice(text.indexOf(' ', address) + 1, isSwift ? at : undefined);
  const name = cutAt(cutAt(symbol, ' in '), ' + ').trim() || null;
  return place !== null && isSwift
    ? { function: name, ...place }
    : { function: name, file: null, line: null, column: null };
}

function cutAt(text: string, mark: string): string {
  const at = text.lastIndexOf(mark);
  return at < 0 ? text : text.slice(0, at);
}
