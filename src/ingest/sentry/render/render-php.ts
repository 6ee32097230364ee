import { fileOf, omissionOf, titleOf } from './render-frames';
import type { ReadException } from '../event/read-exceptions';
import { KEPT_ON_EACH_END, type ReadFrame } from '../event/read-frames';

/**
 * As PHP writes it. A line of PHP names the function that is called in its place, and a frame the function that its place
 * is in: the function of each frame stands in the line of its caller.
 */
export function blockOfPhp(exception: ReadException): string {
  const { frames, omitted } = exception;
  const [thrown, ...callers] = frames;
  if (!thrown) return titleOf(exception);
  const place = placeOf(thrown, ':', '');
  const lines = [place === null ? titleOf(exception) : `${titleOf(exception)} in ${place}`, 'Stack trace:'];
  let number = 0;
  let inner = thrown;
  for (const [index, caller] of callers.entries()) {
    if (index === KEPT_ON_EACH_END - 1 && omitted > 0) {
      lines.push(`    ${omissionOf(exception)}`);
      number += omitted;
    }
    lines.push(`#${number} ${placeOf(caller, '(', ')') ?? '[internal function]'}: ${callOf(inner)}`);
    number += 1;
    inner = caller;
  }
  if (inner.shown.function !== null) {
    lines.push(`#${number} [internal function]: ${callOf(inner)}`);
    number += 1;
  }
  lines.push(`#${number} {main}`);
  return lines.join('\n');
}

function callOf({ shown: { function: name } }: ReadFrame): string {
  const call = name ?? '{closure}';
  return call.endsWith(')') ? call : `${call}()`;
}

function placeOf(frame: ReadFrame, open: string, close: string): string | null {
  const file = fileOf(frame);
  const { line } = frame.shown;
  return file === null || line === null ? null : `${file}${open}${line}${close}`;
}
