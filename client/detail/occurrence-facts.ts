import type { Occurrence } from '../api-answers.js';
import { button, element } from '../elements.js';
import { readable } from '../readable-text.js';
import { oneLine } from '../text.js';
import { exactTimeElement } from '../time.js';
import { handledMark } from './exception-list.js';
import { levelMark } from '../level-mark.js';
import { longText } from './long-text.js';
import { toTagAddress } from './tag-address.js';
import { tagLink } from './tag-link.js';

const longestLineShown = 500;
const longestNameShown = 200;
const worthTellingMs = 2_000;

export type Copy = (what: string, text: string) => void;

/** Where a report came from, each fact in a line. What the client of an event did not send is left out. */
export function occurrenceFacts(occurrence: Occurrence, copy: Copy): HTMLElement {
  return occurrence.event_id === null
    ? element('dl', { class: 'facts-list' }, ...factsOfReport(occurrence, copy))
    : element('dl', { class: 'figures event-facts' }, ...factsOfEvent(occurrence, copy));
}

function factsOfReport(occurrence: Occurrence, copy: Copy): HTMLElement[] {
  const { user_id: user } = occurrence;
  return [
    ...pair('Request', requestOf(occurrence, copy) ?? notSent()),
    ...pair('User', user === null ? notSent() : plain(user)),
  ];
}

function factsOfEvent(occurrence: Occurrence, copy: Copy): HTMLElement[] {
  const { user_id: user, environment, release, level, platform, sdk, event_id: id, handled } = occurrence;
  const client = [sdk?.name, sdk?.version].filter(Boolean).join(' ');
  const levelLink = element('a', { class: 'tag-link', href: toTagAddress('level', level) }, levelMark(level));
  return [
    fact('Request', requestOf(occurrence, copy), 'wide'),
    fact('Happened', isLate(occurrence) ? exactTimeElement(occurrence.occurred_at) : null),
    fact('Environment', environment === null ? null : tagLink('environment', environment)),
    fact('Release', release === null ? null : tagLink('release', release)),
    fact('Level', levelLink),
    fact('Handled', handled === null ? null : handledMark(handled)),
    fact('User', user === null ? null : tagLink('user', user)),
    fact('Platform', platform === null ? null : plain(platform)),
    fact('SDK', client === '' ? null : plain(client)),
    fact('Event ID', id === null ? null : eventIdOf(id, copy), 'wide'),
  ].filter((made) => made !== null);
}

/** Whether it arrived later, or earlier by another clock, than the time that is shown above can tell. */
function isLate(occurrence: Occurrence): occurrence is Occurrence & { occurred_at: string } {
  const { timestamp, occurred_at: occurredAt } = occurrence;
  if (typeof occurredAt !== 'string') return false;
  return Math.abs(Date.parse(timestamp) - Date.parse(occurredAt)) >= worthTellingMs;
}

function fact(name: string, value: HTMLElement | null, kind = ''): HTMLElement | null {
  return value && element('div', { class: kind }, ...pair(name, value));
}

function pair(name: string, value: HTMLElement): HTMLElement[] {
  return [element('dt', {}, name), element('dd', {}, value)];
}

/** Never a link: the address came from outside. */
function requestOf({ request_method: method, request_url: url }: Occurrence, copy: Copy): HTMLElement | null {
  if (url === null && method === null) return null;
  const holder = element('span', { class: 'request outside' });
  return element(
    'div',
    {},
    longText(holder, [method, url].filter((text) => text !== null).join(' '), longestLineShown),
    url === null ? null : button('Copy URL', () => copy('URL', url), { class: 'link' }),
  );
}

function eventIdOf(id: string, copy: Copy): HTMLElement {
  return element(
    'span',
    {},
    element('span', { class: 'event-id outside' }, id),
    button('Copy', () => copy('Event ID', id), { class: 'link', 'aria-label': 'Copy the event ID' }),
  );
}

function plain(text: string): HTMLElement {
  return element('span', { class: 'outside' }, oneLine(readable(text), longestNameShown));
}

function notSent(): HTMLElement {
  return element('span', { class: 'nothing' }, 'not sent');
}
