import type { OnApplicationShutdown } from '@nestjs/common';
import { UnavailableError } from '../common/unavailable';
import { DatabaseThread } from '../database/database-thread';
import type { ErrorFilter } from './error-filter';
import type { ErrorList } from './errors.answers';
import type { ListPage } from './list-errors';
import type { ListRequest } from './list-errors.worker';

/** An answer may hold 200 long messages, and each that waits is held until its client has read it. */
const MOST_WAITING_LISTS = 32;

/** 200 messages of the longest reports must have room beside their copy on the way to the main thread. */
const READER_HEAP_MB = 256;

/** The lists of errors, read in a thread of their own so that a slow search holds up nothing but other lists. */
export class ErrorLists implements OnApplicationShutdown {
  /** Started by the first list: a server that nobody looks at needs 10 MB less. */
  private reader: DatabaseThread<ListRequest, ErrorList> | null = null;

  constructor(private readonly databasePath: string) {}

  /**
   * One page of the errors that fit the filter, and how many fit in all.
   * @throws ThreadLostError when the reader is being restarted, UnavailableError when too many lists wait for it
   */
  async list(filter: ErrorFilter, page: ListPage): Promise<ErrorList> {
    this.reader ??= new DatabaseThread('errors/list-errors.worker', this.databasePath, READER_HEAP_MB);
    if (this.reader.waitingRequests >= MOST_WAITING_LISTS) {
      throw new UnavailableError('Too many lists are waiting to be read; try again in a second', 1);
    }
    return this.reader.request({ filter, page });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.reader?.close();
  }
}
