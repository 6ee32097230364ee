import { Injectable } from '@nestjs/common';
import { UnavailableError } from '../common/unavailable';
import { DatabaseReader } from '../database/database-reader';
import { DatabaseWriter } from '../database/database-writer';
import type { Feedback } from './feedback';
import type { FeedbackPage, FeedbackRead } from './feedback-reads';
import type { FeedbackWrite, FeedbackWriteResults } from './feedback-writes';

/** What may wait to be written: each takes at most 40 KB of memory, most less than one. */
const MOST_WAITING = 500;

/** What users say of errors. */
@Injectable()
export class FeedbackService {
  private waiting = 0;

  constructor(
    private readonly writer: DatabaseWriter,
    private readonly reader: DatabaseReader,
  ) {}

  /**
   * Stores feedback, all of it or none; when the promise is fulfilled, it is on disk.
   * @returns of each, whether it is new
   * @throws UnavailableError when too much is waiting; what says that the database cannot be used
   */
  async record(feedback: readonly Feedback[]): Promise<boolean[]> {
    if (feedback.length === 0) return [];
    if (this.waiting + feedback.length > MOST_WAITING) {
      throw new UnavailableError('Too much feedback is waiting to be written; try again in a second', 1);
    }
    this.waiting += feedback.length;
    try {
      return await this.ask({ kind: 'record', feedback });
    } finally {
      this.waiting -= feedback.length;
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
