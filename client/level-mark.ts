import { element } from './elements.js';
import { readable } from './readable-text.js';
import { oneLine } from './text.js';

const known = ['debug', 'info', 'warning', 'error', 'fatal'];
const longestShown = 20;

/** How bad something is, as a word with a colour; levels that nobody knows have none. */
export function levelMark(level: string): HTMLElement {
  const kind = known.includes(level) ? ` level-${level}` : '';
  return element('span', { class: `level outside${kind}` }, oneLine(readable(level), longestShown));
}
