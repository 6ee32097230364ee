import { parsePlace, parseLineNumber, indentOf } from './place';
import {
  findFirstPlaced,
  frameWithoutPlace,
  toStackTrace,
  type StackFrame,
  type StackTrace,
} from './stack-trace';

/** `:line 12` and `at` … `in` in the languages .NET is installed in. */
const lineWord =
  /:(?:line|Zeile|ligne|línea|riga|linha|строка|wiersz|řádek|sor|regel|rad|linje|satır|行|行号|줄) ?(\d{1,11})\.?$/;
const frameWord = /^(?:at|bei|à|en|in|em|в|w|v|på|vid|ved|konum:|場所|在|위치:) /;
const inWords = [' in ', ' dans ', ' en ', ' em ', ' na ', ' в ', ' w ', ' v ', ' 場所 ', ' 位置 ', ' 파일 '];
const pathStart = /^(?:\/|[A-Za-z]:[\\/]|\\\\|\.{1,2}[\\/])/;

/**
 * Parses a .NET trace (C#, F#, Visual Basic), also demystified, of Mono and of Unity. The place is that of the first
 * frame with a file: .NET prints the frames of the innermost exception first, so it is where the root cause was thrown.
 */
export function parseDotnet(lines: readonly string[]): StackTrace | null {
  const frames: StackFrame[] = [];
  for (const line of lines) {
    const frame = parseFrame(line);
    if (frame !== null) frames.push(frame);
  }
  const thrownAt = findFirstPlaced(frames);
  // Without any place nothing tells these frames from other languages'.
  return thrownAt === null ? null : toStackTrace('dotnet', frames, thrownAt);
}

function parseFrame(line: string): StackFrame | null {
  const text = line.trim();
  const body = text.replace(frameWord, '');
  const place = findPlace(body);
  if (place !== null) return place;
  const isFrame = body !== text && indentOf(line) > 0 && hasArguments(body);
  return isFrame ? frameWithoutPlace(body) : null;
}

/** `Foo.Bar(String a)`, also with a blank before the parenthesis. */
function hasArguments(body: string): boolean {
  const open = body.search(/[^\s(]\s?\(/);
  return open >= 0 && body.lastIndexOf(')') > open + 1;
}

function findPlace(body: string): StackFrame | null {
  const worded = lineWord.exec(body.slice(-40));
  if (worded !== null) {
    const line = parseLineNumber(worded[1] ?? '');
    return line === null ? null : toFrame(body.slice(0, body.length - worded[0].length), line);
  }
  if (body.endsWith(')')) return findUnityPlace(body);
  // Mono: `Foo.Bar (System.String a) [0x00012] in /src/Foo.cs:12`.
  if (!body.includes(' [0x')) return null;
  const place = parsePlace(body);
  return place?.column === null ? toFrame(place.file, place.line) : null;
}

/** Unity: `Player:Move(Single) (at Assets/Player.cs:12)`. */
function findUnityPlace(body: string): StackFrame | null {
  const at = body.lastIndexOf(' (at ');
  const place = at < 0 ? null : parsePlace(body.slice(at + 5, -1));
  return place?.file.endsWith('.cs') ? { function: body.slice(0, at).trim(), ...place } : null;
}

/** Splits `Method(args) in path`; a demystified signature has ` in ` for its parameters as well. */
function toFrame(text: string, line: number): StackFrame | null {
  let fallback: StackFrame | null = null;
  for (const word of inWords) {
    for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
      const fileAt = at + word.length;
      const isPath = pathStart.test(text.slice(fileAt, fileAt + 4));
      if (!isPath && text[at - 1] !== ')' && text[at - 1] !== ']') continue;
      if (text[fileAt] === '<') continue;
      const file = text.slice(fileAt);
      if (file === '') continue;
      const frame = { function: text.slice(0, at).trim(), file, line, column: null };
      if (isPath) return frame;
      fallback ??= frame;
    }
  }
  return fallback;
}
