import { hash } from 'node:crypto';
import { parseStackTrace } from '../stack-traces/parse-stack-trace';

export interface FingerprintInput {
  project: string;
  exceptionType: string;
  traceback: string;
}

/**
 * Places of tracebacks read lately: a flood is the same few tracebacks over and over, and looking one up takes a tenth
 * of reading it. Bounded to about 4 MB.
 */
const places = new Map<string, string>();
const MOST_REMEMBERED = 256;
const LONGEST_REMEMBERED = 8_000;

/**
 * The key that groups reports: lower-case hex MD5 (of UTF-8) of `{project}:{exception_type}:{file}:{line}`, where file
 * and line are the place the error was thrown at, as written. When no frame has a place, the whole traceback stands
 * in for `{file}:{line}`.
 *
 * Released: never edit this rule, nor what `thrownAt` is for a text that already has one. Every stored error carries
 * its result, so a change would split each group in two. A better rule is a new function beside this one.
 *
 * @example computeFingerprint({ project: 'shop', exceptionType: 'KeyError', traceback: '  File "a.py", line 3, in f' })
 * // MD5 of 'shop:KeyError:a.py:3'
 */
export function computeFingerprint({ project, exceptionType, traceback }: FingerprintInput): string {
  return hash('md5', `${project}:${exceptionType}:${placeOf(traceback)}`, 'hex');
}

function placeOf(traceback: string): string {
  const remembered = places.get(traceback);
  if (remembered !== undefined) return remembered;
  const thrownAt = parseStackTrace(traceback)?.thrownAt;
  const place = thrownAt ? `${thrownAt.file}:${thrownAt.line}` : traceback;
  if (traceback.length <= LONGEST_REMEMBERED) {
    if (places.size >= MOST_REMEMBERED) places.clear();
    places.set(traceback, place);
  }
  return place;
}
