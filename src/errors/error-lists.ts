import type { OnApplicationShutdown } from '@nestjs/common';
import { UnavailableError } from '../common/unavailable';
import { DatabaseThread } from '../database/database-thread';
import type { ErrorFilter } from './error-filter';
import type { ErrorList } from './errors.answers';
import type { ListPage } from './list-errors';
import type { ListRequest } from './list-errors.worker';
import type { OverviewPage } from './project-overview';
import type { ProjectOverviewAnswer } from './project-overview.answers';

/** An answer may hold 200 long messages, and each that waits is held until its client has read it. */
const MOST_WAITING_LISTS = 32;

/** 200 messages of the longest reports must have room beside their copy on the way to the main thread. */
const READER_HEAP_MB = 256;

type ListAnswer = ErrorList | ProjectOverviewAnswer;

/** The lists of errors and of projects, read in a thread of their own so that a slow search holds up nothing but other lists. */
export class ErrorLists implements OnApplicationShutdown {
  /** Started by the first list: a server that nobody looks at needs 10 MB less. */
  private reader: DatabaseThread<ListRequest, ListAnswer> | null = null;

  constructor(private readonly databasePath: string) {}

  /**
   * One page of the errors that fit the filter, and how many fit in all.
   * @throws ThreadLostError when the reader is being restarted, UnavailableError when too many lists wait for it
   */
  async list(filter: ErrorFilter, page: ListPage): Promise<ErrorList> {
    return (await this.read({ kind: 'list', filter, page })) as ErrorList;
  }

  /**
   * One page of the overview of projects.
   * @throws the same
   */
  async overview(page: OverviewPage): Promise<ProjectOverviewAnswer> {
    return (await this.read({ kind: 'overview', page })) as ProjectOverviewAnswer;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.reader?.close();
  }

  private async read(request: ListRequest): Promise<ListAnswer> {
    this.reader ??= new DatabaseThread('errors/list-errors.worker', this.databasePath, READER_HEAP_MB);
    if (this.reader.waitingRequests >= MOST_WAITING_LISTS) {
      throw new UnavailableError('Too many lists are waiting to be read; try again in a second', 1);
    }
    return this.reader.request(request);
  }
}
