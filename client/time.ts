import { element } from './elements.js';

const refreshIntervalMs = 30_000;
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'always', style: 'narrow' });
// Sweden writes dates in the order of ISO 8601.
const localFormat = new Intl.DateTimeFormat('sv', { dateStyle: 'short', timeStyle: 'medium' });
const units: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['year', 365 * 86_400],
  ['month', 30 * 86_400],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

/** How long ago, in the largest whole unit. A clock ahead of ours is `just now` too. */
export function relativeTime(time: Date, now: Date): string {
  const seconds = (now.getTime() - time.getTime()) / 1_000;
  for (const [unit, unitSeconds] of units) {
    if (seconds >= unitSeconds) return relative.format(-Math.floor(seconds / unitSeconds), unit);
  }
  return 'just now';
}

/** `exactTime(new Date(0))` is `1970-01-01 00:00:00 UTC`. */
export function exactTime(time: Date): string {
  return `${time.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** `localTime(new Date(0))` is `1970-01-01 01:00:00` in Paris. */
export function localTime(time: Date): string {
  return localFormat.format(time);
}

/** A `<time>` that says how long ago; the exact time stands in its title, in the viewer's zone and in UTC. */
export function timeElement(iso: string): HTMLElement {
  const time = new Date(iso);
  if (Number.isNaN(time.getTime())) return element('span', {}, 'at an unknown time');
  return element(
    'time',
    { datetime: time.toISOString(), title: `${localTime(time)} (${exactTime(time)})` },
    relativeTime(time, new Date()),
  );
}

/** A `<time>` that says when in the viewer's zone, with UTC as its title: for what is compared with logs. */
export function exactTimeElement(iso: string): HTMLElement {
  const time = new Date(iso);
  if (Number.isNaN(time.getTime())) return element('span', {}, 'at an unknown time');
  const attributes = { datetime: time.toISOString(), title: exactTime(time), class: 'exact' };
  return element('time', attributes, localTime(time));
}

/** Keeps every relative `<time>` of the page true while it stays open. */
export function keepTimesFresh(): void {
  setInterval(() => {
    const now = new Date();
    for (const shown of document.querySelectorAll<HTMLTimeElement>('time:not(.exact)')) {
      const text = relativeTime(new Date(shown.dateTime), now);
      if (shown.textContent !== text) shown.textContent = text;
    }
  }, refreshIntervalMs);
}
