import type { Statement } from 'better-sqlite3';
import type { SqliteConnection } from '../database/sqlite-connection';

export interface ErrorTitle {
  id: number;
  exceptionType: string;
  /** its first 300 characters */
  message: string;
}

/** Names errors, without what may be long about them. */
export class ErrorTitles {
  private readonly findAll: Statement<[string], ErrorTitle>;

  constructor(connection: SqliteConnection) {
    this.findAll = connection.prepare(
      `SELECT id, exception_type AS exceptionType, substr(message, 1, 300) AS message
       FROM errors WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id DESC`,
    );
  }

  /** Newest first, those that are still there. */
  find(ids: readonly number[]): ErrorTitle[] {
    return this.findAll.all(JSON.stringify(ids));
  }
}
