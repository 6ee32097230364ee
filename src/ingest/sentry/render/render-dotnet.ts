import { fileOf, linesOf, titleOf } from './render-frames';
import type { ReadException } from '../event/read-exceptions';
import type { ReadFrame } from '../event/read-frames';

/** As .NET writes it. */
export function blockOfDotnet(exception: ReadException): string {
  return [titleOf(exception), ...linesOf(exception, lineOf)].join('\n');
}

function lineOf(frame: ReadFrame): string {
  const { module, absPath } = frame;
  const { function: name, file, line } = frame.shown;
  const method = [module, name ?? '<unknown>'].filter((part) => part !== null).join('.');
  const call = method.endsWith(')') ? method : `${method}()`;
  const hasFile = absPath !== null || file !== null;
  return `   at ${call}${hasFile ? ` in ${fileOf(frame) ?? ''}${line === null ? '' : `:line ${line}`}` : ''}`;
}
