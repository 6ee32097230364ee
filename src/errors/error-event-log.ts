import type { Statement } from 'better-sqlite3';
import type { SqliteConnection } from '../database/sqlite-connection';

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
  private readonly insert: Statement;
  private readonly findOldest: Statement<[number], EventRow>;
  private readonly deleteUpTo: Statement<[number]>;

  constructor(connection: SqliteConnection) {
    this.insert = connection.prepare('INSERT INTO error_events (error_id, kind) VALUES (?, ?)');
    this.findOldest = connection.prepare(
      `SELECT event.id, event.error_id AS errorId, event.kind, errors.project
       FROM error_events AS event LEFT JOIN errors ON errors.id = event.error_id
       ORDER BY event.id LIMIT ?`,
    );
    this.deleteUpTo = connection.prepare('DELETE FROM error_events WHERE id <= ?');
  }

  /** To be called within the transaction that stores the report. */
  add(errorId: number, kind: ErrorEventKind): void {
    this.insert.run(errorId, kind);
  }

  /**
   * Takes the oldest away, at most so many; to be called within the transaction that deals with them.
   * @returns how many were taken, and those whose error is still there
   */
  take(most: number): { taken: number; events: LoggedErrorEvent[] } {
    const rows = this.findOldest.all(most);
    const last = rows.at(-1);
    if (last) this.deleteUpTo.run(last.id);
    const events = rows.flatMap(({ errorId, kind, project }) =>
      project === null ? [] : [{ errorId, kind, project }],
    );
    return { taken: rows.length, events };
  }
}
