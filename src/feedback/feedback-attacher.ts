import { BeforeApplicationShutdown, Injectable, Logger, OnApplicationBootstrap } from '@nestjs/common';
import { DatabaseWriter } from '../database/database-writer';
import { toSqlTime } from '../database/sql-time';
import type { FeedbackPlace } from './feedback';
import type { Attached, FeedbackWrite } from './feedback-writes';

/** Feedback that comes just before its event need not wait longer; each further pause is twice as long. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 5 * 60_000;
/** The event of feedback that is older comes no more. */
const LONGEST_WAIT_MS = 60 * 60_000;
/** Reports wait for no more than that. */
const LOOKED_AT_TOGETHER = 100;

/**
 * Puts feedback to the error of its event when that came later.
 *
 * States: *quiet*; *waiting* for the time of the next look; *looking*. Guarantees: a report costs it nothing; one look at a
 * time is under way; what waits stands in the database alone, so that any replica finds it, also after a start.
 */
@Injectable()
export class FeedbackAttacher implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Feedback');
  private timer: NodeJS.Timeout | null = null;
  private timerEndsAt = 0;
  private isLooking = false;
  private isStopped = false;
  /** until the next look; null when nothing is known to wait */
  private pauseMs: number | null = null;

  constructor(private readonly writer: DatabaseWriter) {}

  onApplicationBootstrap(): void {
    this.lookSoon();
  }

  beforeApplicationShutdown(): void {
    this.isStopped = true;
    if (this.timer) clearTimeout(this.timer);
  }

  /** To be called when feedback was stored that is about an event. */
  lookSoon(): void {
    this.pauseMs = FIRST_PAUSE_MS;
    if (!this.isLooking) this.schedule(FIRST_PAUSE_MS);
  }

  private schedule(pauseMs: number): void {
    const endsAt = performance.now() + pauseMs;
    if (this.isStopped || (this.timer && this.timerEndsAt <= endsAt)) return;
    if (this.timer) clearTimeout(this.timer);
    this.timerEndsAt = endsAt;
    this.timer = setTimeout(() => void this.look(pauseMs), pauseMs).unref();
  }

  /** Never rejects. @param pauseMs that went before */
  private async look(pauseMs: number): Promise<void> {
    this.timer = null;
    this.pauseMs = null;
    this.isLooking = true;
    const isAnyLeft = await this.attach().catch((error: unknown) => {
      this.logger.debug(`Feedback was not looked at: ${String(error)}`);
      return true;
    });
    this.isLooking = false;
    if (isAnyLeft) this.pauseMs ??= Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
    if (this.pauseMs !== null) this.schedule(this.pauseMs);
  }

  /** @returns whether some is left whose event may still come */
  private async attach(): Promise<boolean> {
    let isAnyLeft = false;
    let after: FeedbackPlace | null = {
      receivedAt: toSqlTime(new Date(Date.now() - LONGEST_WAIT_MS)),
      id: 0,
    };
    while (after && !this.isStopped) {
      const request: FeedbackWrite = { kind: 'attach', after, most: LOOKED_AT_TOGETHER };
      const attached = (await this.writer.ask('feedback/feedback-writes', request)) as Attached;
      isAnyLeft ||= attached.isAnyLeft;
      after = attached.next;
    }
    return isAnyLeft;
  }
}
