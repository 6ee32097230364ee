import { Injectable } from '@nestjs/common';
import { WriteQueue } from '../../errors/write-queue';
import type { Feedback } from '../../feedback/feedback';
import { FeedbackService } from '../../feedback/feedback.service';
import { Ledger } from '../../ledger/ledger';
import { noteFeedback, noteStored, notesOfLeftOut, type Sender } from './note-taken';
import type { ReadReports, SizedReport } from './event/read-reports';
import type { SentryBody } from './body/sentry-bodies';

/** What each takes beside its texts. */
const FEEDBACK_BYTES = 1_024;

/** Stores what was read of a request, and has the ledger say what was not. */
@Injectable()
export class SentryStore {
  constructor(
    private readonly writeQueue: WriteQueue,
    private readonly feedback: FeedbackService,
    private readonly ledger: Ledger,
  ) {}

  /** @throws UnavailableError when a report would be refused now, so that its body need not be read */
  requireRoom(): void {
    this.writeQueue.requireRoom();
  }

  /**
   * When the promise is fulfilled, all of it is on disk. Until then nothing here holds the reports and the body, which
   * costs much less to collect.
   * @throws UnavailableError, or what says that the database cannot be used: then a part may be stored, and is stored
   *   once when it is sent again
   */
  store({ reports, feedback, leftOut }: ReadReports, body: SentryBody, sender: Sender): Promise<void> {
    const notes = notesOfLeftOut(sender, body, leftOut);
    const feedbackBytes = feedback.length > 0 ? heldBytes(feedback, body) : 0;
    return Promise.all(reports.map((sized) => this.storeReport(sized, sender))).then(async () => {
      // Afterwards: it may be about an event that came with it.
      if (feedback.length > 0) {
        const isNew = await this.feedback.record(feedback, feedbackBytes);
        noteFeedback(this.ledger, sender, isNew);
      }
      for (const note of notes) this.ledger.note(note);
    });
  }

  private storeReport({ report, bytes, cut }: SizedReport, sender: Sender): Promise<void> {
    return this.writeQueue
      .record(report, bytes)
      .then(({ status }) => noteStored(this.ledger, sender, cut, status === 'repeated'));
  }
}

/** What was read of a body is held as long as the body is. */
function heldBytes(feedback: readonly Feedback[], { items }: SentryBody): number {
  const characters = items.reduce((sum, { payload }) => sum + payload.length, 0);
  return 2 * characters + FEEDBACK_BYTES * feedback.length;
}
