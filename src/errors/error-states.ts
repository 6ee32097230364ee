import { toSqlTime } from '../database/sql-time';
import type { SqlConnection, SqlValue } from '../database/sql-connection';
import type { ActionResult, ChangedError, ErrorAction } from './error-action';
import { ErrorDeletion } from './error-deletion';

/** Resolves errors, opens them again and deletes them as people ask for it: nobody is alerted. */
export class ErrorStates {
  private readonly deletion: ErrorDeletion;

  constructor(private readonly connection: SqlConnection) {
    this.deletion = new ErrorDeletion(connection);
  }

  /**
   * Does the same to some errors, in one transaction. One that is resolved already keeps its `resolved_at`.
   * @param ids each at most once
   * @param now when they are resolved
   */
  apply(action: ErrorAction, ids: readonly number[], now: Date): Promise<ActionResult> {
    return this.connection.transaction(async () => {
      const known = await this.lockAll(ids);
      const changed = await this.change(action, ids, now);
      const changedIds = new Set(changed.map(({ id }) => id));
      return {
        changed: inOrderOf(ids, changed),
        unchanged: ids.filter((id) => known.has(id) && !changedIds.has(id)),
        unknown: ids.filter((id) => !known.has(id)),
      };
    });
  }

  /** In the order in which reports lock them, or the two could wait for each other. */
  private async lockAll(ids: readonly number[]): Promise<Set<number>> {
    const { forUpdate, isAmong } = this.connection.dialect;
    const rows = await this.connection.all<{ id: number }>(
      `SELECT id FROM errors WHERE ${isAmong('id', 'number')} ORDER BY fingerprint ${forUpdate}`,
      [ids],
    );
    return new Set(rows.map(({ id }) => id));
  }

  private change(action: ErrorAction, ids: readonly number[], now: Date): Promise<ChangedError[]> {
    const { isFalse, isTrue } = this.connection.dialect;
    switch (action) {
      case 'resolve':
        return this.mark('resolved = TRUE, resolved_at = ?', isFalse('resolved'), [toSqlTime(now), ids]);
      case 'reopen':
        return this.mark('resolved = FALSE, resolved_at = NULL', isTrue('resolved'), [ids]);
      case 'delete':
        return this.deletion.delete(ids);
    }
  }

  private mark(change: string, state: string, parameters: SqlValue[]): Promise<ChangedError[]> {
    const isAmong = this.connection.dialect.isAmong('id', 'number');
    return this.connection.all(
      `UPDATE errors SET ${change} WHERE ${isAmong} AND ${state} RETURNING id, project`,
      parameters,
    );
  }
}

/** A statement that changes many gives them in no order. */
function inOrderOf(ids: readonly number[], errors: readonly ChangedError[]): ChangedError[] {
  const byId = new Map(errors.map((error) => [error.id, error]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}
