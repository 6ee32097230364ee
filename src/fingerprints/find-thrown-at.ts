import { parseStackTrace } from '../stack-traces/parse-stack-trace';

/** A line of a file, as the traceback writes them. */
export interface ThrownAt {
  file: string;
  line: number;
}

/**
 * Places of tracebacks read lately: a flood is the same few tracebacks over and over, and looking one up takes a tenth
 * of reading it. Bounded to about 4 MB.
 */
const remembered = new Map<string, ThrownAt | null>();
const MOST_REMEMBERED = 256;
const LONGEST_REMEMBERED = 8_000;

/** The place an error was thrown at; null when no frame of the traceback has a file and a line. */
export function findThrownAt(traceback: string): ThrownAt | null {
  const known = remembered.get(traceback);
  if (known !== undefined) return known;
  const frame = parseStackTrace(traceback)?.thrownAt;
  const thrownAt = frame ? { file: frame.file, line: frame.line } : null;
  if (traceback.length <= LONGEST_REMEMBERED) {
    if (remembered.size >= MOST_REMEMBERED) remembered.clear();
    remembered.set(traceback, thrownAt);
  }
  return thrownAt;
}
