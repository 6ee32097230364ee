import { fileOf, omissionOf, titleOf } from './render-frames';
import type { ReadException } from '../event/read-exceptions';
import { KEPT_ON_EACH_END } from '../event/read-frames';

/** Modules that Python does not name. */
const UNNAMED = new Set(['builtins', '__main__', 'exceptions']);

/** Oldest call first, as Python writes it. */
export function blockOfPython(exception: ReadException): string {
  const { frames, shown } = exception;
  const module = shown.module !== null && !UNNAMED.has(shown.module) ? `${shown.module}.` : '';
  const title = module + titleOf(exception);
  if (frames.length === 0) return title;
  const lines = ['Traceback (most recent call last):'];
  for (let index = frames.length - 1; index >= 0; index -= 1) {
    const frame = frames[index];
    if (!frame) continue;
    if (index === KEPT_ON_EACH_END - 1 && exception.omitted > 0) lines.push(`  ${omissionOf(exception)}`);
    const { function: name, line, source } = frame.shown;
    const place = `  File "${fileOf(frame)}"`;
    lines.push(`${place}${line === null ? '' : `, line ${line}`}${name === null ? '' : `, in ${name}`}`);
    const code = source?.trim() ?? '';
    if (code !== '') lines.push(`    ${code}`);
  }
  lines.push(title);
  return lines.join('\n');
}

/** What Python writes between an exception and one that came after it. */
export function glueOfPython(cause: ReadException): string {
  return cause.link === '__context__'
    ? 'During handling of the above exception, another exception occurred:'
    : 'The above exception was the direct cause of the following exception:';
}
