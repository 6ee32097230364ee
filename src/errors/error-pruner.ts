import { toSqlTime } from '../database/sql-time';
import type { SqlConnection } from '../database/sql-connection';
import type { ChangedError } from './error-action';
import { ErrorDeletion } from './error-deletion';
import { expiredSql } from './expired-sql';
import { hourOf } from './hours';

interface Candidate {
  id: number;
  last_seen: string;
}

/** Where a walk over the errors in order of `last_seen` has come to. */
export type PrunePosition = Candidate;

/** What was deleted and from where to go on; `next` is null when none is left. */
export interface PrunedBatch {
  deleted: ChangedError[];
  next: PrunePosition | null;
}

export const PRUNE_START: PrunePosition = { id: 0, last_seen: '0001-01-01 00:00:00.000' };

/** Deletes errors that were resolved long ago, a small batch at a time, so that reports are never held up for long. */
export class ErrorPruner {
  private readonly deletion: ErrorDeletion;

  constructor(private readonly connection: SqlConnection) {
    this.deletion = new ErrorDeletion(connection);
  }

  /**
   * Deletes the next batch of errors that were resolved and last seen before a time, in one transaction.
   */
  deleteBatch(before: Date, from: PrunePosition, batchSize: number): Promise<PrunedBatch> {
    const { dialect } = this.connection;
    const time = toSqlTime(before);
    // Found and deleted in one transaction: an error that is reported again in between must stay.
    return this.connection.transaction(async () => {
      const batch = await this.connection.all<Candidate>(
        `SELECT id, last_seen FROM errors ${dialect.indexedBy('resolved_errors_by_last_seen')}
         WHERE (last_seen, id) > (?, ?) AND ${expiredSql(dialect)} ORDER BY last_seen, id LIMIT ? ${dialect.skipLocked}`,
        [from.last_seen, from.id, time, time, batchSize],
      );
      const deleted = await this.deletion.delete(batch.map(({ id }) => id));
      return { deleted, next: batch.length < batchSize ? null : (batch.at(-1) ?? null) };
    });
  }

  /**
   * Deletes what projects counted in hours before a time, at most so many rows.
   * @returns how many were deleted
   */
  deleteProjectHours(before: Date, most: number): Promise<number> {
    const index = this.connection.dialect.indexedBy('project_hours_by_hour');
    return this.connection.run(
      `DELETE FROM project_hours WHERE (project, hour) IN
         (SELECT project, hour FROM project_hours ${index} WHERE hour < ? LIMIT ?)`,
      [hourOf(before), most],
    );
  }
}
