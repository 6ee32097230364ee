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
  /** NULL when the error has been deleted meanwhile */
  project: string | null;
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
      `SELECT id, error_id AS "errorId", kind,
         (SELECT project FROM errors WHERE errors.id = error_events.error_id) AS project
       FROM error_events ORDER BY id LIMIT ? ${skipLocked}`,
      [most],
    );
    if (rows.length > 0) {
      const ids = rows.map(({ id }) => id);
      await this.connection.run(`DELETE FROM error_events WHERE ${isAmong('id', 'number')}`, [ids]);
    }
    const events = rows.flatMap(({ errorId, kind, project }) =>
      project === null ? [] : [{ errorId, kind, project }],
    );
    return { taken: rows.length, events };
  }
}
