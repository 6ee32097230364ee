import { button, element } from '../elements.js';
import { formatCount, shorten } from '../text.js';
import { readable } from '../readable-text.js';

/** Lines of a message shown at first. */
export const longestMessageLines = 8;

/**
 * Puts a text from outside into `holder`: of a long one only the beginning, until all of it is asked for.
 * @param most characters shown at first
 * @param mostLines lines shown at first
 */
export function longText(holder: HTMLElement, text: string, most: number, mostLines = Infinity): HTMLElement {
  const whole = readable(text);
  const end = endOfLine(whole, mostLines);
  const beginning = end < Math.min(most, whole.length) ? `${whole.slice(0, end)}…` : shorten(whole, most);
  holder.textContent = beginning;
  if (beginning === whole) return holder;
  const all =
    end < whole.length
      ? `Show all ${formatCount(whole.split('\n').length)} lines`
      : `Show all ${formatCount(whole.length)} characters`;
  let isFolded = true;
  const toggle = button(
    all,
    () => {
      isFolded = !isFolded;
      holder.textContent = isFolded ? beginning : whole;
      toggle.textContent = isFolded ? all : 'Show less';
    },
    { class: 'link' },
  );
  return element('div', { class: 'long-text' }, holder, toggle);
}

/** Where the line ends that has this number; blank ones at the end of the text count for nothing. */
function endOfLine(text: string, number: number): number {
  const { length } = text.trimEnd();
  let end = -1;
  for (let line = 0; line < number; line++) {
    end = text.indexOf('\n', end + 1);
    if (end < 0 || end >= length) return text.length;
  }
  return end;
}
