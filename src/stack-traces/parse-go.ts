import { parseLineNumber } from './place';
import { findFirstPlaced, toStackTrace, type PlacedFrame, type StackTrace } from './stack-trace';

const place = /^(?:\t|\s{2,})?(\S.*\.(?:go|s|c|cc|cpp)):(\d{1,11})(?: \+0x[0-9a-f]+)?$/;
const goroutine = /^goroutine \d+ .*\]:$/;
/** What runs between the statement that failed and the handler that printed the trace. */
const panicCall =
  /^(?:panic|runtime\.(?:gopanic|sigpanic|throw|fatal|fatalthrow|fatalpanic|goPanic\w*|panic\w*))$/;
const machinery = /^(?:runtime\.|runtime\/debug\.|log\.(?:Panic|\(\*Logger\)\.Panic))/;

/**
 * Parses a Go trace: a panic, `debug.Stack()` or `%+v` of an error with a stack. The place is the first frame of the
 * first goroutine (the one that failed) below the last call of `panic`: what stands above it ran because of the panic.
 */
export function parseGo(lines: readonly string[]): StackTrace | null {
  const goroutines: PlacedFrame[][] = [[]];
  let previous = '';
  for (const line of lines) {
    if (line.length < 1000 && goroutine.test(line.trim())) goroutines.push([]);
    const frame = parseFrame(previous, line);
    if (frame !== null) goroutines.at(-1)?.push(frame);
    previous = line;
  }
  const failed = goroutines.find((frames) => frames.length > 0) ?? [];
  return toStackTrace('go', goroutines.flat(), findThrownAt(failed));
}

/** `main.(*Server).run(0xc000010000)` and the line `\t/app/main.go:12 +0x1d` below it are one frame. */
function parseFrame(previous: string, line: string): PlacedFrame | null {
  if (line.length > 4000 || !/^\s/.test(line)) return null;
  const found = place.exec(line.trimEnd());
  const name = toFunctionName(previous.trim());
  const number = parseLineNumber(found?.[2] ?? '');
  if (found?.[1] === undefined || name === null || number === null) return null;
  return { function: name, file: found[1], line: number, column: null };
}

function toFunctionName(written: string): string | null {
  if (written.startsWith('created by ')) return written;
  const open = written.endsWith(')') ? written.lastIndexOf('(') : -1;
  const name = open > 0 ? written.slice(0, open) : written;
  const isName = /^[^\s:]+$/.test(name) && (name.includes('.') || name === 'panic');
  return isName ? name : null;
}

function findThrownAt(frames: readonly PlacedFrame[]): PlacedFrame | null {
  let from = 0;
  frames.forEach((frame, index) => {
    if (panicCall.test(frame.function ?? '')) from = index + 1;
  });
  const below = frames.slice(from);
  return below.find((frame) => !machinery.test(frame.function ?? '')) ?? below[0] ?? findFirstPlaced(frames);
}
