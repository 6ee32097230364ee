import { digitsAt, parseLineNumber, parsePlace } from './place';
import {
  findFirstPlaced,
  frameWithoutPlace,
  isPlaced,
  toStackTrace,
  type PlacedFrame,
  type StackFrame,
  type StackTrace,
} from './stack-trace';

const numbered = /^#\d{1,6} /;

/**
 * Parses a PHP trace. The place is what the text says about where the exception was thrown, because its own frames
 * begin with the caller: `in F:N` before `Stack trace:` (the first one; PHP prints a previous exception first), `at F:N`
 * (Laravel, Symfony) or `in F on line N`. A bare `getTraceAsString()` has only frames: then the first with a place.
 */
export function parsePhp(lines: readonly string[]): StackTrace | null {
  const frames: StackFrame[] = [];
  let thrownAt: PlacedFrame | null = null;
  let reportedAt: PlacedFrame | null = null;
  for (const [index, written] of lines.entries()) {
    const line = written.trim();
    if (numbered.test(line)) {
      const frame = parseFrame(line);
      if (frame !== null) frames.push(frame);
      continue;
    }
    const next = lines[index + 1]?.trim().toLowerCase() ?? '';
    const isBeforeTrace = next === 'stack trace:' || next === '[stacktrace]' || numbered.test(next);
    if (isBeforeTrace) thrownAt ??= findPlace(line, [' in ', ' at ']);
    reportedAt ??= parseOnLine(line);
  }
  const place = thrownAt ?? reportedAt;
  if (place !== null) return toStackTrace('php', [place, ...frames], place);
  return toStackTrace('php', frames, findFirstPlaced(frames));
}

/** `#0 /app/User.php(12): User->save('x')`; `#1 [internal function]: f()` and `#2 {main}` have no place. */
function parseFrame(line: string): StackFrame | null {
  const text = line.slice(line.indexOf(' ') + 1);
  if (text === '{main}') return frameWithoutPlace(text);
  if (text.startsWith('[internal function]: ')) return frameWithoutPlace(text.slice(21));
  for (let open = text.indexOf('('); open > 0; open = text.indexOf('(', open + 1)) {
    const digits = digitsAt(text, open + 1);
    const end = open + 1 + digits.length;
    // `F(12) : eval()'d code(1): f()` is line 12 of F, as an eval's place is everywhere.
    if (!text.startsWith('): ', end) && !text.startsWith(") : eval()'d code", end)) continue;
    const number = parseLineNumber(digits);
    if (number === null) return null;
    const name = text.slice(text.indexOf('): ', end) + 3);
    return { function: name, file: text.slice(0, open), line: number, column: null };
  }
  return null;
}

function findPlace(line: string, words: readonly string[]): PlacedFrame | null {
  const text = line.endsWith(')') ? line.slice(0, -1) : line;
  const place = parsePlace(text);
  if (place === null) return parseSymfony(text);
  for (const word of words) {
    const at = place.file.lastIndexOf(word);
    if (at < 0) continue;
    const frame = { ...place, function: null, file: place.file.slice(at + word.length) };
    if (frame.file !== '' && isPlaced(frame)) return frame;
  }
  return null;
}

/** `Uncaught PHP Exception RuntimeException: "failed" at /app/User.php line 12`. */
function parseSymfony(text: string): PlacedFrame | null {
  const at = text.lastIndexOf(' at ');
  const lineAt = text.indexOf(' line ', at);
  if (at < 0 || lineAt < 0) return null;
  const line = parseLineNumber(digitsAt(text, lineAt + 6));
  return line === null ? null : { function: null, file: text.slice(at + 4, lineAt), line, column: null };
}

/** `  thrown in /app/User.php on line 12`, `PHP Warning:  failed in /app/User.php on line 12`. */
function parseOnLine(line: string): PlacedFrame | null {
  const lineAt = line.lastIndexOf(' on line ');
  const digits = digitsAt(line, lineAt + 9);
  const number = lineAt < 0 || lineAt + 9 + digits.length < line.length ? null : parseLineNumber(digits);
  const fileAt = line.lastIndexOf(' in ', lineAt);
  const file = line.slice(fileAt < 0 ? 0 : fileAt + 4, Math.max(lineAt, 0));
  const isPhp = fileAt >= 0 && /(?:\.(?:php\d?|phtml|inc|module|tpl)|eval\(\)'d code)$/.test(file.slice(-16));
  return number !== null && isPhp ? { function: null, file, line: number, column: null } : null;
}
