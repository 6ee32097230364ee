import Database from 'better-sqlite3';
import { DatabaseFileError } from './database-file-error';

/** Before this version a WAL reset could corrupt the file (https://sqlite.org/releaselog/3_51_3.html). */
const OLDEST_SAFE_SQLITE = '3.51.3';

/** What `PRAGMA auto_vacuum` says of a file whose freed pages can be given back. */
export const INCREMENTAL = 2;

const LARGEST_LOG_BYTES = 32 * 1024 * 1024;

/** How long a write waits for another process to finish its own, such as `prune`; then reports are refused. */
const LOCK_TIMEOUT_MS = 2_000;

/** A connection of a thread, on which prepared SQL runs: past TypeORM, which costs 50 times as much for each report. */
export abstract class SqliteConnection extends Database {}

/** Opens the file with the settings that every connection of this program has. */
export function openSqliteConnection(path: string): SqliteConnection {
  const database = new Database(path, { timeout: LOCK_TIMEOUT_MS });
  applyPragmas(database);
  return database;
}

/**
 * Durable and safe: what has been committed survives a power cut.
 * `mmap_size` is never set, since an I/O error in mapped memory kills the process.
 */
export function applyPragmas(database: Database.Database): void {
  const version = database.prepare('SELECT sqlite_version()').pluck().get() as string;
  if (compareVersions(version, OLDEST_SAFE_SQLITE) < 0) {
    throw new DatabaseFileError(`SQLite ${OLDEST_SAFE_SQLITE} or newer is needed; this build has ${version}`);
  }
  // Counts only for a file without tables yet; an older one is converted after its migration. On any other it would
  // take the write lock for nothing, and a thread could not start while another process holds that.
  if (database.pragma('auto_vacuum', { simple: true }) !== INCREMENTAL)
    database.pragma('auto_vacuum = INCREMENTAL');
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.pragma('foreign_keys = ON');
  // A backup or another long reader lets the log grow; afterwards it is cut to this.
  database.pragma(`journal_size_limit = ${LARGEST_LOG_BYTES}`);
}

function compareVersions(left: string, right: string): number {
  return left.localeCompare(right, 'en', { numeric: true });
}
