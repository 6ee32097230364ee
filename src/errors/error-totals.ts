import type { Statement } from 'better-sqlite3';
import { toSqlTime } from '../database/sql-time';
import type { SqliteConnection } from '../database/sqlite-connection';
import { expiredSql } from './expired-sql';

export interface Totals {
  open: number;
  resolved: number;
}

/** How many errors there are. */
export class ErrorTotals {
  private readonly sum: Statement<[], Totals>;
  private readonly countExpiredBefore: Statement<[string, string], { n: number }>;

  constructor(connection: SqliteConnection) {
    this.sum = connection.prepare(
      `SELECT coalesce(sum(n) FILTER (WHERE resolved = 0), 0) AS open,
         coalesce(sum(n) FILTER (WHERE resolved = 1), 0) AS resolved FROM error_counts`,
    );
    this.countExpiredBefore = connection.prepare(
      `SELECT count(*) AS n FROM errors INDEXED BY resolved_errors_by_last_seen WHERE ${expiredSql}`,
    );
  }

  get(): Totals {
    return this.sum.get() as Totals;
  }

  /** How many were resolved and last seen before a time. */
  countExpired(before: Date): number {
    return this.countExpiredBefore.get(toSqlTime(before), toSqlTime(before))?.n ?? 0;
  }
}
