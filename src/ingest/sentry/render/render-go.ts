import { fileOf, linesOf, titleOf } from './render-frames';
import type { ReadException } from '../event/read-exceptions';
import type { ReadFrame } from '../event/read-frames';

/** As Go writes a panic. */
export function blockOfGo(exception: ReadException): string {
  if (exception.frames.length === 0) return titleOf(exception);
  return [titleOf(exception), '', 'goroutine 1 [running]:', ...linesOf(exception, lineOf)].join('\n');
}

function lineOf(frame: ReadFrame): string {
  const { module, shown } = frame;
  const call = [module, shown.function ?? 'unknown'].filter((part) => part !== null).join('.');
  const place = `${fileOf(frame) ?? 'unknown'}${shown.line === null ? '' : `:${shown.line}`}`;
  return `${call}(...)\n\t${place}`;
}
