import { Injectable, Logger } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import { AppConfig } from '../config/app-config';
import { ErrorChanges } from '../errors/error-changes';
import { PRUNE_START, type PrunedBatch, type PrunePosition } from '../errors/error-pruner';
import { ErrorsService } from '../errors/errors.service';
import { WriteQueue } from '../errors/write-queue';
import { FeedbackService } from '../feedback/feedback.service';

/** Deleting so many takes 5 ms in the middle and 25 ms at worst, on a million errors; 200 took 21 and 60. */
const BATCH_SIZE = 50;
const HOURS_AT_ONCE = 500;
const FEEDBACK_AT_ONCE = 200;
const EVENT_IDS_AT_ONCE = 200;
const PAGES_AT_ONCE = 200;
/** Between two batches others get at the database. */
const PAUSE_MS = 5;
const DAY_MS = 86_400_000;
/** As far back as the overview of projects goes, and the present day. */
const SHOWN_DAYS = 15;
/** An event that is sent again later than that is counted again. */
const EVENT_ID_DAYS = 30;

export interface PruneResult {
  deleted: number;
  /** bytes given back to the disk */
  freedBytes: number;
}

/**
 * Deletes errors that were resolved and last seen more than `RETENTION_DAYS` days ago, what is older of the counts of
 * projects and of feedback that belongs to no error, and ids of events from more than 30 days ago.
 */
@Injectable()
export class RetentionService {
  private readonly logger = new Logger('Retention');
  private running: Promise<PruneResult> | null = null;
  private stopping = false;

  constructor(
    private readonly config: AppConfig,
    private readonly errors: ErrorsService,
    private readonly writeQueue: WriteQueue,
    private readonly changes: ErrorChanges,
    private readonly feedback: FeedbackService,
  ) {}

  /** How many errors `prune` would delete now. */
  countExpired(): Promise<number> {
    return this.errors.countExpired(this.expiry());
  }

  /** Deletes what has expired and gives the space back. A call while another is at work gets that one's result. */
  prune(): Promise<PruneResult> {
    this.running ??= this.pruneInBatches().finally(() => (this.running = null));
    return this.running;
  }

  /** Ends a running prune after its current batch. */
  async stop(): Promise<void> {
    this.stopping = true;
    await this.running?.catch(() => undefined);
  }

  private async pruneInBatches(): Promise<PruneResult> {
    const before = this.expiry();
    let deleted = 0;
    let position: PrunePosition | null = PRUNE_START;
    while (position && !this.stopping) {
      const batch: PrunedBatch = await this.writeQueue.ask({
        kind: 'prune',
        before,
        from: position,
        batchSize: BATCH_SIZE,
      });
      for (const { id, project } of batch.deleted) this.changes.note(id, project, 'deleted');
      deleted += batch.deleted.length;
      position = batch.next;
      await pause(PAUSE_MS);
    }
    await this.pruneFeedback(before);
    await this.pruneProjectHours();
    await this.pruneEventIds();
    const freedBytes = await this.returnSpace();
    this.logger.log(
      `Deleted ${deleted} errors resolved and last seen before ${before.toISOString()}, ` +
        `gave back ${(freedBytes / 1024 / 1024).toFixed(1)} MB`,
    );
    return { deleted, freedBytes };
  }

  /** What is about an error went with it. */
  private async pruneFeedback(before: Date): Promise<void> {
    let deleted = FEEDBACK_AT_ONCE;
    while (deleted === FEEDBACK_AT_ONCE && !this.stopping) {
      deleted = await this.feedback.pruneUnattached(before, FEEDBACK_AT_ONCE);
      await pause(PAUSE_MS);
    }
  }

  /** At least what the overview shows stays, or it would count less than the errors themselves. */
  private async pruneProjectHours(): Promise<void> {
    const days = Math.max(this.config.retentionDays, SHOWN_DAYS);
    const before = new Date(Date.now() - days * DAY_MS);
    let deleted = HOURS_AT_ONCE;
    while (deleted === HOURS_AT_ONCE && !this.stopping) {
      deleted = await this.writeQueue.ask({ kind: 'prune-project-hours', before, most: HOURS_AT_ONCE });
      await pause(PAUSE_MS);
    }
  }

  private async pruneEventIds(): Promise<void> {
    const before = new Date(Date.now() - EVENT_ID_DAYS * DAY_MS);
    let deleted = EVENT_IDS_AT_ONCE;
    while (deleted === EVENT_IDS_AT_ONCE && !this.stopping) {
      deleted = await this.writeQueue.ask({ kind: 'prune-event-ids', before, most: EVENT_IDS_AT_ONCE });
      await pause(PAUSE_MS);
    }
  }

  private async returnSpace(): Promise<number> {
    let freedBytes = 0;
    while (!this.stopping) {
      const freed = await this.writeQueue.ask({ kind: 'return-freed-pages', most: PAGES_AT_ONCE });
      if (freed <= 0) break;
      freedBytes += freed;
      await pause(PAUSE_MS);
    }
    return freedBytes;
  }

  private expiry(): Date {
    return new Date(Date.now() - this.config.retentionDays * DAY_MS);
  }
}
