import type { SqlConnection } from '../database/sql-connection';
import type { ChangedError } from './error-action';

/** Deletes errors with all that belongs to them. */
export class ErrorDeletion {
  constructor(private readonly connection: SqlConnection) {}

  /**
   * To be called within a transaction.
   * @returns those that were there
   */
  async delete(ids: readonly number[]): Promise<ChangedError[]> {
    const { isAmong } = this.connection.dialect;
    // Occurrences and deliveries go with their error (ON DELETE CASCADE); whoever takes an event of the error skips it.
    const deleted = await this.connection.all<ChangedError>(
      `DELETE FROM errors WHERE ${isAmong('id', 'number')} RETURNING id, project`,
      [ids],
    );
    // Last and together: the cascade of each deletion would make FTS5 write out what it has gathered.
    await this.connection.run(`DELETE FROM error_search WHERE ${isAmong('rowid', 'number')}`, [
      deleted.map(({ id }) => id),
    ]);
    return deleted;
  }
}
