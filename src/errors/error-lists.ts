import type { OnApplicationShutdown } from '@nestjs/common';
import { DatabaseThread } from '../database/database-thread';
import type { ErrorFilter } from './error-filter';
import type { ErrorList } from './errors.answers';
import type { ListPage } from './list-errors';
import type { ListRequest } from './list-errors.worker';

/** 200 messages of the longest reports must have room beside their copy on the way to the main thread. */
const READER_HEAP_MB = 256;

/** The lists of errors, read in a thread of their own so that a slow search holds up nothing but other lists. */
export class ErrorLists implements OnApplicationShutdown {
  private readonly reader: DatabaseThread<ListRequest, ErrorList>;

  constructor(databasePath: string) {
    this.reader = new DatabaseThread('errors/list-errors.worker', databasePath, READER_HEAP_MB);
  }

  /**
   * One page of the errors that fit the filter, and how many fit in all.
   * @throws ThreadLostError when the reader is being restarted
   */
  list(filter: ErrorFilter, page: ListPage): Promise<ErrorList> {
    return this.reader.request({ filter, page });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.reader.close();
  }
}
