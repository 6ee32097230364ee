import type { ErrorDetail, Occurrence } from '../api-answers.js';
import { button, element } from '../elements.js';
import { isExactNumber } from '../exact-json.js';
import { oneLine, plural } from '../text.js';
import { jsonTree } from './json-tree.js';
import { longText } from './long-text.js';
import { readable } from '../readable-text.js';

const longestLineShown = 500;
const longestMessageShown = 4_000;
const longestNameShown = 200;
const mostRows = 100;

export type Copy = (what: string, text: string) => void;

/** What an occurrence says beside its stack trace, each part under its own heading. */
export function occurrenceParts(occurrence: Occurrence, error: ErrorDetail, copy: Copy): HTMLElement[] {
  const { request_headers: headers, extra } = occurrence;
  return [
    ...(occurrence.message === error.message ? [] : [messagePart(occurrence.message)]),
    requestPart(occurrence, copy),
    ...(headers === null ? [] : [part('Headers', headersOf(headers))]),
    ...(extra === null ? [] : [part('Extra', jsonTree(extra), copyJsonButton(extra, copy))]),
  ];
}

function messagePart(message: string): HTMLElement {
  const holder = element('p', { class: 'message outside' });
  return part('Message, not that of the first report', longText(holder, message, longestMessageShown));
}

/** Never a link: the address came from outside. */
function requestPart({ request_method: method, request_url: url, user_id: user }: Occurrence, copy: Copy) {
  const holder = element('span', { class: 'request outside' });
  const request =
    url === null && method === null
      ? element('span', { class: 'nothing' }, 'not sent')
      : longText(holder, [method, url].filter((text) => text !== null).join(' '), longestLineShown);
  return element(
    'dl',
    { class: 'facts-list' },
    element('dt', {}, 'Request'),
    element(
      'dd',
      {},
      request,
      url === null ? null : button('Copy URL', () => copy('URL', url), { class: 'link' }),
    ),
    element('dt', {}, 'User'),
    user === null
      ? element('dd', { class: 'nothing' }, 'not sent')
      : element('dd', { class: 'outside' }, oneLine(readable(user), longestNameShown)),
  );
}

function part(title: string, content: HTMLElement, tool: HTMLElement | null = null): HTMLElement {
  return element(
    'section',
    { class: 'occurrence-part', 'aria-label': title },
    element('div', { class: 'occurrence-part-head' }, element('h3', {}, title), tool),
    content,
  );
}

function copyJsonButton(value: unknown, copy: Copy): HTMLElement {
  return button('Copy as JSON', () => copy('JSON', JSON.stringify(value, null, 2)), { class: 'link' });
}

/** Headers as they nearly always are, names with one text each, are a table; anything else is a tree. */
function headersOf(headers: unknown): HTMLElement {
  const isObject = typeof headers === 'object' && headers !== null && !Array.isArray(headers);
  if (!isObject || isExactNumber(headers)) return jsonTree(headers);
  const entries = Object.entries(headers) as [string, unknown][];
  const isFlat = entries.every(([, value]) => typeof value !== 'object' || value === null);
  return isFlat && entries.length > 0 && entries.length <= mostRows ? tableOf(entries) : jsonTree(headers);
}

function tableOf(entries: [string, unknown][]): HTMLElement {
  const rows = entries.map(([name, value]) => {
    const holder = element('span', { class: 'outside' });
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return element(
      'tr',
      {},
      element('th', { scope: 'row', class: 'outside' }, oneLine(readable(name), longestNameShown) || '""'),
      element('td', {}, longText(holder, text, longestLineShown)),
    );
  });
  return element(
    'table',
    { class: 'headers' },
    element('caption', { class: 'visually-hidden' }, plural(entries.length, 'header')),
    element('tbody', {}, ...rows),
  );
}
