import type { SqlConnection } from '../database/sql-connection';

export interface ErrorTitle {
  id: number;
  exceptionType: string;
  /** its first 300 characters */
  message: string;
}

/** Names errors, without what may be long about them. */
export class ErrorTitles {
  constructor(private readonly connection: SqlConnection) {}

  /** Newest first, those that are still there. */
  find(ids: readonly number[]): Promise<ErrorTitle[]> {
    return this.connection.all(
      `SELECT id, exception_type AS "exceptionType", substr(message, 1, 300) AS message
       FROM errors WHERE ${this.connection.dialect.isAmong('id', 'number')} ORDER BY id DESC`,
      [ids],
    );
  }
}
