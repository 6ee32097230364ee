import { element } from '../elements.js';
import { readable } from '../readable-text.js';
import { oneLine } from '../text.js';
import { toTagAddress } from './tag-address.js';

const longestShown = 80;

/** A value of a tag, which leads to all errors that had it. */
export function tagLink(name: string, value: string): HTMLElement {
  const shown = oneLine(readable(value), longestShown);
  return element(
    'a',
    {
      href: toTagAddress(name, value),
      class: 'tag-link outside',
      ...(shown === value ? {} : { title: value }),
    },
    shown || '""',
  );
}
