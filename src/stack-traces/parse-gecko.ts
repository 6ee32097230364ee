import { digitsAt, parseLineNumber, type Place } from './place';
import {
  findFirstPlaced,
  frameWithoutPlace,
  toStackTrace,
  type StackFrame,
  type StackTrace,
} from './stack-trace';
import { isScriptFile, parseScriptPlace } from './parse-v8';

const scheme = /^(?:[a-z][a-z0-9+.-]*:\/\/|(?:blob|data|node|about|javascript|webpack|file|app):)/i;
const absolutePath = /^(?:\/|[A-Za-z]:[\\/])/;
/** WebKit's names for code outside of functions; they stand alone when there is no file. */
const codeKinds = new Set(['[native code]', 'eval code', 'global code', 'module code', '@']);
/** Places without a file name that engines write nevertheless: the console, built-ins, scripts an app injects. */
const engineFiles = new Set(['debugger eval code', 'self-hosted', 'user-script']);

/**
 * Parses `name@file:line:column` frames: Firefox, Safari and every WebKit, JavaScriptCore in React Native, old Opera.
 * Anonymous functions of WebKit have no `name@`. The place is that of the first frame with a file and a line.
 */
export function parseGecko(lines: readonly string[]): StackTrace | null {
  const frames: StackFrame[] = [];
  for (const line of lines) {
    const frame = parseFrame(line.trim());
    if (frame !== null) frames.push(frame);
  }
  return toStackTrace('javascript', frames, findFirstPlaced(frames));
}

function parseFrame(line: string): StackFrame | null {
  if (codeKinds.has(line)) return frameWithoutPlace(line === '@' ? null : line);
  const at = findSeparator(line);
  if (at < 0) return parseAnonymous(line);
  const name = line.slice(0, at);
  // "Error: no route to a@b.example/x:1": a name has no colon and blank, except Opera's `<anonymous function: f>`.
  if (name.includes(': ') && !name.startsWith('<')) return null;
  const location = line.slice(at + 1);
  if (location === '[native code]' || location === '[wasm code]') return frameWithoutPlace(name || null);
  const place = parseEvalPlace(location) ?? parseScriptPlace(location);
  return place !== null && isFile(place) ? { function: name || null, ...place } : null;
}

/** A frame of an anonymous function in WebKit: nothing but `file:line:column`. */
function parseAnonymous(line: string): StackFrame | null {
  if (/\s/.test(line)) return null;
  const place = parseScriptPlace(line);
  const isFrame = place !== null && place.column !== null && isFile(place);
  return isFrame ? { function: null, ...place } : null;
}

/**
 * The `@` between name and file. Both may have more of them (`obj["@fn"]@http://host/@scope/a.js`): the first that a
 * scheme or an absolute path follows, else the first outside of quotes.
 */
function findSeparator(line: string): number {
  if (scheme.test(line) || absolutePath.test(line)) return -1;
  let unquoted = -1;
  let isQuoted = false;
  for (let index = 0; index < line.length; index += 1) {
    const character = line[index];
    if (character === '"') isQuoted = !isQuoted;
    if (character !== '@') continue;
    const next = line.slice(index + 1, index + 40);
    if (scheme.test(next) || absolutePath.test(next) || next.startsWith('[native code]')) return index;
    if (unquoted < 0 && !isQuoted) unquoted = index;
  }
  return unquoted;
}

/** Firefox: `http://a/b.js line 26 > eval line 2 > eval:1:30` → line 26 of `http://a/b.js`. */
function parseEvalPlace(location: string): Place | null {
  const mark = ' line ';
  for (let at = location.indexOf(mark); at > 0; at = location.indexOf(mark, at + 1)) {
    const digits = digitsAt(location, at + mark.length);
    if (!location.startsWith(' > ', at + mark.length + digits.length)) continue;
    const line = parseLineNumber(digits);
    return line === null ? null : { file: location.slice(0, at), line, column: null };
  }
  return null;
}

/** `user@example.com:25:1` and `foo@bar:1` are no frames: a file has a scheme, a folder or a script's extension. */
function isFile({ file, column }: Place): boolean {
  if (scheme.test(file) || absolutePath.test(file) || engineFiles.has(file)) return true;
  if (/\s/.test(file)) return false;
  return isScriptFile(file) || (column !== null && file.includes('/'));
}
