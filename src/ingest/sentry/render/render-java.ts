import { linesOf, titleOf } from './render-frames';
import type { ReadException } from '../event/read-exceptions';
import type { ReadFrame } from '../event/read-frames';

/** As the JVM writes it. */
export function blockOfJava(exception: ReadException): string {
  return [titleOf(exception), ...linesOf(exception, lineOf)].join('\n');
}

function lineOf({ module, isNative, shown: { function: name, file, line } }: ReadFrame): string {
  const method = [module, name].filter((part) => part !== null).join('.');
  const place = file === null ? 'Unknown Source' : line === null ? file : `${file}:${line}`;
  return `\tat ${method || '<unknown>'}(${isNative ? 'Native Method' : place})`;
}
