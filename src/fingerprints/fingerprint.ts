import { hash } from 'node:crypto';
import { findThrownAt } from './find-thrown-at';

export interface FingerprintInput {
  project: string;
  exceptionType: string;
  traceback: string;
}

/**
 * The key that groups reports: lower-case hex MD5 (of UTF-8) of `{project}:{exception_type}:{file}:{line}`, where file
 * and line are the place the error was thrown at, as written. When no frame has a place, the whole traceback stands
 * in for `{file}:{line}`.
 *
 * Released: never edit this rule, nor what `thrownAt` is for a text that already has one. Every stored error carries
 * its result, so a change would split each group in two. A better rule is a new function beside this one.
 *
 * @param thrownAt for those who know it already
 * @example computeFingerprint({ project: 'shop', exceptionType: 'KeyError', traceback: '  File "a.py", line 3, in f' })
 * // MD5 of 'shop:KeyError:a.py:3'
 */
export function computeFingerprint(
  { project, exceptionType, traceback }: FingerprintInput,
  thrownAt = findThrownAt(traceback),
): string {
  const place = thrownAt ? `${thrownAt.file}:${thrownAt.line}` : traceback;
  return hash('md5', `${project}:${exceptionType}:${place}`, 'hex');
}
