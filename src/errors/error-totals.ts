import { Injectable } from '@nestjs/common';
import type { Statement } from 'better-sqlite3';
import { SqliteConnection } from '../database/sqlite-connection';

/** How many errors there are. */
@Injectable()
export class ErrorTotals {
  private readonly sum: Statement<[], { open: number; resolved: number }>;

  constructor(connection: SqliteConnection) {
    this.sum = connection.prepare(
      `SELECT coalesce(sum(n) FILTER (WHERE resolved = 0), 0) AS open,
         coalesce(sum(n) FILTER (WHERE resolved = 1), 0) AS resolved FROM error_counts`,
    );
  }

  get(): { open: number; resolved: number } {
    return this.sum.get() as { open: number; resolved: number };
  }
}
