import { sqlTimeToIso } from '../database/sql-time';
import type { SqlConnection } from '../database/sql-connection';
import { findThrownAt } from '../fingerprints/find-thrown-at';
import type { ErrorRow } from './errors.answers';
import type { Level } from './report';

type StoredRow = Omit<ErrorRow, 'resolved' | 'level'> & { resolved: unknown; level: Level | null };

/** More characters than any message has. */
const ALL_OF_IT = 2 ** 31 - 1;

/** Reads errors as lists show them. */
export class ErrorRows {
  constructor(private readonly connection: SqlConnection) {}

  /**
   * @param ids of errors that are there
   * @param messageLength so many characters of their messages
   */
  async find(ids: readonly number[], messageLength = ALL_OF_IT): Promise<Map<number, ErrorRow>> {
    const { isAmong } = this.connection.dialect;
    const stored = await this.connection.all<StoredRow>(
      `SELECT id, fingerprint, project, exception_type, substr(message, 1, ?) AS message, count, first_seen, last_seen,
         resolved, source, file, line, level, platform
       FROM errors WHERE ${isAmong('id', 'number')}`,
      [messageLength, ids],
    );
    const rows = new Map<number, ErrorRow>();
    for (const row of stored) rows.set(row.id, await this.toRow(row));
    return rows;
  }

  private async toRow(stored: StoredRow): Promise<ErrorRow> {
    const place = stored.file === null ? await this.readThrownAt(stored.id) : stored;
    return {
      ...stored,
      first_seen: sqlTimeToIso(stored.first_seen),
      last_seen: sqlTimeToIso(stored.last_seen),
      resolved: Boolean(stored.resolved),
      file: place.file || null,
      line: place.line,
      level: stored.level ?? 'error',
    };
  }

  /** Of an error from before the place was stored. */
  private async readThrownAt(id: number): Promise<Pick<ErrorRow, 'file' | 'line'>> {
    const stored = await this.connection.get<{ traceback: string }>(
      'SELECT traceback FROM errors WHERE id = ?',
      [id],
    );
    const { file = null, line = null } = findThrownAt(stored?.traceback ?? '') ?? {};
    return { file, line };
  }
}
