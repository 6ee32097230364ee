import { element } from './elements.js';

const refreshIntervalMs = 30_000;
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'always', style: 'narrow' });
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

/** A `<time>` that says how long ago and shows the exact UTC time as its title. */
export function timeElement(iso: string): HTMLElement {
  const time = new Date(iso);
  if (Number.isNaN(time.getTime())) return element('span', {}, 'at an unknown time');
  return element(
    'time',
    { datetime: time.toISOString(), title: exactTime(time) },
    relativeTime(time, new Date()),
  );
}

/** Keeps every `<time>` of the page true while it stays open. */
export function keepTimesFresh(): void {
  setInterval(() => {
    const now = new Date();
    for (const shown of document.querySelectorAll('time')) {
      const text = relativeTime(new Date(shown.dateTime), now);
      if (shown.textContent !== text) shown.textContent = text;
    }
  }, refreshIntervalMs);
}
