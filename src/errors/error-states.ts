import type { Statement, Transaction } from 'better-sqlite3';
import { toSqlTime } from '../database/sql-time';
import type { SqliteConnection } from '../database/sqlite-connection';
import type { ActionResult, ChangedError, ErrorAction } from './error-action';
import { ErrorDeletion } from './error-deletion';

/** Resolves errors, opens them again and deletes them as people ask for it: nobody is alerted. */
export class ErrorStates {
  private readonly markResolved: Statement<[string, number], ChangedError>;
  private readonly markOpen: Statement<[number], ChangedError>;
  private readonly findError: Statement<[number]>;
  private readonly deletion: ErrorDeletion;
  private readonly applyToAll: Transaction<
    (action: ErrorAction, ids: readonly number[], now: Date) => ActionResult
  >;

  constructor(connection: SqliteConnection) {
    this.markResolved = connection.prepare(
      'UPDATE errors SET resolved = 1, resolved_at = ? WHERE id = ? AND resolved = 0 RETURNING id, project',
    );
    this.markOpen = connection.prepare(
      'UPDATE errors SET resolved = 0, resolved_at = NULL WHERE id = ? AND resolved <> 0 RETURNING id, project',
    );
    this.findError = connection.prepare('SELECT 1 FROM errors WHERE id = ?');
    this.deletion = new ErrorDeletion(connection);
    this.applyToAll = connection.transaction((action, ids, now) => {
      const result: ActionResult = { changed: this.change(action, ids, now), unchanged: [], unknown: [] };
      const changed = new Set(result.changed.map(({ id }) => id));
      for (const id of ids) {
        if (!changed.has(id)) result[this.findError.get(id) ? 'unchanged' : 'unknown'].push(id);
      }
      return result;
    });
  }

  /**
   * Does the same to some errors, in one transaction. One that is resolved already keeps its `resolved_at`.
   * @param ids each at most once
   * @param now when they are resolved
   */
  apply(action: ErrorAction, ids: readonly number[], now: Date): ActionResult {
    return this.applyToAll.immediate(action, ids, now);
  }

  private change(action: ErrorAction, ids: readonly number[], now: Date): ChangedError[] {
    switch (action) {
      case 'resolve':
        return ids.flatMap((id) => this.markResolved.get(toSqlTime(now), id) ?? []);
      case 'reopen':
        return ids.flatMap((id) => this.markOpen.get(id) ?? []);
      case 'delete':
        return this.deletion.delete(ids);
    }
  }
}
