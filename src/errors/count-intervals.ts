import { HOUR_MS, hourOf } from './hours';

/** Intervals of one length that follow each other, oldest first; in whole hours since 1970, UTC. */
export interface Intervals {
  /** where the first one begins */
  firstHour: number;
  hoursEach: number;
  length: number;
}

/** The last day by the hour, or the last two weeks by 24 hours. */
export const RECENT_COUNTS = ['24h', '14d'] as const;
export type RecentCounts = (typeof RECENT_COUNTS)[number];

/** Intervals of which the last one ends with the current hour. */
export function recentIntervals(counts: RecentCounts, now: Date): Intervals {
  const [hoursEach, length] = counts === '24h' ? [1, 24] : [24, 14];
  return { firstHour: hourOf(now) + 1 - hoursEach * length, hoursEach, length };
}

/** The hour with which intervals end; it is not in them any more. */
export function endHourOf({ firstHour, hoursEach, length }: Intervals): number {
  return firstHour + hoursEach * length;
}

/** Where intervals begin and end, for an answer. */
export function toRange(intervals: Intervals): { since: string; until: string } {
  return { since: hourToIso(intervals.firstHour), until: hourToIso(endHourOf(intervals)) };
}

function hourToIso(hour: number): string {
  return new Date(hour * HOUR_MS).toISOString();
}
