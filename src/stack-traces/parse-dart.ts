import { parsePlace } from './place';
import {
  findFirstPlaced,
  frameWithoutPlace,
  toStackTrace,
  type StackFrame,
  type StackTrace,
} from './stack-trace';

const numbered = /^#\d{1,6} {1,20}\S/;
const terse = /^\S*(?:\.dart|dart:\S*) \d{1,10}:\d{1,10} /;

/** Parses a Dart or Flutter trace, also the short form of `package:stack_trace`. The first frame with a place wins. */
export function parseDart(lines: readonly string[]): StackTrace | null {
  const frames: StackFrame[] = [];
  for (const line of lines) {
    const text = line.trim();
    const frame = numbered.test(text) ? parseNumbered(text) : parseTerse(text);
    if (frame !== null) frames.push(frame);
  }
  const thrownAt = findFirstPlaced(frames);
  return thrownAt === null ? null : toStackTrace('dart', frames, thrownAt);
}

/** `#0      main (package:app/main.dart:12:5)`. */
function parseNumbered(text: string): StackFrame {
  const body = text.slice(text.indexOf(' ')).trim();
  const open = body.lastIndexOf(' (');
  const place = body.endsWith(')') && open >= 0 ? parsePlace(body.slice(open + 2, -1)) : null;
  if (place === null || !/\.dart$|^dart:/.test(place.file)) return frameWithoutPlace(body);
  return { function: body.slice(0, open), ...place };
}

/** `package:app/main.dart 12:5  main`. */
function parseTerse(text: string): StackFrame | null {
  const found = text.length > 4000 ? null : terse.exec(text);
  if (found === null) return null;
  const place = parsePlace(found[0].trim().replace(' ', ':'));
  return place === null ? null : { function: text.slice(found[0].length).trim(), ...place };
}
