import type { StackTrace } from '../../stack-traces/stack-trace';
import { toText } from './outside-text';

const LONGEST_BYTES = 12 * 1024;

/** A cut is moved to the next end of a line when there is one so near. */
const LONGEST_HALF_LINE_BYTES = 500;

const LINE_FEED = 10;

/** The part of a traceback that a mail shows, and the bytes that are missing on either side. */
export interface TracebackPart {
  text: string;
  cutBefore: number;
  cutAfter: number;
}

/**
 * Cuts a traceback down to 12 KiB of UTF-8, at ends of lines where it can. The throwing frame stays: Python has it
 * last, so the end is kept; for others the beginning is. Where it is in neither (a message of 100 KB stands before or
 * behind the frames), what surrounds it is kept.
 * @param traceback as `toText` made it
 * @param trace what was read from it, null when it is no stack trace
 */
export function cutTraceback(traceback: string, trace: StackTrace | null): TracebackPart {
  const bytes = Buffer.from(traceback);
  if (bytes.length <= LONGEST_BYTES) return { text: traceback, cutBefore: 0, cutAfter: 0 };
  const start = chooseStart(bytes.length, findThrowingFrame(traceback, trace), trace?.language === 'python');
  const from = moveToLineStart(bytes, start);
  const to = moveToLineEnd(bytes, start + LONGEST_BYTES);
  return { text: bytes.toString('utf8', from, to), cutBefore: from, cutAfter: bytes.length - to };
}

function chooseStart(length: number, throwingFrame: number | null, keepsEnd: boolean): number {
  const last = length - LONGEST_BYTES;
  const wanted = keepsEnd ? last : 0;
  if (throwingFrame === null) return wanted;
  const isKept = keepsEnd
    ? throwingFrame >= last + LONGEST_HALF_LINE_BYTES
    : throwingFrame <= LONGEST_BYTES - 2 * LONGEST_HALF_LINE_BYTES;
  return isKept ? wanted : Math.min(last, Math.max(0, throwingFrame - LONGEST_BYTES / 2));
}

/** Where in the bytes of the text the throwing frame is written; null when the text has it in another form. */
function findThrowingFrame(traceback: string, trace: StackTrace | null): number | null {
  if (!trace?.thrownAt) return null;
  const { line } = trace.thrownAt;
  const file = toText(trace.thrownAt.file);
  const index =
    trace.language === 'python'
      ? traceback.lastIndexOf(`File "${file}", line ${line}`)
      : traceback.indexOf(`${file}:${line}`);
  return index === -1 ? null : Buffer.byteLength(traceback.slice(0, index));
}

function moveToLineStart(bytes: Buffer, at: number): number {
  if (at === 0) return 0;
  const lineEnd = bytes.indexOf(LINE_FEED, at - 1);
  if (lineEnd !== -1 && lineEnd + 1 - at <= LONGEST_HALF_LINE_BYTES) return lineEnd + 1;
  let start = at;
  while (isInsideCharacter(bytes, start)) start += 1;
  return start;
}

function moveToLineEnd(bytes: Buffer, at: number): number {
  if (at >= bytes.length) return bytes.length;
  const lineEnd = bytes.lastIndexOf(LINE_FEED, at);
  if (lineEnd !== -1 && at - lineEnd <= LONGEST_HALF_LINE_BYTES) return lineEnd;
  let end = at;
  while (isInsideCharacter(bytes, end)) end -= 1;
  return end;
}

function isInsideCharacter(bytes: Buffer, index: number): boolean {
  return ((bytes[index] ?? 0) & 0xc0) === 0x80;
}
