import { Injectable, OnApplicationShutdown } from '@nestjs/common';
import { DatabaseThread } from './database-thread';
import { PreparedDatabase } from './prepared-database';

const HEAP_MB = 96;

/**
 * The one thread that writes at run time. What is written, and how, is the business of the modules: each has a file
 * that exports `prepareWrites` and runs in the thread.
 */
@Injectable()
export class DatabaseWriter implements OnApplicationShutdown {
  private readonly thread: DatabaseThread;

  constructor(database: PreparedDatabase) {
    const data = { location: database.location, use: 'write' } as const;
    this.thread = new DatabaseThread('database/database-writer.worker', data, HEAP_MB);
  }

  /**
   * Has the thread do something after all it was asked before.
   * @param writes file that does it, below `src/`, without ending: `errors/error-writes`
   * @throws what that throws, as a copy with message and code; ThreadLostError when the thread is lost
   */
  ask(writes: string, request: unknown): Promise<unknown> {
    return this.thread.ask(writes, request);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.thread.close();
  }
}
