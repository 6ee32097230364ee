/** Reports within one bar of the chart. */
export interface Bucket {
  /** below the bar: `14:00`, `11-23` */
  label: string;
  /** in full, in the viewer's zone: `2026-11-23 14:00` */
  title: string;
  count: number;
}

const hourMs = 3_600_000;

/**
 * Counts by hour as bars, in the viewer's zone.
 * @param counts one an hour, oldest first
 * @param since where the first hour begins
 */
export function toHours(counts: readonly number[], since: Date, timeZone?: string): Bucket[] {
  // Sweden writes dates in the order of ISO 8601.
  const format = new Intl.DateTimeFormat('sv', { dateStyle: 'short', timeStyle: 'short', timeZone });
  return counts.map((count, index) => {
    const title = format.format(since.getTime() + index * hourMs);
    return { label: title.slice(-5), title, count };
  });
}

/**
 * Counts by hour as one bar for each calendar day of the viewer's zone, so that a day has 23 or 25 hours when the clocks
 * change. An hour that lies in two days, in zones half an hour off, belongs to the day it begins in.
 * @param most of the newest days; hours before are left out
 */
export function toDays(counts: readonly number[], since: Date, most: number, timeZone?: string): Bucket[] {
  const format = new Intl.DateTimeFormat('sv', { dateStyle: 'short', timeZone });
  const days = new Map<string, number>();
  for (const [index, count] of counts.entries()) {
    const day = format.format(since.getTime() + index * hourMs);
    days.set(day, (days.get(day) ?? 0) + count);
  }
  return [...days].slice(-most).map(([title, count]) => ({ label: title.slice(-5), title, count }));
}
