import { Injectable, OnApplicationShutdown } from '@nestjs/common';
import { UnavailableError } from '../common/unavailable';
import { DatabaseThread, ThreadLostError } from './database-thread';
import { PreparedDatabase } from './prepared-database';

/** *quick*: found by an index, a few rows. *slow*: may take from tens of milliseconds to seconds on a large file. */
export type Pace = 'quick' | 'slow';

/**
 * A slow answer may hold 200 long messages, and each that waits is held until its client has read it. Most quick ones
 * take a tenth of a millisecond, the longest 40 ms.
 */
const MOST_WAITING: Record<Pace, number> = { quick: 256, slow: 32 };

/** 200 messages of the longest reports must have room beside their copy on the way to the main thread. */
const HEAP_MB = 256;

/**
 * All reads at run time, in two threads: one for what is quick, so that neither people who open an error nor alerts
 * wait behind a search, and one for what is slow. What is read, and how, is the business of the modules: each has a
 * file that exports `prepareReads` and runs in the thread.
 *
 * A read sees everything that was committed before it was asked.
 */
@Injectable()
export class DatabaseReader implements OnApplicationShutdown {
  /** Each started by its first read: a server that nobody looks at needs 10 MB less for each. */
  private readonly threads: Partial<Record<Pace, DatabaseThread>> = {};
  private closed = false;

  constructor(private readonly database: PreparedDatabase) {}

  /**
   * Has a thread read something, after all of the same pace that it was asked before.
   * @param reads file that does it, below `src/`, without ending: `errors/error-reads`
   * @throws what that throws, as a copy with message and code; ThreadLostError when the thread is lost;
   *   UnavailableError when too much waits for it
   */
  async ask(reads: string, request: unknown, pace: Pace = 'quick'): Promise<unknown> {
    if (this.closed) throw new ThreadLostError('The database is closed');
    const thread = this.threadFor(pace);
    if (thread.waitingRequests >= MOST_WAITING[pace]) {
      throw new UnavailableError('Too much is waiting to be read; try again in a second', 1);
    }
    return thread.ask(reads, request);
  }

  async onApplicationShutdown(): Promise<void> {
    this.closed = true;
    await Promise.all(Object.values(this.threads).map((thread) => thread.close()));
  }

  private threadFor(pace: Pace): DatabaseThread {
    return (this.threads[pace] ??= new DatabaseThread(
      'database/database-reader.worker',
      { location: this.database.location, use: `${pace}-read` },
      HEAP_MB,
    ));
  }
}
