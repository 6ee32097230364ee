import { parsePlace, indentOf, type Place } from './place';
import { frameWithoutPlace, isPlaced, toStackTrace, type StackFrame, type StackTrace } from './stack-trace';

/** Names that engines write where there is no file. `eval code` and its like are Chakra's, `unknown` is Bun's. */
const notFiles = new Set([
  '<anonymous>',
  'native',
  'native code',
  '[native code]',
  'unknown',
  'eval code',
  'Function code',
  'Unknown script code',
]);
const evalMark = '(eval at ';
const border = /^[\s|│>#*]*/;
const webAssembly = /wasm-function\[\d{1,10}\]$/;
const hostOnly = /^[a-z][a-z0-9+.-]*:\/\/[^/]*$/i;
/** A frame of the JVM that a message quotes: `at a.B.c(B.java:3)`. */
const jvmSource = /\.(?:java|kt|scala|groovy|clj)$/;
const scriptExtension =
  /\.(?:[cm]?[jt]sx?|vue|svelte|html?|bundle|jsbundle|hbc|php|aspx?|jsp|xul|jsm|cshtml)$/i;

interface FoundFrame {
  frame: StackFrame;
  indent: number;
  lineIndex: number;
}

/**
 * Parses `at name (file:line:column)` frames: V8 (Node, Chrome, Deno, Electron), Chakra (old Edge, IE), Hermes, Bun.
 * The place is that of the first frame with a file and a line; causes are printed after the error and do not count.
 */
export function parseV8(lines: readonly string[]): StackTrace | null {
  const found = findFrames(lines, (line) => border.exec(line)?.[0].length ?? 0);
  const frames = found.some(({ frame }) => isPlaced(frame)) ? found : [...found, ...findPrefixed(lines)];
  const firstText = lines.findIndex((line) => line.trim() !== '');
  let lastIndented = -1;
  frames.forEach(({ frame, indent }, index) => {
    if (isPlaced(frame) && indent > 0) lastIndented = index;
  });
  const thrownAt = frames.find((found, index) => {
    if (!isPlaced(found.frame)) return false;
    if (found.lineIndex === firstText) return true;
    // An "at" line further left than the frame below it belongs to the message, and so does one at the margin.
    const below = frames[index + 1];
    if (below?.lineIndex === found.lineIndex + 1 && below.indent > found.indent) return false;
    return found.indent > 0 || index > lastIndented;
  })?.frame;
  return toStackTrace(
    'javascript',
    frames.map(({ frame }) => frame),
    thrownAt && isPlaced(thrownAt) ? thrownAt : null,
  );
}

/** Whether a name is one that script files have: `33.js`, `index.android.bundle`, `page.tsx?t=1`. */
export function isScriptFile(file: string): boolean {
  const end = file.search(/[?#]/);
  return scriptExtension.test((end < 0 ? file : file.slice(0, end)).slice(-12));
}

/** The place at the end of a location, or null for `native`, `<anonymous>:1:2`, WebAssembly and `http://host:80`. */
export function parseScriptPlace(location: string): Place | null {
  const place = parsePlace(location);
  if (
    place === null ||
    notFiles.has(place.file) ||
    isSentence(place.file) ||
    webAssembly.test(place.file.slice(-40))
  )
    return null;
  const isOther = hostOnly.test(place.file) || jvmSource.test(place.file.slice(-12));
  return place.column === null && isOther ? null : place;
}

/** `see http://docs/x`: a blank before the scheme, which only a data: URI may have. */
function isSentence(file: string): boolean {
  const scheme = file.indexOf('://');
  const blank = scheme < 0 ? -1 : file.lastIndexOf(' ', scheme);
  return blank >= 0 && !file.startsWith('data:') && /^\w[\w+.-]*$/.test(file.slice(blank + 1, scheme));
}

/** Lines that a logger prefixed (`web.1 |     at f (a.js:1:2)`); looked for only when there are no plain ones. */
function findPrefixed(lines: readonly string[]): FoundFrame[] {
  return findFrames(lines, (line) => {
    const at = line.indexOf('   at ');
    return at > 0 && line.slice(0, at).trim() !== '' ? at + 3 : -1;
  });
}

function findFrames(lines: readonly string[], startOf: (line: string) => number): FoundFrame[] {
  const found: FoundFrame[] = [];
  lines.forEach((line, lineIndex) => {
    const start = startOf(line);
    if (start < 0 || !line.startsWith('at ', start)) return;
    const body = line.slice(start + 3).trim();
    const frame = parseFrame(body);
    // Without a place "at the end of the day" is no frame, `at div` and `at Array.map (native)` are.
    if (isPlaced(frame) || body.endsWith(')') || /^\S+$/.test(body)) {
      found.push({ frame, indent: indentOf(line), lineIndex });
    }
  });
  return found;
}

function parseFrame(written: string): StackFrame {
  // `util.inspect` opens the properties of an error behind its last frame.
  const body = written.endsWith(') {') ? written.slice(0, -2) : written;
  const evalAt = body.indexOf(evalMark);
  if (evalAt >= 0) return toFrame(body.slice(0, evalAt), parseEvalOrigin(body));
  if (!body.endsWith(')')) return parseBareLocation(body);
  const open = findOpening(body);
  if (open < 0) return frameWithoutPlace(body);
  const location = withoutLead(withoutLead(body.slice(open + 1, -1), 'async '), 'address at ');
  return toFrame(body.slice(0, open), parseScriptPlace(location));
}

/** `at file:///a.mjs:1:2`. "at 10:30" and "at 127.0.0.1:5432" are sentences, not places. */
function parseBareLocation(body: string): StackFrame {
  const location = withoutLead(body, 'async ');
  const place = parseScriptPlace(location);
  if (place === null) return frameWithoutPlace(location);
  const hasFolder = place.file.includes('/') || place.file.includes('\\');
  const isFile =
    hasFolder ||
    isScriptFile(place.file) ||
    (place.column !== null && !/[\s"]/.test(place.file) && /[^\d.-]/.test(place.file));
  return isFile ? { function: null, ...place } : frameWithoutPlace(body);
}

/** `eval (eval at f (eval at g (http://a/b.js:21:17)), <anonymous>:1:30)` → `http://a/b.js:21:17`. */
function parseEvalOrigin(body: string): Place | null {
  const innermost = body.lastIndexOf(evalMark);
  const open = body.indexOf(' (', innermost + evalMark.length);
  if (open < 0) return null;
  let depth = 0;
  for (let index = open + 1; index < body.length; index += 1) {
    if (body[index] === '(') depth += 1;
    else if (body[index] === ')') depth -= 1;
    if (depth === 0) return parseScriptPlace(body.slice(open + 2, index));
  }
  return null;
}

/** The parenthesis that belongs to the last one: files and names have parentheses too (`/(group)/page.js`). */
function findOpening(body: string): number {
  let depth = 0;
  for (let index = body.length - 1; index >= 0; index -= 1) {
    if (body[index] === ')') depth += 1;
    else if (body[index] === '(') depth -= 1;
    if (depth === 0) return index;
  }
  const spaced = body.indexOf(' (');
  return spaced >= 0 ? spaced + 1 : body.indexOf('(');
}

function toFrame(name: string, place: Place | null): StackFrame {
  const written = withoutLead(name.trim(), 'async ') || null;
  return place === null ? frameWithoutPlace(written) : { function: written, ...place };
}

function withoutLead(text: string, lead: string): string {
  return text.startsWith(lead) ? text.slice(lead.length) : text;
}
