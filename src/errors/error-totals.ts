import { toSqlTime } from '../database/sql-time';
import type { SqlConnection } from '../database/sql-connection';
import { expiredSql } from './expired-sql';

export interface Totals {
  open: number;
  resolved: number;
}

/** How many errors there are. */
export class ErrorTotals {
  constructor(private readonly connection: SqlConnection) {}

  async get(): Promise<Totals> {
    const { isFalse, isTrue } = this.connection.dialect;
    const totals = await this.connection.get<Totals>(
      `SELECT coalesce(sum(n) FILTER (WHERE ${isFalse('resolved')}), 0) AS open,
         coalesce(sum(n) FILTER (WHERE ${isTrue('resolved')}), 0) AS resolved FROM error_counts`,
    );
    return totals ?? { open: 0, resolved: 0 };
  }

  /** How many were resolved and last seen before a time. */
  async countExpired(before: Date): Promise<number> {
    const { dialect } = this.connection;
    const row = await this.connection.get<{ n: number }>(
      `SELECT count(*) AS n FROM errors ${dialect.indexedBy('resolved_errors_by_last_seen')}
       WHERE ${expiredSql(dialect)}`,
      [toSqlTime(before), toSqlTime(before)],
    );
    return row?.n ?? 0;
  }
}
