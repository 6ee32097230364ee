import { fileOf, linesOf, titleOf } from './render-frames';
import type { ReadException } from '../event/read-exceptions';
import type { ReadFrame } from '../event/read-frames';

/** As V8 writes it; languages without a form of their own look like this, too. */
export function blockOfScript(exception: ReadException): string {
  return [titleOf(exception), ...linesOf(exception, lineOf)].join('\n');
}

function lineOf(frame: ReadFrame): string {
  const { function: name, line, column } = frame.shown;
  const file = fileOf(frame) ?? '<anonymous>';
  const place = line === null ? file : column === null ? `${file}:${line}` : `${file}:${line}:${column}`;
  return name === null ? `    at ${place}` : `    at ${name} (${place})`;
}
