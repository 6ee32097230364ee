import { element } from '../elements.js';
import { shorten } from '../text.js';

const longestIdShown = 40;

/** The id in the path of an error's address; `null` when no error can have it. */
export function parseErrorId(path: string): number | null {
  const id = Number(/^\/errors\/(\d+)\/?$/.exec(path)?.[1] ?? NaN);
  return Number.isSafeInteger(id) && id > 0 ? id : null;
}

/** What is said when there is no error at this path. */
export function missingError(path: string, listAddress: string): HTMLElement {
  const id = path.split('/')[2] ?? '';
  return element(
    'div',
    { class: 'notice' },
    element('h2', { class: 'outside' }, `There is no error ${shorten(id, longestIdShown)}`),
    element('p', {}, 'It may have been deleted, or it was resolved long ago and has been pruned since.'),
    element('a', { class: 'button', href: listAddress }, 'Go to the list'),
  );
}
