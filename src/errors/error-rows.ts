import type { Statement } from 'better-sqlite3';
import { sqlTimeToIso } from '../database/sql-time';
import type { SqliteConnection } from '../database/sqlite-connection';
import { findThrownAt } from '../fingerprints/find-thrown-at';
import type { ErrorRow } from './errors.answers';

type StoredRow = Omit<ErrorRow, 'resolved'> & { resolved: 0 | 1 };

/** More characters than any message has. */
const ALL_OF_IT = 2 ** 31 - 1;

/** Reads errors as lists show them. */
export class ErrorRows {
  private readonly getRow: Statement<[messageLength: number, id: number], StoredRow>;
  private readonly getTraceback: Statement<[number], { traceback: string }>;

  constructor(connection: SqliteConnection) {
    this.getRow = connection.prepare(
      `SELECT id, fingerprint, project, exception_type, substr(message, 1, ?) AS message, count, first_seen, last_seen, resolved, source,
         file, line
       FROM errors WHERE id = ?`,
    );
    this.getTraceback = connection.prepare('SELECT traceback FROM errors WHERE id = ?');
  }

  /**
   * @param id of an error that is there
   * @param messageLength so many characters of its message
   */
  get(id: number, messageLength = ALL_OF_IT): ErrorRow {
    const stored = this.getRow.get(messageLength, id) as StoredRow;
    return {
      ...stored,
      first_seen: sqlTimeToIso(stored.first_seen),
      last_seen: sqlTimeToIso(stored.last_seen),
      resolved: stored.resolved === 1,
      ...(stored.file === null ? this.readThrownAt(id) : { file: stored.file || null, line: stored.line }),
    };
  }

  /** Of an error from before the place was stored. */
  private readThrownAt(id: number): Pick<ErrorRow, 'file' | 'line'> {
    const { traceback = '' } = this.getTraceback.get(id) ?? {};
    const { file = null, line = null } = findThrownAt(traceback) ?? {};
    return { file, line };
  }
}
