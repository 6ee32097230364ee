import type { ErrorWithOccurrences, Occurrence } from './api.js';
import { element } from './elements.js';
import { plural } from './text.js';
import { timeElement } from './time.js';

/** Everything known about one error: its message and traceback in full, then the last occurrences. */
export function errorDetail({ error, occurrences }: ErrorWithOccurrences): HTMLElement {
  return element(
    'div',
    { class: 'detail' },
    error.message ? block('Message', error.message, 'message') : null,
    error.traceback
      ? block('Traceback', error.traceback, 'traceback')
      : section('Traceback', element('p', { class: 'hint' }, 'None was sent.')),
    section(
      occurrences.length === 0 ? 'Occurrences' : `Last ${plural(occurrences.length, 'occurrence')}`,
      occurrences.length === 0
        ? element('p', { class: 'hint' }, 'None is kept.')
        : element('ol', { class: 'occurrences' }, ...occurrences.map(occurrenceItem)),
    ),
    element(
      'p',
      { class: 'hint fingerprint' },
      'Fingerprint ',
      element('code', { class: 'outside' }, error.fingerprint),
    ),
  );
}

function occurrenceItem(occurrence: Occurrence): HTMLElement {
  const { request_method: method, request_url: url, user_id: user } = occurrence;
  const request = [method, url].filter((part) => part !== null && part !== '').join(' ');
  return element(
    'li',
    {},
    element(
      'p',
      { class: 'occurrence-line' },
      timeElement(occurrence.timestamp),
      // As text on purpose: a reported address is not one to click.
      request ? element('code', { class: 'outside' }, request) : null,
      user ? element('span', {}, 'user ', element('code', { class: 'outside' }, user)) : null,
    ),
    json('Headers', occurrence.request_headers),
    json('Extra', occurrence.extra),
  );
}

function json(label: string, value: unknown): HTMLElement | null {
  if (value === null || value === undefined) return null;
  const pretty = element('pre', { tabindex: '0', 'aria-label': label }, JSON.stringify(value, null, 2));
  return element('details', {}, element('summary', {}, label), pretty);
}

function block(title: string, text: string, kind: string): HTMLElement {
  return section(title, element('pre', { class: kind, tabindex: '0', 'aria-label': title }, text));
}

function section(title: string, content: HTMLElement): HTMLElement {
  return element('section', {}, element('h3', {}, title), content);
}
