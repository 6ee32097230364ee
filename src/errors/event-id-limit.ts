import { Injectable, Logger } from '@nestjs/common';
import { OnEvent } from '@nestjs/event-emitter';
import { REPORTS_COMMITTED, type ReportsCommit } from './error-events';
import { WriteQueue } from './write-queue';

/** About 150 MB, their index included. */
const MOST_KEPT = 1_000_000;
/** After so many events that were stored. */
const EVENTS_BETWEEN = 200;
/** For each of those, so that a table that has grown too large shrinks. */
const FORGOTTEN_FOR_EACH = 1.1;

/** Keeps the ids of events to a number while many come in; those that are too old are the business of retention. */
@Injectable()
export class EventIdLimit {
  private readonly logger = new Logger('EventIds');
  private sinceLast = 0;

  constructor(private readonly writeQueue: WriteQueue) {}

  @OnEvent(REPORTS_COMMITTED)
  noteCommit({ events }: ReportsCommit): void {
    this.sinceLast += events;
    if (this.sinceLast < EVENTS_BETWEEN) return;
    const most = Math.ceil(this.sinceLast * FORGOTTEN_FOR_EACH);
    this.sinceLast = 0;
    this.writeQueue
      .ask({ kind: 'limit-event-ids', kept: MOST_KEPT, most })
      .catch((error: unknown) => this.logger.debug(`Ids stay until more come in: ${String(error)}`));
  }
}
