import { Injectable } from '@nestjs/common';
import { UnavailableError } from '../common/unavailable';
import { DatabaseReader } from '../database/database-reader';
import { DatabaseWriter } from '../database/database-writer';
import type { Feedback } from './feedback';
import { FeedbackAttacher } from './feedback-attacher';
import type { FeedbackPage, FeedbackRead } from './feedback-reads';
import type { FeedbackWrite, FeedbackWriteResults } from './feedback-writes';

/** What may wait to be written, unless nothing else does. */
const MOST_WAITING_BYTES = 4 * 1024 * 1024;

/** What users say of errors. */
@Injectable()
export class FeedbackService {
  private waitingBytes = 0;

  constructor(
    private readonly writer: DatabaseWriter,
    private readonly reader: DatabaseReader,
    private readonly attacher: FeedbackAttacher,
  ) {}

  /**
   * Stores feedback, all of it or none; when the promise is fulfilled, it is on disk.
   * @param bytes about how much memory it holds, with what it was read from
   * @returns of each, whether it is new
   * @throws UnavailableError when too much is waiting; what says that the database cannot be used
   */
  async record(feedback: readonly Feedback[], bytes: number): Promise<boolean[]> {
    if (this.waitingBytes > 0 && this.waitingBytes + bytes > MOST_WAITING_BYTES) {
      throw new UnavailableError('Too much feedback is waiting to be written; try again in a second', 1);
    }
    this.waitingBytes += bytes;
    try {
      const isNew = await this.ask({ kind: 'record', feedback });
      if (feedback.some(({ eventId }) => eventId !== null)) this.attacher.lookSoon();
      return isNew;
    } finally {
      this.waitingBytes -= bytes;
    }
  }

  /**
   * Deletes what belongs to no error and came before a time, at most so much.
   * @returns how much was deleted
   */
  pruneUnattached(before: Date, most: number): Promise<number> {
    return this.ask({ kind: 'prune', before, most });
  }

  /** Newest first. */
  async list(request: FeedbackRead): Promise<FeedbackPage> {
    return (await this.reader.ask('feedback/feedback-reads', request)) as FeedbackPage;
  }

  private async ask<Kind extends FeedbackWrite['kind']>(
    request: Extract<FeedbackWrite, { kind: Kind }>,
  ): Promise<FeedbackWriteResults[Kind]> {
    return (await this.writer.ask('feedback/feedback-writes', request)) as FeedbackWriteResults[Kind];
  }
}
