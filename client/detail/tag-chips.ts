import { element } from '../elements.js';
import { readable } from '../readable-text.js';
import { oneLine } from '../text.js';
import { toTagAddress } from './tag-address.js';

const longestNameShown = 60;
const longestValueShown = 200;

/** Tags by name, each of which leads to all errors that had it. */
export function tagChips(tags: readonly (readonly [name: string, value: string])[]): HTMLElement {
  const sorted = [...tags].sort(([one], [other]) => (one < other ? -1 : 1));
  return element(
    'ul',
    { class: 'tag-chips' },
    ...sorted.map(([name, value]) => element('li', {}, chip(name, value))),
  );
}

function chip(name: string, value: string): HTMLElement {
  return element(
    'a',
    { class: 'tag-chip', href: toTagAddress(name, value) },
    element('span', { class: 'tag-name outside' }, shown(name, longestNameShown)),
    // Read aloud, and where there are no styles.
    element('span', { class: 'visually-hidden' }, ': '),
    element('span', { class: 'tag-value outside' }, shown(value, longestValueShown)),
  );
}

function shown(text: string, most: number): string {
  return oneLine(readable(text), most) || '""';
}
