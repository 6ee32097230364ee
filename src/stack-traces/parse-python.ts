import { digitsAt, isWhitespace, parseColumn } from './place';
import { toStackTrace, type PlacedFrame, type StackTrace } from './stack-trace';

const fileMark = 'File "';
const lineMark = '", line ';

/**
 * Lines that announce frames. Besides the interpreter's own headers: Django's plain-text report chains without
 * a second header, `logging` prints `Call stack:`, Keras `in user code:`, TensorFlow `defined at:`, Twisted a divider.
 */
const announcements = [
  '(most recent call last)',
  '(most recent call first)',
  'was the direct cause of the following exception',
  'another exception occurred',
  '<exception caught here>',
  'Call stack:',
  'in user code:',
  'defined at:',
  'stack trace for',
];

/**
 * What may stand before `File "`: indentation (AWS Lambda: no-break spaces), the bars of exception groups, a
 * quotation mark of a mail, a border of a box, the `E` of pytest.
 */
const decoration = new Set([...'|+>│#*E'].map((character) => character.charCodeAt(0)));
const exceptionLine = /^(?:[A-Za-z_]\w*\.)*[A-Z]\w*: \S/;
const knownExceptionLine =
  /^(?:[A-Za-z_]\w*\.)*[A-Z]\w*(?:Error|Exception|Warning|Interrupt|Exit|Group)(?:: |:?$)/;

/**
 * Parses a Python traceback, given as lines and as the text they come from. The place is that of the last frame: Python prints the most recent call last and the
 * exception that surfaced after its causes.
 *
 * States: *open* (a `File "F", line N` is a frame; so at the start, because loggers drop headers) and *closed* (after
 * the line that names the exception, what looks like a frame is a part of the message, until a line announces frames).
 */
export function parsePython(lines: readonly string[], text: string): StackTrace | null {
  const frames: PlacedFrame[] = [];
  const announcing = announcements.filter((words) => text.includes(words));
  let isOpen = true;
  let hasHeader = false;
  let frameIndent = -1;
  let prefixLength = 0;
  let isPrefixed = false;
  let wasFrame = false;
  let wasBlank = true;

  for (const written of lines) {
    if (announcing.some((words) => written.includes(words))) {
      isOpen = true;
      hasHeader ||= written.includes(announcements[0] ?? '');
      frameIndent = -1;
      prefixLength = lengthOfLogPrefix(written);
      isPrefixed = false;
      wasFrame = false;
      continue;
    }
    let line = isPrefixed ? written.slice(prefixLength) : written;
    let indent = indentOfContent(line);
    if (!isPrefixed && prefixLength > 0 && !line.startsWith(fileMark, indent)) {
      const rest = written.slice(prefixLength);
      if (rest.startsWith(fileMark, indentOfContent(rest))) {
        isPrefixed = true;
        line = rest;
        indent = indentOfContent(line);
      }
    }
    if (indent === line.length) {
      wasBlank = true;
      continue;
    }
    const frame = line.startsWith(fileMark, indent) ? parseFrame(line, indent) : null;
    if (frame !== null && (isOpen || isNumbaFrame(line, indent, wasBlank))) {
      frames.push(frame);
      frameIndent = indent;
      wasFrame = true;
    } else if (frame === null) {
      if (isOpen && frameIndent >= 0 && endsFrames(line.slice(indent), indent, frameIndent, wasFrame)) {
        isOpen = false;
      }
      wasFrame = false;
    }
    wasBlank = false;
  }

  const thrownAt = frames.at(-1) ?? (hasHeader ? findLastInFlatText(lines) : null);
  return toStackTrace('python', frames.length === 0 && thrownAt !== null ? [thrownAt] : frames, thrownAt);
}

/** Whether the text is surely Python: it has a header, or begins with a frame because a logger dropped the header. */
export function isSurelyPython(lines: readonly string[], text: string): boolean {
  const first = lines.find((line) => line !== '') ?? '';
  return first.startsWith(fileMark, indentOfContent(first)) || text.includes('(most recent call ');
}

/** `web_1  | Traceback (most …` → 9: loggers and `docker compose logs` put the same prefix before every line. */
function lengthOfLogPrefix(headerLine: string): number {
  const at = headerLine.indexOf('Traceback (most recent');
  return at > 0 && indentOfContent(headerLine) < at ? at : 0;
}

function indentOfContent(line: string): number {
  let indent = 0;
  while (indent < line.length) {
    const code = line.charCodeAt(indent);
    if (!isWhitespace(code) && !decoration.has(code)) break;
    indent += 1;
  }
  return indent;
}

/** Python itself writes `line 0` for some syntax errors, and it groups like any other line. */
function parseFrame(line: string, start: number): PlacedFrame | null {
  const fileStart = start + fileMark.length;
  for (let at = line.indexOf(lineMark, fileStart); at >= 0; at = line.indexOf(lineMark, at + 1)) {
    const digits = digitsAt(line, at + lineMark.length);
    const number = parseColumn(digits);
    if (number === null || at === fileStart) continue;
    const rest = line.slice(at + lineMark.length + digits.length).trim();
    return { function: parseFunction(rest), file: line.slice(fileStart, at), line: number, column: null };
  }
  return null;
}

/** `, in main` → `main`; faulthandler writes it without the comma; Python 2 writes `?` for a module. */
function parseFunction(rest: string): string | null {
  const name = rest.startsWith(', in ') ? rest.slice(5) : rest.startsWith('in ') ? rest.slice(3) : '';
  return name.trim() || null;
}

/** Numba quotes the source in its message under `File "app.py", line 5:`, alone after an empty line. */
function isNumbaFrame(line: string, indent: number, wasBlank: boolean): boolean {
  return indent === 0 && wasBlank && line.trimEnd().endsWith(':');
}

/**
 * Whether a line names the exception. It stands further left than the frames. When a logger stripped the
 * indentation only its form tells, and a line of source (the line after a frame) must not be taken for one.
 */
function endsFrames(content: string, indent: number, frameIndent: number, wasFrame: boolean): boolean {
  if (frameIndent > 0) return indent < frameIndent;
  return knownExceptionLine.test(content) || (!wasFrame && exceptionLine.test(content));
}

/** A trace whose line breaks were replaced by blanks: the last `File "F", line N` anywhere. */
function findLastInFlatText(lines: readonly string[]): PlacedFrame | null {
  let found: PlacedFrame | null = null;
  for (const line of lines) {
    let at = line.indexOf(fileMark);
    while (at >= 0) {
      const end = line.indexOf(lineMark, at);
      if (end < 0) break;
      const start = line.lastIndexOf(fileMark, end);
      const number = parseColumn(digitsAt(line, end + lineMark.length));
      const file = line.slice(start + fileMark.length, end);
      if (number !== null && file !== '') found = { function: null, file, line: number, column: null };
      at = line.indexOf(fileMark, end);
    }
  }
  return found;
}
