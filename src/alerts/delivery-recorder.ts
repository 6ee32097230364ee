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
  /** whether there may be other replicas, which leave something, too */
  isShared: boolean;
}

/** Those for the recipient of a delivery, which is the parameter. */
const SAME_RECIPIENT =
  '(channel, recipient) = (SELECT summary.channel, summary.recipient FROM deliveries AS summary WHERE summary.id = ?)';

/** Writes down what becomes of deliveries. Runs in the writer thread. */
export class DeliveryRecorder {
  constructor(private readonly connection: SqlConnection) {}

  /**
   * Writes down what an attempt came to; of a summary also for what it tells of. The claim ends.
   * @returns false when it was not written down: the delivery is not claimed by this attempt any more, or is gone
   */
  record(id: number, claim: string, outcome: Outcome): Promise<boolean> {
    return this.connection.transaction(async () => {
      if (!(await this.settle(id, claim, outcome))) return false;
      const { at, result } = outcome;
      if (result.state === 'sent') await this.settleHeld(id, 'summarized', null, at);
      if (result.state === 'failed') {
        const reason = 'over the hourly cap, and the summary that should have told of it failed';
        await this.settleHeld(id, 'muted', reason, at);
      }
      return true;
    });
  }

  /** At start: tells what an earlier process has left, after it has given up what may have arrived. */
  async resume(now: Date): Promise<LeftOver> {
    const givenUp = await this.giveUpUnknown(now);
    // Nothing is ever put off for longer: the clock was ahead.
    const latest = new Date(now.getTime() + DAY_MS);
    await this.connection.run("UPDATE deliveries SET due_at = ? WHERE state = 'pending' AND due_at > ?", [
      toSqlTime(now),
      toSqlTime(latest),
    ]);
    const pending = await this.connection.get("SELECT 1 FROM deliveries WHERE state = 'pending' LIMIT 1");
    return { givenUp, hasPending: pending !== undefined, isShared: this.connection.dialect.isShared };
  }

  /**
   * Ends claims that have run out, on SQLite all: what was being taken is never sent again, the rest is due as before.
   * @returns how many deliveries may have arrived
   */
  giveUpUnknown(now: Date): Promise<number> {
    const { clock, indexedBy } = this.connection.dialect;
    const deliveries = `deliveries ${indexedBy('claimed_deliveries')}`;
    const hasRunOut = `claim IS NOT NULL AND (claimed_until > ${clock}) IS NOT TRUE`;
    const at = toSqlTime(now);
    return this.connection.transaction(async () => {
      const givenUp = await this.connection.all<{ id: number }>(
        `UPDATE ${deliveries} SET state = 'failed', due_at = NULL, settled_at = ?, failed_at = ?,
           attempts = attempts + 1, claim = NULL, claimed_until = NULL,
           reason = 'the process ended while the other side was taking it: it may have arrived, and is not sent again'
         WHERE ${hasRunOut} AND handed_over_at IS NOT NULL RETURNING id`,
        [at, at],
      );
      for (const { id } of givenUp)
        await this.settleHeld(id, 'muted', 'told in a summary that may have arrived', now);
      await this.connection.run(
        `UPDATE ${deliveries} SET claim = NULL, claimed_until = NULL WHERE ${hasRunOut} AND handed_over_at IS NULL`,
      );
      return givenUp.length;
    });
  }

  /**
   * What is held back for its recipient until now is told by this summary, in each of its attempts; to be called within
   * a transaction, and not while anything is planned: what is held afterwards needs the next one.
   */
  async fillSummary(id: number): Promise<void> {
    await this.connection.run(
      `UPDATE deliveries SET summary_id = ? WHERE state = 'held' AND summary_id IS NULL AND ${SAME_RECIPIENT}
         AND NOT EXISTS (SELECT 1 FROM deliveries AS told WHERE told.state = 'held' AND told.summary_id = ?)`,
      [id, id, id],
    );
  }

  /**
   * Deletes the oldest deliveries that were made before a time and are not to be sent any more, at most 200. Those
   * that another replica is deleting are left to it.
   * @returns how many were deleted
   */
  forget(before: Date): Promise<number> {
    const { skipLocked } = this.connection.dialect;
    return this.connection.transaction(() =>
      this.connection.run(
        `DELETE FROM deliveries WHERE id IN (
           SELECT id FROM (
             SELECT id, created_at, state FROM deliveries ORDER BY id LIMIT ${FORGOTTEN_AT_ONCE} ${skipLocked}
           ) AS oldest WHERE created_at < ? AND state NOT IN ('pending', 'held'))`,
        [toSqlTime(before)],
      ),
    );
  }

  private async settle(
    id: number,
    claim: string,
    { at, durationMs, bytesReceived, result }: Outcome,
  ): Promise<boolean> {
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
      claim: null,
      claimed_until: null,
      duration_ms: durationMs,
      bytes_received: bytesReceived,
    };
    const columns = Object.keys(changes).map((column) => `${column} = ?`);
    const settled = await this.connection.run(
      `UPDATE deliveries SET attempts = attempts + 1, ${columns.join(', ')} WHERE id = ? AND claim = ?`,
      [...Object.values(changes), id, claim],
    );
    return settled > 0;
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
