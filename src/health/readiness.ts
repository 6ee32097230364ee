import { Injectable, Logger, OnModuleDestroy } from '@nestjs/common';
import { TimeLimitError, withinTime } from '../common/within-time';
import { DatabaseWriter } from '../database/database-writer';
import { ErrorsService } from '../errors/errors.service';

/** Probes that come within this time of each other share one check. */
const CHECK_EVERY_MS = 1_000;
/** Orchestrators wait a second for the answer to a probe unless they are told to wait longer. */
const CHECK_TIMEOUT_MS = 800;

interface Check {
  startedAt: number;
  /** settled within the time limit: a sentence for clients, or null when all is well */
  obstacle: Promise<string | null>;
  /** whether the database has answered, or never will */
  isOver: boolean;
}

/**
 * Tells whether a report sent now would be stored and could be read: the writer thread commits a write that changes
 * nothing, and the number of errors is read. However many ask, there is one check at a time and at most one a second.
 */
@Injectable()
export class Readiness implements OnModuleDestroy {
  private readonly logger = new Logger('Health');
  private check: Check | null = null;
  private unready = false;
  private stopping = false;

  constructor(
    private readonly writer: DatabaseWriter,
    private readonly errors: ErrorsService,
  ) {}

  /** @returns why the server is not ready, in one sentence; null when it is */
  async findObstacle(): Promise<string | null> {
    const obstacle = this.stopping ? null : await this.recentCheck().obstacle;
    return this.stopping ? 'The server is stopping' : obstacle;
  }

  /** The first thing that happens in a stop: what balances load should send no more while the rest ends. */
  onModuleDestroy(): void {
    this.stopping = true;
  }

  private recentCheck(): Check {
    const { check } = this;
    if (check && !(check.isOver && performance.now() - check.startedAt >= CHECK_EVERY_MS)) return check;
    return (this.check = this.startCheck());
  }

  private startCheck(): Check {
    const trials = [this.tryToWrite(), this.tryToRead()];
    const obstacle = this.judge(Promise.all(trials));
    const check: Check = { startedAt: performance.now(), obstacle, isOver: false };
    void Promise.allSettled(trials).then(() => (check.isOver = true));
    return check;
  }

  /** Never rejects. */
  private async judge(trials: Promise<unknown>): Promise<string | null> {
    try {
      await withinTime(CHECK_TIMEOUT_MS, trials);
      this.note(null);
      return null;
    } catch (error) {
      this.note((error as Error).message);
      return error instanceof TimeLimitError
        ? `The database did not answer within ${CHECK_TIMEOUT_MS} ms`
        : 'The database cannot be written and read right now; the log says why';
    }
  }

  private async tryToWrite(): Promise<void> {
    const obstacle = (await this.writer.ask('health/readiness-writes', null)) as string | null;
    if (obstacle !== null) throw new Error(obstacle);
  }

  private async tryToRead(): Promise<void> {
    await this.errors.getTotals();
  }

  /** One line when the server stops being ready and one when it is again, not one for each probe. */
  private note(cause: string | null): void {
    if (cause !== null && !this.unready) this.logger.warn(`Not ready for reports: ${cause}`);
    if (cause === null && this.unready) this.logger.log('Ready for reports again');
    this.unready = cause !== null;
  }
}
