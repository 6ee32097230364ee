import { indentOf, parsePlace } from './place';
import { findFirstPlaced, toStackTrace, type StackFrame, type StackTrace } from './stack-trace';

const frameMark = 'at ';
const sourceFile = /^[^\s/\\:]+\.(?:java|kts?|scala|sc|groovy|gvy|gradle|cljc?|jrb|ceylon)$/;
const notSources = new Set(['Native Method', 'Unknown Source', '<generated>']);
/** One number after a script's name is an old JavaScript engine, not the JVM. */
const scriptFile = /\.(?:[cm]?[jt]sx?|html?|bundle|jsbundle|cs)$/i;

interface Section {
  indent: number;
  isSuppressed: boolean;
  frames: StackFrame[];
}

/**
 * Parses a trace of the JVM (Java, Kotlin, Scala, Groovy, Clojure, Android).
 *
 * The place is the first frame of the root cause. The JVM prints the exception that surfaced first and the one that
 * was thrown first last, under the last `Caused by:`; frameworks wrap everything in the same few places, so grouping by
 * the outer frame would put unrelated errors together. Suppressed exceptions and their causes do not count.
 */
export function parseJava(lines: readonly string[]): StackTrace | null {
  const sections: Section[] = [{ indent: 0, isSuppressed: false, frames: [] }];
  for (const line of lines) {
    const current = sections.at(-1);
    if (current === undefined) break;
    const frame = parseFrame(line);
    if (frame !== null) current.frames.push(frame);
    else if (line.includes('Suppressed: ')) {
      sections.push({ indent: indentOfMark(line, 'Suppressed: '), isSuppressed: true, frames: [] });
    } else if (line.includes('Caused by: ')) {
      const indent = indentOfMark(line, 'Caused by: ');
      // A cause inside of a suppressed exception is indented as far as that one.
      const isSuppressed = current.isSuppressed && indent > 0 && indent >= current.indent;
      sections.push({ indent: isSuppressed ? current.indent : indent, isSuppressed, frames: [] });
    }
  }
  const thrownAt = sections
    .filter(({ isSuppressed }) => !isSuppressed)
    .map(({ frames }) => findFirstPlaced(frames))
    .filter((place) => place !== null)
    .at(-1);
  return toStackTrace(
    'java',
    sections.flatMap(({ frames }) => frames),
    thrownAt ?? null,
  );
}

/** Blanks right before the mark, so that a prefix of the logger (Android's logcat) is not counted. */
function indentOfMark(line: string, mark: string): number {
  const before = line.slice(0, line.indexOf(mark));
  return before.trim() === '' ? indentOf(line) : before.length - before.trimEnd().length - 1;
}

/** `at java.base/java.util.List.get(List.java:12) ~[app.jar:1.0]` → function, file and line. */
function parseFrame(line: string): StackFrame | null {
  const start = findStart(line);
  if (start < 0) return null;
  const body = withoutPackaging(line.slice(start + frameMark.length).trim());
  const open = body.lastIndexOf('(');
  if (!body.endsWith(')') || open < 1 || body[open - 1] === ' ') return null;
  const name = body.slice(0, open);
  const source = body.slice(open + 1, -1);
  if (!name.includes('.')) return null;
  if (notSources.has(source) || source.startsWith('Unknown Source:') || sourceFile.test(source)) {
    return { function: name, file: sourceFile.test(source) ? source : null, line: null, column: null };
  }
  const place = parsePlace(source);
  if (place === null || place.column !== null || /[\s/\\:<>]/.test(place.file)) return null;
  return scriptFile.test(place.file.slice(-12)) ? null : { function: name, ...place };
}

function findStart(line: string): number {
  const indent = indentOf(line);
  if (line.startsWith(frameMark, indent)) return indent;
  const afterTab = line.indexOf('\tat ');
  if (afterTab >= 0) return afterTab + 1;
  const afterBlanks = line.indexOf('  at ');
  if (afterBlanks >= 0) return afterBlanks + 2;
  const afterTag = line.indexOf('): at ');
  return afterTag < 0 ? -1 : afterTag + 3;
}

/** Logback and Log4j append where a class came from: ` ~[spring-core.jar:5.3]`, ` [classes/:na]`. */
function withoutPackaging(body: string): string {
  if (!body.endsWith(']')) return body;
  const end = body.indexOf(') ');
  return end < 0 ? body : body.slice(0, end + 1);
}
