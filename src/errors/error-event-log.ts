import type { SqlConnection } from '../database/sql-connection';

/** An error was reported for the first time, or again after it had been resolved. */
export type ErrorEventKind = 'created' | 'reopened';

export interface LoggedErrorEvent {
  errorId: number;
  project: string;
  kind: ErrorEventKind;
}

interface EventRow extends Omit<LoggedErrorEvent, 'project'> {
  id: number;
}

/**
 * The new and reopened errors that nobody has dealt with yet. A row is written in the transaction that stores the
 * report and taken in that of whoever deals with it, so that a crash in between loses none and repeats none.
 */
export class ErrorEventLog {
  constructor(private readonly connection: SqlConnection) {}

  /**
   * Takes the oldest away, at most so many; to be called within the transaction that deals with them. What another
   * transaction is taking is left to that one.
   * @returns how many were taken, and those whose error is still there
   */
  async take(most: number): Promise<{ taken: number; events: LoggedErrorEvent[] }> {
    const { isAmong, skipLocked } = this.connection.dialect;
    const rows = await this.connection.all<EventRow>(
      `SELECT id, error_id AS "errorId", kind FROM error_events ORDER BY id LIMIT ? ${skipLocked}`,
      [most],
    );
    if (rows.length === 0) return { taken: 0, events: [] };
    const ids = rows.map(({ id }) => id);
    await this.connection.run(`DELETE FROM error_events WHERE ${isAmong('id', 'number')}`, [ids]);
    const projects = await this.keepErrors(rows.map(({ errorId }) => errorId));
    const events = rows.flatMap(({ errorId, kind }) => {
      const project = projects.get(errorId);
      return project === undefined ? [] : [{ errorId, kind, project }];
    });
    return { taken: rows.length, events };
  }

  /**
   * From now on nobody deletes them before the transaction ends. They are locked in the order in which deletions lock
   * them, or the two could wait for each other.
   * @returns the project of each that is still there
   */
  private async keepErrors(ids: readonly number[]): Promise<Map<number, string>> {
    const { isAmong, keepRows } = this.connection.dialect;
    const errors = await this.connection.all<{ id: number; project: string }>(
      `SELECT id, project FROM errors WHERE ${isAmong('id', 'number')} ORDER BY fingerprint ${keepRows}`,
      [ids],
    );
    return new Map(errors.map(({ id, project }) => [id, project]));
  }
}
