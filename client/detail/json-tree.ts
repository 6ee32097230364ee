import { button, element } from '../elements.js';
import { isExactNumber } from '../exact-json.js';
import { formatCount, oneLine, plural, shorten } from '../text.js';
import { longText } from './long-text.js';
import { readable } from '../readable-text.js';

const shownAtOnce = 100;
/** Branches up to this deep and this small are open from the beginning. */
const openLevels = 2;
const openEntries = 10;
/** Deeper branches are drawn below each other: there is no room for more steps to the right. */
const mostSteps = 10;
const longestKeyShown = 200;
const longestStringShown = 500;
const previewedEntries = 4;
const longestPreview = 80;
const longestPreviewPart = 30;

/** JSON of any shape and size as a tree; what is in a branch is drawn when it is opened. */
export function jsonTree(value: unknown): HTMLElement {
  const tree = element('div', { class: 'json' });
  if (isBranch(value)) fill(tree, Object.entries(value), Array.isArray(value), 0);
  else tree.append(leaf(value));
  return tree;
}

function isBranch(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !isExactNumber(value);
}

function fill(place: HTMLElement, entries: [string, unknown][], isList: boolean, level: number): void {
  if (entries.length === 0) place.append(element('p', { class: 'nothing' }, isList ? '[]' : '{}'));
  for (const [key, value] of entries.slice(0, shownAtOnce)) place.append(entry(key, value, isList, level));
  const rest = entries.slice(shownAtOnce);
  if (rest.length === 0) return;
  const next = Math.min(rest.length, shownAtOnce);
  const more = button(
    `Show ${formatCount(next)} more of ${formatCount(rest.length)}`,
    () => {
      more.remove();
      fill(place, rest, isList, level);
    },
    { class: 'fold' },
  );
  place.append(more);
}

function entry(key: string, value: unknown, isInList: boolean, level: number): HTMLElement {
  const shownKey = oneLine(readable(key), longestKeyShown) || '""';
  const name = element('span', { class: `key outside${isInList ? ' index' : ''}` }, shownKey);
  if (!isBranch(value)) return element('div', { class: 'leaf' }, name, ': ', leaf(value));
  return branch(name, value, level);
}

function branch(name: HTMLElement, value: object, level: number): HTMLElement {
  const isList = Array.isArray(value);
  const entries = Object.entries(value) as [string, unknown][];
  const size = plural(entries.length, isList ? 'item' : 'key');
  const made = element(
    'details',
    { class: level < mostSteps ? 'step' : '' },
    element(
      'summary',
      {},
      name,
      element('span', { class: 'size' }, `${isList ? '[' : '{'}${size}${isList ? ']' : '}'}`),
      element('span', { class: 'preview outside' }, preview(entries, isList)),
    ),
  );
  let isFilled = false;
  const open = () => {
    if (isFilled || !made.open) return;
    isFilled = true;
    fill(made, entries, isList, level + 1);
  };
  made.addEventListener('toggle', open);
  made.open = level < openLevels - 1 && entries.length <= openEntries;
  open();
  return made;
}

/** The first few of what is in a closed branch. */
function preview(entries: [string, unknown][], isList: boolean): string {
  const parts = entries.slice(0, previewedEntries).map(([key, value]) => {
    const shown = isBranch(value) ? (Array.isArray(value) ? '[…]' : '{…}') : shortLeaf(value);
    return isList ? shown : `${isolate(oneLine(readable(key), longestPreviewPart))}: ${shown}`;
  });
  return shorten(parts.join(', '), longestPreview);
}

function shortLeaf(value: unknown): string {
  return typeof value === 'string'
    ? `“${isolate(oneLine(readable(value), longestPreviewPart))}”`
    : JSON.stringify(value);
}

/** With the characters that keep the direction of a text to itself. */
function isolate(text: string): string {
  return `\u2068${text}\u2069`;
}

function leaf(value: unknown): HTMLElement {
  if (typeof value !== 'string') {
    return element('span', { class: value === null ? 'null' : 'number' }, JSON.stringify(value));
  }
  if (value === '') return element('span', { class: 'null' }, 'empty text');
  // The quotes stand outside of what turns its direction.
  const text = longText(element('span', { class: 'outside' }), value, longestStringShown);
  return element('span', { class: 'string' }, text);
}
