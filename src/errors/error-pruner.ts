import type { Statement, Transaction } from 'better-sqlite3';
import { toSqlTime } from '../database/sql-time';
import type { SqliteConnection } from '../database/sqlite-connection';
import type { ChangedError } from './error-action';
import { ErrorDeletion } from './error-deletion';
import { expiredSql } from './expired-sql';
import { hourOf } from './hour-counter';

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

export const PRUNE_START: PrunePosition = { id: 0, last_seen: '' };

/** Deletes errors that were resolved long ago, a small batch at a time, so that reports are never held up for long. */
export class ErrorPruner {
  private readonly findCandidates: Statement<[string, number, string, string, number], Candidate>;
  private readonly deleteHours: Statement<[number, number]>;
  private readonly deleteNext: Transaction<(before: Date, from: PrunePosition, most: number) => PrunedBatch>;

  constructor(private readonly connection: SqliteConnection) {
    this.findCandidates = connection.prepare(
      `SELECT id, last_seen FROM errors INDEXED BY resolved_errors_by_last_seen
       WHERE (last_seen, id) > (?, ?) AND ${expiredSql} ORDER BY last_seen, id LIMIT ?`,
    );
    this.deleteHours = connection.prepare(
      `DELETE FROM project_hours WHERE (project, hour) IN
         (SELECT project, hour FROM project_hours INDEXED BY project_hours_by_hour WHERE hour < ? LIMIT ?)`,
    );
    const deletion = new ErrorDeletion(connection);
    // Found and deleted in one transaction: an error that is reported again in between must stay.
    this.deleteNext = connection.transaction((before, from, most) => {
      const time = toSqlTime(before);
      const batch = this.findCandidates.all(from.last_seen, from.id, time, time, most);
      const deleted = deletion.delete(batch.map(({ id }) => id));
      return { deleted, next: batch.length < most ? null : (batch.at(-1) ?? null) };
    });
  }

  /**
   * Deletes the next batch of errors that were resolved and last seen before a time, in one transaction.
   */
  deleteBatch(before: Date, from: PrunePosition, batchSize: number): PrunedBatch {
    return this.deleteNext.immediate(before, from, batchSize);
  }

  /**
   * Deletes what projects counted in hours before a time, at most so many rows.
   * @returns how many were deleted
   */
  deleteProjectHours(before: Date, most: number): number {
    return this.deleteHours.run(hourOf(before), most).changes;
  }

  /**
   * Gives up to so many freed pages back to the disk.
   * @returns bytes given back; 0 when there was nothing left to give
   */
  returnFreedPages(most: number): number {
    const pages = () => this.connection.pragma('page_count', { simple: true }) as number;
    const before = pages();
    this.connection.pragma(`incremental_vacuum(${most})`);
    return (before - pages()) * (this.connection.pragma('page_size', { simple: true }) as number);
  }
}
