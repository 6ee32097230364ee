import { parseLineNumber, parsePlace } from './place';
import { findFirstPlaced, isPlaced, toStackTrace, type PlacedFrame, type StackTrace } from './stack-trace';

const callerMark = /^(?:\d{1,6}: )?from /;
const withoutFunction = /^([^\s:"'()]+\.(?:rb|ru|rake|erb|haml|slim)):(\d{1,11})(?:: .*)?$/;

/**
 * Parses a Ruby backtrace, in both orders. The place is that of the first frame. Ruby 2.5 to 2.7 on a terminal print
 * it the other way round: callers (`1: from …`) first, the frame that raised last, and it alone has no `from`.
 */
export function parseRuby(lines: readonly string[]): StackTrace | null {
  const frames: PlacedFrame[] = [];
  let isReversed = false;
  let raisedAt: PlacedFrame | null = null;
  for (const line of lines) {
    const text = line.trim();
    const caller = callerMark.exec(text)?.[0] ?? '';
    const frame = parseFrame(text.slice(caller.length), frames.length > 0 || caller !== '');
    if (frame === null) continue;
    frames.push(frame);
    const isNumbered = caller.includes(':');
    if (isNumbered && frames.length === 1) isReversed = true;
    if (isReversed && caller === '') raisedAt ??= frame;
  }
  const thrownAt = isReversed ? (raisedAt ?? frames.at(-1) ?? null) : findFirstPlaced(frames);
  return toStackTrace('ruby', frames, thrownAt);
}

/** ``app/user.rb:12:in `save': failed (RuntimeError)`` (to 3.3) and `app/user.rb:12:in 'User#save'` (from 3.4). */
function parseFrame(text: string, isInside: boolean): PlacedFrame | null {
  const quoted = findQuoted(text);
  if (quoted < 0) return parseWithoutFunction(text, isInside);
  const place = parsePlace(withoutMessage(text.slice(0, quoted)));
  if (place === null || place.column !== null) return null;
  const nameAt = quoted + 5;
  const end = text.indexOf("'", nameAt);
  const frame = { function: text.slice(nameAt, end < 0 ? undefined : end), ...place };
  return isPlaced(frame) ? frame : null;
}

function findQuoted(text: string): number {
  const old = text.indexOf(':in `');
  return old >= 0 ? old : text.indexOf(":in '");
}

/** `from app.rb:3`, or the place of a syntax error (`app.rb:3: syntax error, …`). */
function parseWithoutFunction(text: string, isInside: boolean): PlacedFrame | null {
  if (text.length > 4000) return null;
  const found = withoutFunction.exec(text);
  const line = parseLineNumber(found?.[2] ?? '');
  if (found?.[1] === undefined || line === null) return null;
  const isFrame = isInside || text.includes(': syntax error');
  return isFrame ? { function: null, file: found[1], line, column: null } : null;
}

/** A logger's words before the first frame: `E, [2024] -- : app.rb:3:in …`. */
function withoutMessage(text: string): string {
  return text.slice(text.lastIndexOf(': ') + 1).trim();
}
