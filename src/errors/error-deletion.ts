import type { Statement } from 'better-sqlite3';
import type { SqliteConnection } from '../database/sqlite-connection';
import type { ChangedError } from './error-action';

/** Deletes errors with all that belongs to them. */
export class ErrorDeletion {
  private readonly deleteError: Statement<[number], ChangedError>;
  private readonly deleteSearchText: Statement<[number]>;

  constructor(connection: SqliteConnection) {
    // Occurrences and deliveries go with their error (ON DELETE CASCADE); whoever takes an event of the error skips it.
    this.deleteError = connection.prepare('DELETE FROM errors WHERE id = ? RETURNING id, project');
    this.deleteSearchText = connection.prepare('DELETE FROM error_search WHERE rowid = ?');
  }

  /**
   * To be called within a transaction.
   * @returns those that were there
   */
  delete(ids: readonly number[]): ChangedError[] {
    const deleted = ids.flatMap((id) => this.deleteError.get(id) ?? []);
    // Last and together: the cascade of each deletion would make FTS5 write out what it has gathered.
    for (const { id } of deleted) this.deleteSearchText.run(id);
    return deleted;
  }
}
