import { Injectable, NotFoundException } from '@nestjs/common';
import { DatabaseReader } from '../database/database-reader';
import type { Intervals } from './count-intervals';
import type { ErrorWithNewest } from './error-details';
import { unknownError } from './error-id.pipe';
import type { ErrorRead, ErrorReadResults } from './error-reads';
import type { ErrorTitle } from './error-titles';
import type { Totals } from './error-totals';
import type { EventKey } from './event-places';
import type { EventAnswer } from './events.answers';

/** What can be read of errors quickly; `ErrorLists` has the rest. */
@Injectable()
export class ErrorsService {
  constructor(private readonly reader: DatabaseReader) {}

  /**
   * The JSON of `ErrorWithOccurrences`: an error with its newest occurrences, newest first.
   * @throws NotFoundException when there is no such error
   */
  async getJson(id: number): Promise<string> {
    return found(id, await this.ask({ kind: 'detail', id }));
  }

  /** An error with its newest report, or null when there is no such error. */
  findWithNewest(id: number): Promise<ErrorWithNewest | null> {
    return this.ask({ kind: 'newest', id });
  }

  /**
   * How often an error was reported in each interval.
   * @throws NotFoundException when there is no such error
   */
  async getCounts(id: number, intervals: Intervals): Promise<number[]> {
    return found(id, await this.ask({ kind: 'counts', id, intervals }));
  }

  /** Names errors, newest first, those that are still there. */
  findTitles(ids: readonly number[]): Promise<ErrorTitle[]> {
    return this.ask({ kind: 'titles', ids });
  }

  /**
   * Where an event is.
   * @throws NotFoundException when its id is not known, or its error has been deleted
   */
  async getEvent(key: EventKey): Promise<EventAnswer> {
    const event = await this.ask({ kind: 'event', key });
    if (event) return event;
    throw new NotFoundException(
      `There is no event ${key.eventId}: ids are kept for 30 days, at most the newest million`,
    );
  }

  /** How many errors there are. */
  getTotals(): Promise<Totals> {
    return this.ask({ kind: 'totals' });
  }

  /** How many errors were resolved and last seen before a time. */
  countExpired(before: Date): Promise<number> {
    return this.ask({ kind: 'expired', before });
  }

  private async ask<Kind extends ErrorRead['kind']>(
    request: Extract<ErrorRead, { kind: Kind }>,
  ): Promise<ErrorReadResults[Kind]> {
    return (await this.reader.ask('errors/error-reads', request)) as ErrorReadResults[Kind];
  }
}

function found<Result>(id: number, result: Result | null): Result {
  if (result === null) throw unknownError(id);
  return result;
}
