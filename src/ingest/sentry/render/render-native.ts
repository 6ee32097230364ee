import { linesOf, titleOf } from './render-frames';
import type { ReadException } from '../event/read-exceptions';
import type { ReadFrame } from '../event/read-frames';

/** As Rust writes it, and much like debuggers of native code. */
export function blockOfNative(exception: ReadException): string {
  return [titleOf(exception), ...linesOf(exception, lineOf)].join('\n');
}

function lineOf(frame: ReadFrame, index: number): string {
  const { address, absPath } = frame;
  const { function: name, file, line, column } = frame.shown;
  const symbol = name ?? [address ?? '0x0', frame.package].filter((part) => part !== null).join(' ');
  const place = absPath ?? file;
  const numbers = [line, line === null ? null : column]
    .filter((part) => part !== null)
    .map((part) => `:${part}`);
  const head = `${String(index).padStart(4)}: ${symbol}`;
  return place === null ? head : `${head}\n             at ${place}${numbers.join('')}`;
}
