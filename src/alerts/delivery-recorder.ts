import { toSqlTime } from '../database/sql-time';
import type { SqlConnection } from '../database/sql-connection';
import type { Outcome } from './delivery';

const DAY_MS = 86_400_000;
const FORGOTTEN_AT_ONCE = 200;

/** What an earlier process has left. */
export interface LeftOver {
  /** how many deliveries may have arrived */
  givenUp: number;
  /** whether others are still to be sent */
  hasPending: boolean;
}

/** Those for the recipient of a delivery, which is the parameter. */
const SAME_RECIPIENT =
  '(channel, recipient) = (SELECT summary.channel, summary.recipient FROM deliveries AS summary WHERE summary.id = ?)';

/** Writes down what becomes of deliveries. Runs in the writer thread. */
export class DeliveryRecorder {
  constructor(private readonly connection: SqlConnection) {}

  /** From now on the other side may have taken it. */
  async handOver(id: number, now: Date): Promise<void> {
    await this.connection.run('UPDATE deliveries SET handed_over_at = ? WHERE id = ?', [toSqlTime(now), id]);
  }

  /** Writes down what an attempt came to; of a summary also for what it tells of. */
  record(id: number, outcome: Outcome): Promise<void> {
    return this.connection.transaction(async () => {
      await this.settle(id, outcome);
      const { at, result } = outcome;
      if (result.state === 'sent') await this.settleHeld(id, 'summarized', null, at);
      if (result.state === 'failed') {
        const reason = 'over the hourly cap, and the summary that should have told of it failed';
        await this.settleHeld(id, 'muted', reason, at);
      }
    });
  }

  /** At start: what was being taken when the process ended is never sent again. */
  async giveUpUnknown(now: Date): Promise<LeftOver> {
    const at = toSqlTime(now);
    const givenUp = await this.connection.run(
      `UPDATE deliveries SET state = 'failed', due_at = NULL, settled_at = ?, failed_at = ?, attempts = attempts + 1,
         reason = 'the process ended while the other side was taking it: it may have arrived, and is not sent again'
       WHERE state = 'pending' AND handed_over_at IS NOT NULL`,
      [at, at],
    );
    await this.connection.run(
      `UPDATE deliveries SET state = 'muted', settled_at = ?, reason = 'told in a summary that may have arrived'
       WHERE state = 'held' AND summary_id IN (SELECT id FROM deliveries WHERE kind = 'summary' AND state = 'failed')`,
      [at],
    );
    // Nothing is ever put off for longer: the clock was ahead.
    const latest = new Date(now.getTime() + DAY_MS);
    await this.connection.run("UPDATE deliveries SET due_at = ? WHERE state = 'pending' AND due_at > ?", [
      at,
      toSqlTime(latest),
    ]);
    const pending = await this.connection.get("SELECT 1 FROM deliveries WHERE state = 'pending' LIMIT 1");
    return { givenUp, hasPending: pending !== undefined };
  }

  /** What is held back for its recipient until now is told by this summary, in each of its attempts. */
  async fillSummary(id: number): Promise<void> {
    await this.connection.run(
      `UPDATE deliveries SET summary_id = ? WHERE state = 'held' AND summary_id IS NULL AND ${SAME_RECIPIENT}
         AND NOT EXISTS (SELECT 1 FROM deliveries AS told WHERE told.state = 'held' AND told.summary_id = ?)`,
      [id, id, id],
    );
  }

  /**
   * Deletes the oldest deliveries that were made before a time and are not to be sent any more, at most 200.
   * @returns how many were deleted
   */
  forget(before: Date): Promise<number> {
    return this.connection.run(
      `DELETE FROM deliveries WHERE id IN (
         SELECT id FROM (
           SELECT id, created_at, state FROM deliveries ORDER BY id LIMIT ${FORGOTTEN_AT_ONCE}
         ) AS oldest WHERE created_at < ? AND state NOT IN ('pending', 'held'))`,
      [toSqlTime(before)],
    );
  }

  private async settle(id: number, { at, durationMs, bytesReceived, result }: Outcome): Promise<void> {
    const isSent = result.state === 'sent';
    const isPending = result.state === 'pending';
    // What keeps its value in some states is left out of the statement there.
    const changes = {
      state: result.state,
      reason: isSent ? null : result.reason,
      due_at: isPending ? toSqlTime(result.dueAt) : null,
      ...(isPending && { handed_over_at: null }),
      ...(!isSent && { failed_at: toSqlTime(at) }),
      settled_at: isPending ? null : toSqlTime(at),
      response: isSent ? result.response : null,
      duration_ms: durationMs,
      bytes_received: bytesReceived,
    };
    const columns = Object.keys(changes).map((column) => `${column} = ?`);
    await this.connection.run(
      `UPDATE deliveries SET attempts = attempts + 1, ${columns.join(', ')} WHERE id = ?`,
      [...Object.values(changes), id],
    );
  }

  private async settleHeld(
    summaryId: number,
    state: 'summarized' | 'muted',
    reason: string | null,
    at: Date,
  ): Promise<void> {
    await this.connection.run(
      `UPDATE deliveries SET state = ?, reason = coalesce(?, reason), settled_at = ?
       WHERE state = 'held' AND summary_id = ? AND ${SAME_RECIPIENT}`,
      [state, reason, toSqlTime(at), summaryId, summaryId],
    );
  }
}
