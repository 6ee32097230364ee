import { BadRequestException, Injectable } from '@nestjs/common';
import { endHourOf, type Intervals, toRange } from './count-intervals';
import type { ErrorCountsAnswer } from './error-counts.answers';
import type { CountInterval, ErrorCountsQuery } from './error-counts.query';
import { ErrorsService } from './errors.service';
import { HOUR_MS } from './hours';

/** By hours that is a hundred days; so many rows are read in a few milliseconds. */
const MOST_INTERVALS = 2_400;

const HOURS: Record<CountInterval, number> = { hour: 1, day: 24 };
const USUAL_LENGTH: Record<CountInterval, number> = { hour: 24, day: 14 };

/** Where the year 9999 ends: later times cannot be told in the usual form. */
const LAST_HOUR = Date.UTC(10_000, 0) / HOUR_MS - 1;

/** How often an error was reported, hour by hour or day by day. */
@Injectable()
export class ErrorCounts {
  constructor(private readonly errors: ErrorsService) {}

  /**
   * The counts of the intervals that a range touches.
   * @throws BadRequestException when the range is empty or too long, NotFoundException when there is no such error
   */
  async get(id: number, query: ErrorCountsQuery, now: Date): Promise<ErrorCountsAnswer> {
    const intervals = toIntervals(query, now);
    const counts = await this.errors.getCounts(id, intervals);
    return { interval: query.interval, ...toRange(intervals), counts };
  }
}

function toIntervals({ interval, since, until }: ErrorCountsQuery, now: Date): Intervals {
  const hoursEach = HOURS[interval];
  const intervalMs = hoursEach * HOUR_MS;
  const end = until ? Math.ceil(until.getTime() / intervalMs) : Math.floor(now.getTime() / intervalMs) + 1;
  const first = since ? Math.floor(since.getTime() / intervalMs) : end - USUAL_LENGTH[interval];
  if (first >= end || (since && until && since >= until)) {
    throw new BadRequestException(
      `since must be before until, which is the end of the current ${interval} unless given`,
    );
  }
  const intervals = { firstHour: first * hoursEach, hoursEach, length: end - first };
  if (intervals.firstHour < 0 || endHourOf(intervals) > LAST_HOUR) {
    throw new BadRequestException('since and until must be in the years 1970 to 9999');
  }
  if (intervals.length > MOST_INTERVALS) {
    throw new BadRequestException(
      `At most ${MOST_INTERVALS} ${interval}s are counted at once: choose a shorter range`,
    );
  }
  return intervals;
}
