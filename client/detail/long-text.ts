import { button, element } from '../elements.js';
import { formatCount, shorten } from '../text.js';
import { readable } from '../readable-text.js';

/**
 * Puts a text from outside into `holder`: of a long one only the beginning, until all of it is asked for.
 * @param most characters shown at first
 */
export function longText(holder: HTMLElement, text: string, most: number): HTMLElement {
  const whole = readable(text);
  const beginning = shorten(whole, most);
  holder.textContent = beginning;
  if (whole.length <= most) return holder;
  const all = `Show all ${formatCount(whole.length)} characters`;
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
