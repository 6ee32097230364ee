import type { ErrorDetail, ErrorWithOccurrences, Exception, Frame, Occurrence } from '../api-answers.js';

/** What is known of the calls that led to an error. */
export interface Stack {
  traceback: string;
  /** read in the traceback; null when it is no stack trace */
  frames: readonly Frame[] | null;
  /** with source lines and local variables, where the client sent them */
  exceptions: readonly Exception[] | null;
  platform: string | null;
  /** whose it is, or its language; empty when there is nothing to say */
  note: string;
}

/** The stack that is shown first: that of the newest report when it has source lines, else that of the error. */
export function stackOfError({ error, occurrences }: ErrorWithOccurrences): Stack {
  const [newest] = occurrences;
  if (newest?.exceptions?.length) return { ...stackOf(newest, error), note: 'of the newest report' };
  const { traceback, frames, platform, language } = error;
  return { traceback, frames, platform, exceptions: null, note: language ?? '' };
}

export function stackOf(occurrence: Occurrence, error: ErrorDetail): Stack {
  const { traceback, exceptions, platform } = occurrence;
  const frames = traceback === error.traceback ? error.frames : occurrence.frames;
  return { traceback, frames, platform, exceptions: exceptions?.length ? exceptions : null, note: '' };
}

/** Whether the second would tell nothing that the first has not told. */
export function tellsTheSame(first: Stack, second: Stack): boolean {
  if (first.traceback !== second.traceback) return false;
  return second.exceptions === null || JSON.stringify(first.exceptions) === JSON.stringify(second.exceptions);
}
