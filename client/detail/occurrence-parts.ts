import type { ErrorDetail, Occurrence } from '../api-answers.js';
import { button, element } from '../elements.js';
import { isExactNumber } from '../exact-json.js';
import { readable } from '../readable-text.js';
import { oneLine, plural } from '../text.js';
import { breadcrumbList } from './breadcrumb-list.js';
import { contextTables } from './context-tables.js';
import { jsonTree } from './json-tree.js';
import { longestMessageLines, longText } from './long-text.js';
import { type Copy, occurrenceFacts } from './occurrence-facts.js';
import { tagChips } from './tag-chips.js';
import { valueTable } from './value-table.js';

const longestMessageShown = 4_000;
const mostCutNamed = 20;

/**
 * What an occurrence says, each part under its own heading.
 * @param stack its stack trace, where it is not shown already
 */
export function occurrenceParts(
  occurrence: Occurrence,
  error: ErrorDetail,
  stack: HTMLElement | null,
  copy: Copy,
): HTMLElement[] {
  const { request_headers: headers, extra, breadcrumbs, tags, user, contexts, cut, exceptions } = occurrence;
  const hasExceptions = exceptions !== null && exceptions.length > 0;
  // Of exceptions the stack trace says it.
  const isSaid = occurrence.message === error.message || exceptions?.[0]?.value === occurrence.message;
  const parts = [
    cut?.length ? cutNote(cut) : null,
    isSaid ? null : messagePart(occurrence.message),
    occurrenceFacts(occurrence, copy),
    isEmpty(tags) ? null : part('Tags', tagChips(Object.entries(tags))),
    hasExceptions ? stack : null,
    isEmpty(breadcrumbs)
      ? null
      : part(`Breadcrumbs`, breadcrumbList(breadcrumbs, occurrence), { kind: 'breadcrumbs' }),
    isEmpty(user) ? null : part('User', valueTable(user, plural(Object.keys(user).length, 'field'))),
    isEmpty(contexts) ? null : part('Contexts', contextTables(contexts)),
    headers === null ? null : part('Headers', headersOf(headers)),
    extra === null ? null : part('Extra', jsonTree(extra), { tool: copyJsonButton(extra, copy) }),
    hasExceptions ? null : stack,
  ];
  return parts.filter((made) => made !== null);
}

function isEmpty(value: object | null): value is null {
  return value === null || Object.keys(value).length === 0;
}

function cutNote(cut: readonly string[]): HTMLElement {
  const names = cut.slice(0, mostCutNamed).map((name) => oneLine(readable(name), 60));
  return element(
    'p',
    { class: 'cut-note' },
    'Not all of this report is shown: ',
    element('span', { class: 'outside' }, names.join(', ')),
    ' had to be cut, since it was too large.',
  );
}

function messagePart(message: string): HTMLElement {
  const holder = element('p', { class: 'message outside' });
  return part(
    'Message, not that of the first report',
    longText(holder, message, longestMessageShown, longestMessageLines),
  );
}

function part(
  title: string,
  content: HTMLElement,
  { tool = null, kind = '' }: { tool?: HTMLElement | null; kind?: string } = {},
): HTMLElement {
  return element(
    'section',
    { class: `occurrence-part ${kind}`.trim(), 'aria-label': title },
    element('div', { class: 'occurrence-part-head' }, element('h3', {}, title), tool),
    content,
  );
}

function copyJsonButton(value: unknown, copy: Copy): HTMLElement {
  return button('Copy as JSON', () => copy('JSON', JSON.stringify(value, null, 2)), { class: 'link' });
}

/** Headers as they nearly always are, names with one text each, are a table; anything else is a tree. */
function headersOf(headers: unknown): HTMLElement {
  const isObject = typeof headers === 'object' && headers !== null && !isExactNumber(headers);
  return valueTable(headers, isObject ? plural(Object.keys(headers).length, 'header') : '', true);
}
