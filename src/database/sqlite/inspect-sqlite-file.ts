import Database from 'better-sqlite3';
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  readSync,
  statSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { UnusableDatabaseError } from '../unusable-database-error';

/** What the original system's tables are known by; it may have more columns. */
const ORIGINAL_COLUMNS = {
  errors: [
    'id',
    'fingerprint',
    'project',
    'exception_type',
    'message',
    'traceback',
    'count',
    'first_seen',
    'last_seen',
    'resolved',
  ],
  error_occurrences: [
    'id',
    'error_id',
    'timestamp',
    'request_url',
    'request_method',
    'request_headers',
    'user_id',
    'extra',
  ],
};

/**
 * Looks at the database file before anything is written to it: a file that this program cannot or should not use
 * is refused here and stays as it was. The folder is made when it is missing; a missing or empty file is a new database.
 * @param knownMigrations names of the migrations of this version
 * @returns names of those that the file has
 * @throws UnusableDatabaseError saying what is wrong with the file
 */
export function inspectSqliteFile(path: string, knownMigrations: readonly string[]): string[] {
  makeFolder(path);
  if (!existsSync(path)) return [];
  requireWritableFile(path);
  if (statSync(path).size === 0) return [];
  requireWholeSqliteFile(path);
  return requireOurSchema(path, knownMigrations);
}

function makeFolder(path: string): void {
  const folder = dirname(path);
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
  } catch (error) {
    throw new UnusableDatabaseError(`folder ${folder} of the database cannot be written: ${reason(error)}`);
  }
}

function requireWritableFile(path: string): void {
  const stat = statSync(path);
  if (!stat.isFile()) throw new UnusableDatabaseError(`${path} is not a file`);
  // root may write where nobody else may, yet a file without any write permission is meant to stay as it is.
  if ((stat.mode & 0o222) === 0) throw new UnusableDatabaseError(`${path} is read-only`);
  try {
    accessSync(path, constants.R_OK | constants.W_OK);
  } catch (error) {
    throw new UnusableDatabaseError(`${path} cannot be read and written: ${reason(error)}`);
  }
}

/** Checks the 100-byte header (https://sqlite.org/fileformat.html §1.3) against the length of the file. */
function requireWholeSqliteFile(path: string): void {
  const header = Buffer.alloc(100);
  const file = openSync(path, 'r');
  const read = readSync(file, header, 0, 100, 0);
  closeSync(file);
  if (header.toString('latin1', 0, 16) !== 'SQLite format 3\0') {
    throw new UnusableDatabaseError(`${path} is not a SQLite database`);
  }
  const pageSize = header.readUInt16BE(16) === 1 ? 65_536 : header.readUInt16BE(16);
  const pages = header.readUInt32BE(28);
  // While a write-ahead log waits to be merged, the length in the header may be ahead of the file.
  if (read < 100 || (!logWaits(path) && statSync(path).size < pages * pageSize)) {
    throw new UnusableDatabaseError(`${path} is truncated: restore it from a backup`);
  }
}

function logWaits(path: string): boolean {
  return existsSync(`${path}-wal`) && statSync(`${path}-wal`).size > 0;
}

function requireOurSchema(path: string, knownMigrations: readonly string[]): string[] {
  // What waits in a log stays there. Otherwise a writing connection plays back the journal of a crashed writer and,
  // unlike a reading one, leaves no files of its own beside the database.
  const readonly = logWaits(path);
  let database: Database.Database | undefined;
  try {
    database = new Database(path, { readonly, fileMustExist: true, timeout: 5_000 });
    database.pragma('query_only = ON');
    const tables = listTables(database);
    const applied = tables.includes('migrations') ? listMigrations(database) : [];
    requireKnownMigrations(path, applied, knownMigrations);
    const others = tables.filter((table) => table !== 'migrations');
    if (applied.length === 0 && others.length > 0) requireOriginalTables(database, path, others);
    return applied;
  } catch (error) {
    if (error instanceof UnusableDatabaseError) throw error;
    throw new UnusableDatabaseError(`${path} cannot be opened: ${reason(error)}`);
  } finally {
    database?.close();
  }
}

function listTables(database: Database.Database): string[] {
  return database
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'")
    .pluck()
    .all() as string[];
}

function listMigrations(database: Database.Database): string[] {
  return database.prepare('SELECT name FROM migrations').pluck().all() as string[];
}

function requireKnownMigrations(path: string, applied: readonly string[], known: readonly string[]): void {
  const unknown = applied.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new UnusableDatabaseError(
      `${path} was written by a newer version or another program (it has ${unknown.join(', ')}): ` +
        'start the version that wrote it, or use another file',
    );
  }
}

function requireOriginalTables(database: Database.Database, path: string, tables: readonly string[]): void {
  for (const [table, columns] of Object.entries(ORIGINAL_COLUMNS)) {
    const present = database.prepare('SELECT name FROM pragma_table_info(?)').pluck().all(table) as string[];
    const missing = columns.filter((column) => !present.includes(column));
    if (missing.length > 0) {
      throw new UnusableDatabaseError(
        `${path} is the database of another program (its tables: ${tables.slice(0, 10).join(', ')})`,
      );
    }
  }
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
