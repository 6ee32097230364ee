import type { ReadException } from '../event/read-exceptions';
import { KEPT_ON_EACH_END, type ReadFrame, type Stack } from '../event/read-frames';

/** @example titleOf(exception) // 'TypeError: x is not a function' */
export function titleOf({ type, text }: Pick<ReadException, 'type' | 'text'>): string {
  return text === '' ? type : `${type}: ${text}`;
}

/** As long as the client has it: in a traceback there is room. */
export function fileOf({ absPath, module, shown: { file } }: ReadFrame): string | null {
  return absPath ?? file ?? module;
}

/** Lines of frames, newest call first, and where some are left out a line that says so. */
export function linesOf(stack: Stack, lineOf: (frame: ReadFrame, index: number) => string): string[] {
  const lines = stack.frames.map(lineOf);
  if (stack.omitted > 0) lines.splice(KEPT_ON_EACH_END, 0, `    ${omissionOf(stack)}`);
  return lines;
}

export function omissionOf({ omitted }: Stack): string {
  return `… ${omitted} ${omitted === 1 ? 'frame' : 'frames'} omitted`;
}
