import { element } from '../elements.js';
import { isExactNumber } from '../exact-json.js';
import { readable } from '../readable-text.js';
import { oneLine } from '../text.js';
import { jsonTree } from './json-tree.js';
import { longText } from './long-text.js';

const longestLineShown = 500;
const longestNameShown = 100;
const longestUnbroken = 20;
const mostRows = 100;

/**
 * JSON as a table of names and values, where it is an object that is not too large for one; anything else as a tree.
 * @param isFlatOnly makes an object with objects in it a tree, too
 */
export function valueTable(value: unknown, caption: string, isFlatOnly = false): HTMLElement {
  if (!isObject(value)) return jsonTree(value);
  const entries = Object.entries(value) as [string, unknown][];
  const isTable = entries.length > 0 && entries.length <= mostRows;
  return isTable && !(isFlatOnly && entries.some(([, inner]) => isBranch(inner)))
    ? tableOf(entries, caption)
    : jsonTree(value);
}

function tableOf(entries: [string, unknown][], caption: string): HTMLElement {
  const rows = entries.map(([name, value]) =>
    element('tr', {}, nameOf(name), element('td', {}, cellOf(value))),
  );
  return element(
    'table',
    { class: 'values' },
    element('caption', { class: 'visually-hidden' }, caption),
    element('tbody', {}, ...rows),
  );
}

/** Only a long name is broken. */
function nameOf(name: string): HTMLElement {
  const shown = oneLine(readable(name), longestNameShown) || '""';
  const kind = shown.length > longestUnbroken ? 'outside' : 'outside unbroken';
  return element('th', { scope: 'row', class: kind }, shown);
}

function cellOf(value: unknown): HTMLElement {
  if (isBranch(value)) return jsonTree(value);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return longText(element('span', { class: 'outside' }), text, longestLineShown);
}

function isObject(value: unknown): value is object {
  return isBranch(value) && !Array.isArray(value);
}

function isBranch(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !isExactNumber(value);
}
