import { fileOf, linesOf, titleOf } from './render-frames';
import type { ReadException } from '../event/read-exceptions';
import type { ReadFrame } from '../event/read-frames';

/** As Ruby writes it: the message stands in the line of the newest call. */
export function blockOfRuby(exception: ReadException): string {
  const { frames, type, text } = exception;
  if (frames.length === 0) return titleOf(exception);
  const [firstLine = '', ...rest] = text.split('\n');
  const title = [`${firstLine === '' ? '' : `${firstLine} `}(${type})`, ...rest].join('\n');
  const [newest = '', ...callers] = linesOf(exception, lineOf);
  return [`${newest}: ${title}`, ...callers.map(toCaller)].join('\n');
}

function toCaller(line: string): string {
  return line.startsWith(' ') ? line : `\tfrom ${line}`;
}

function lineOf(frame: ReadFrame): string {
  const { function: name, line } = frame.shown;
  const place = `${fileOf(frame) ?? '(unknown)'}${line === null ? '' : `:${line}`}`;
  return name === null ? place : `${place}:in \`${name}'`;
}
