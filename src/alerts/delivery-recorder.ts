import type { Statement, Transaction } from 'better-sqlite3';
import { toSqlTime } from '../database/sql-time';
import type { SqliteConnection } from '../database/sqlite-connection';
import type { Outcome } from './delivery';

const DAY_MS = 86_400_000;

/** What an earlier process has left. */
export interface LeftOver {
  /** how many deliveries may have arrived */
  givenUp: number;
  /** whether others are still to be sent */
  hasPending: boolean;
}

/** Writes down what becomes of deliveries. Runs in the writer thread. */
export class DeliveryRecorder {
  private readonly markHandedOver: Statement;
  private readonly settle: Statement;
  private readonly settleHeld: Statement;
  private readonly failUnknown: Statement;
  private readonly muteUnknown: Statement;
  private readonly bringForward: Statement;
  private readonly findPending: Statement<[]>;
  private readonly addToSummary: Statement;
  private readonly findOldest: Statement<[], { id: number; createdAt: string; state: string }>;
  private readonly deleteDelivery: Statement<[number]>;
  private readonly recordOutcome: Transaction<(id: number, outcome: Outcome) => void>;

  constructor(connection: SqliteConnection) {
    this.markHandedOver = connection.prepare('UPDATE deliveries SET handed_over_at = ? WHERE id = ?');
    this.settle = connection.prepare(
      `UPDATE deliveries SET state = @state, reason = @reason, attempts = attempts + 1, due_at = @dueAt,
         handed_over_at = CASE WHEN @state = 'pending' THEN NULL ELSE handed_over_at END,
         failed_at = CASE WHEN @state = 'sent' THEN failed_at ELSE @at END,
         settled_at = CASE WHEN @state = 'pending' THEN NULL ELSE @at END,
         response = @response, duration_ms = @durationMs, bytes_received = @bytesReceived
       WHERE id = @id`,
    );
    this.settleHeld = connection.prepare(
      `UPDATE deliveries SET state = @state, reason = coalesce(@reason, reason), settled_at = @at
       WHERE state = 'held' AND summary_id = @id AND (channel, recipient) =
         (SELECT channel, recipient FROM deliveries WHERE id = @id)`,
    );
    this.failUnknown = connection.prepare(
      `UPDATE deliveries SET state = 'failed', due_at = NULL, settled_at = @at, failed_at = @at, attempts = attempts + 1,
         reason = 'the process ended while the other side was taking it: it may have arrived, and is not sent again'
       WHERE state = 'pending' AND handed_over_at IS NOT NULL`,
    );
    this.muteUnknown = connection.prepare(
      `UPDATE deliveries SET state = 'muted', settled_at = @at, reason = 'told in a summary that may have arrived'
       WHERE state = 'held' AND summary_id IN (SELECT id FROM deliveries WHERE kind = 'summary' AND state = 'failed')`,
    );
    this.bringForward = connection.prepare(
      "UPDATE deliveries SET due_at = @now WHERE state = 'pending' AND due_at > @latest",
    );
    this.findPending = connection.prepare("SELECT 1 FROM deliveries WHERE state = 'pending' LIMIT 1");
    this.addToSummary = connection.prepare(
      `UPDATE deliveries SET summary_id = @id
       WHERE state = 'held' AND summary_id IS NULL AND (channel, recipient) =
         (SELECT channel, recipient FROM deliveries WHERE id = @id)
         AND NOT EXISTS (SELECT 1 FROM deliveries WHERE state = 'held' AND summary_id = @id)`,
    );
    this.findOldest = connection.prepare(
      'SELECT id, created_at AS createdAt, state FROM deliveries ORDER BY id LIMIT 200',
    );
    this.deleteDelivery = connection.prepare('DELETE FROM deliveries WHERE id = ?');
    this.recordOutcome = connection.transaction((id, { at, durationMs, bytesReceived, result }) => {
      this.settle.run({
        id,
        state: result.state,
        reason: result.state === 'sent' ? null : result.reason,
        response: result.state === 'sent' ? result.response : null,
        dueAt: result.state === 'pending' ? toSqlTime(result.dueAt) : null,
        at: toSqlTime(at),
        durationMs,
        bytesReceived,
      });
      if (result.state === 'sent') {
        this.settleHeld.run({ id, state: 'summarized', reason: null, at: toSqlTime(at) });
      } else if (result.state === 'failed') {
        const reason = 'over the hourly cap, and the summary that should have told of it failed';
        this.settleHeld.run({ id, state: 'muted', reason, at: toSqlTime(at) });
      }
    });
  }

  /** From now on the other side may have taken it. */
  handOver(id: number, now: Date): void {
    this.markHandedOver.run(toSqlTime(now), id);
  }

  record(id: number, outcome: Outcome): void {
    this.recordOutcome.immediate(id, outcome);
  }

  /** At start: what was being taken when the process ended is never sent again. */
  giveUpUnknown(now: Date): LeftOver {
    const { changes } = this.failUnknown.run({ at: toSqlTime(now) });
    this.muteUnknown.run({ at: toSqlTime(now) });
    // Nothing is ever put off for longer: the clock was ahead.
    this.bringForward.run({ now: toSqlTime(now), latest: toSqlTime(new Date(now.getTime() + DAY_MS)) });
    return { givenUp: changes, hasPending: this.findPending.get() !== undefined };
  }

  /** What is held back for its recipient until now is told by this summary, in each of its attempts. */
  fillSummary(id: number): void {
    this.addToSummary.run({ id });
  }

  /**
   * Deletes the oldest deliveries that were made before a time and are not to be sent any more, at most 200.
   * @returns how many were deleted
   */
  forget(before: Date): number {
    const time = toSqlTime(before);
    const old = this.findOldest.all().filter(({ createdAt, state }) => {
      return createdAt < time && state !== 'pending' && state !== 'held';
    });
    for (const { id } of old) this.deleteDelivery.run(id);
    return old.length;
  }
}
