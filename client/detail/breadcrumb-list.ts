import type { Breadcrumb, Occurrence } from '../api-answers.js';
import { button, element } from '../elements.js';
import { readable } from '../readable-text.js';
import { formatCount, oneLine, plural } from '../text.js';
import { exactTime, localTime } from '../time.js';
import { beforeError, crumbText } from './crumb-text.js';
import { focusItem } from './focus-item.js';
import { jsonTree } from './json-tree.js';
import { lazyDetails } from './lazy-details.js';
import { levelMark } from '../level-mark.js';
import { longestMessageLines, longText } from './long-text.js';

const shownAtFirst = 10;
const longestTextShown = 500;
const longestNameShown = 60;
/** How the place in time is marked; what is usual needs no colour. */
const marks = new Map([
  ['warning', 'is-warning'],
  ['error', 'is-bad'],
  ['fatal', 'is-bad'],
]);

/** What happened before an error, the newest first, beside how long before it was. */
export function breadcrumbList(breadcrumbs: readonly Breadcrumb[], occurrence: Occurrence): HTMLElement {
  const newestFirst = [...breadcrumbs].reverse();
  const errorAt = timeOfError(newestFirst, occurrence);
  const list = element('ol', { class: 'crumbs' }, errorItem(errorAt));
  list.append(...newestFirst.slice(0, shownAtFirst).map((crumb) => crumbItem(crumb, errorAt)));
  const rest = newestFirst.slice(shownAtFirst);
  if (rest.length === 0) return list;
  const all = button(`Show all ${formatCount(breadcrumbs.length)}`, () => {
    all.remove();
    const before = list.childElementCount;
    list.append(...rest.map((crumb) => crumbItem(crumb, errorAt)));
    focusItem(list.children[before]);
  });
  return element('div', {}, list, all);
}

/** Where only the time of arrival is known, the client's clock may be ahead: then the newest breadcrumb was at the error. */
function timeOfError(
  newestFirst: readonly Breadcrumb[],
  { occurred_at: occurredAt, timestamp }: Occurrence,
): number {
  const times = newestFirst
    .map((crumb) => Date.parse(crumb.timestamp ?? ''))
    .filter((time) => !Number.isNaN(time));
  return Math.max(Date.parse(occurredAt ?? timestamp), ...times);
}

function errorItem(errorAt: number): HTMLElement {
  return element(
    'li',
    { class: 'crumb is-error' },
    whenOf(errorAt, errorAt),
    element('span', { class: 'crumb-kind empty' }),
    element('span', { class: 'crumb-what' }, 'The error'),
  );
}

function crumbItem(crumb: Breadcrumb, errorAt: number): HTMLElement {
  const { level, category, type, data } = crumb;
  const text = crumbText(crumb);
  const kind = category ?? type;
  return element(
    'li',
    { class: `crumb ${marks.get(level ?? '') ?? ''}`.trim() },
    whenOf(Date.parse(crumb.timestamp ?? ''), errorAt),
    element(
      'span',
      { class: 'crumb-kind' },
      kind === null
        ? null
        : element('span', { class: 'category outside' }, oneLine(readable(kind), longestNameShown)),
      level === null ? null : levelMark(level),
    ),
    element(
      'div',
      { class: 'crumb-what' },
      text === null
        ? null
        : longText(element('p', { class: 'message outside' }), text, longestTextShown, longestMessageLines),
      hasContent(data) ? dataOf(data) : null,
    ),
  );
}

/** To the millisecond, in the viewer's zone; the day as well when it is another one. */
function whenOf(at: number, errorAt: number): HTMLElement {
  if (Number.isNaN(at)) return element('span', { class: 'crumb-when nothing' }, 'at an unknown time');
  const time = new Date(at);
  const [day, clock] = localTime(time).split(' ') as [string, string];
  const isOtherDay = !localTime(new Date(errorAt)).startsWith(day);
  const milliseconds = String(time.getMilliseconds()).padStart(3, '0');
  return element(
    'span',
    { class: 'crumb-when' },
    element(
      'time',
      { datetime: time.toISOString(), title: exactTime(time), class: 'exact' },
      `${isOtherDay ? `${day} ` : ''}${clock}.${milliseconds}`,
    ),
    at === errorAt ? null : element('span', { class: 'before' }, beforeError(errorAt - at)),
  );
}

function hasContent(data: unknown): boolean {
  return typeof data === 'object' ? data !== null && Object.keys(data).length > 0 : data !== undefined;
}

function dataOf(data: unknown): HTMLElement {
  const size = typeof data === 'object' && data !== null ? Object.keys(data).length : 1;
  return lazyDetails('crumb-data', [plural(size, 'value')], () => jsonTree(data));
}
