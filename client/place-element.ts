import { element } from './elements.js';
import { readable } from './readable-text.js';
import { oneLine } from './text.js';

/** Of a longer file's name the end is what tells it apart. */
const longestFile = 300;

export interface Place {
  file: string;
  line: number | null;
  column?: number | null;
}

/**
 * Where something was thrown, such as `src/cart.py:31`. Folder and file stand by themselves: the folder gives way first
 * where there is little room, and no text in them reaches the line.
 */
export function placeElement(
  { file, line, column = null }: Place,
  attributes: { class: string; title: string },
) {
  const whole = oneLine(readable(file.slice(-longestFile)), longestFile);
  const shown = file.length > longestFile ? `…${whole.replace(/^[\uDC00-\uDFFF]/, '')}` : whole;
  const cut = Math.max(shown.lastIndexOf('/'), shown.lastIndexOf('\\')) + 1;
  const behind = line === null ? '' : `:${line}${column === null ? '' : `:${column}`}`;
  return element(
    'span',
    { ...attributes, class: `place ${attributes.class}` },
    cut > 0 ? element('span', { class: 'folder outside' }, shown.slice(0, cut)) : null,
    element('span', { class: 'file outside' }, shown.slice(cut)),
    behind ? element('span', {}, behind) : null,
  );
}
