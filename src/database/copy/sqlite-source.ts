import Database from 'better-sqlite3';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { inspectSqliteFile } from '../sqlite/inspect-sqlite-file';
import { prepareSqlite } from '../sqlite/prepare-sqlite';
import { MIGRATIONS } from '../sqlite-migrations/migrations';
import { UnusableDatabaseError } from '../unusable-database-error';
import type { SqliteValue } from './clean-value';
import { cleanRow, type CopiedRow } from './copied-row';
import { cleanProject, columnNames, type CopiedTable, COPIED_TABLES } from './copied-tables';

/** Somebody who has it open for a moment only, such as a backup that ends just now, is waited for. */
const LOCK_TIMEOUT_MS = 2_000;

/**
 * The file that is copied, with the schema of this version. Nobody else can read or write it until it is closed: every
 * connection of a server keeps a lock on the file as long as it is open, and this one has it alone.
 */
export class SqliteSource {
  private constructor(
    /** for people: the whole path */
    readonly shown: string,
    private readonly database: Database.Database,
  ) {
    database.function('clean_project', { deterministic: true }, (name: SqliteValue | null) =>
      name === null ? null : cleanProject(name, null),
    );
  }

  /** @throws UnusableDatabaseError when there is no such file, it cannot be used, or somebody else uses it */
  static async open(path: string): Promise<SqliteSource> {
    if (!existsSync(path)) throw new UnusableDatabaseError(`there is no file ${path}`);
    inspectSqliteFile(
      path,
      MIGRATIONS.map(({ name }) => name),
    );
    // Nothing is migrated under a server that runs.
    openAlone(path).close();
    const { shown } = await prepareSqlite(path);
    return new SqliteSource(shown, openAlone(path));
  }

  /**
   * Tells this database from every other, and from itself after reports, deletions or other changes of errors; a copy
   * of the file is the same one.
   */
  identify(): string {
    const facts = COPIED_TABLES.map(({ name, hasIds }) =>
      this.values(`SELECT count(*), ${hasIds ? 'max(id)' : 'NULL'} FROM ${name}`),
    );
    const errors = this.values(
      'SELECT min(fingerprint), max(fingerprint), total(count), max(last_seen), total(resolved) FROM errors',
    );
    return createHash('sha256')
      .update(JSON.stringify([facts, errors]))
      .digest('hex');
  }

  /** How many rows of a table are copied. */
  count(table: CopiedTable): number {
    return this.values(`SELECT count(*) FROM (${selectOf(table)})`)[0] as number;
  }

  /** How many rows are not, since they belong to an error that does not exist. */
  countOrphans(): number {
    const all = COPIED_TABLES.filter(({ belongsToErrors }) => belongsToErrors).map(
      ({ name }) => `SELECT error_id FROM ${name}`,
    );
    return this.values(
      `SELECT count(*) FROM (${all.join(' UNION ALL ')}) WHERE error_id NOT IN (SELECT id FROM errors)`,
    )[0] as number;
  }

  /** Rows of a table in their order, cleaned, and whether that changed them. */
  *rows(table: CopiedTable, offset = 0): Generator<{ row: CopiedRow; changed: boolean }> {
    const kinds = Object.values(table.columns);
    const statement = this.database
      .prepare<[number], (SqliteValue | null)[]>(
        `${selectOf(table)} ORDER BY ${table.orderBy} LIMIT -1 OFFSET ?`,
      )
      .raw();
    for (const values of statement.iterate(offset)) yield cleanRow(kinds, values);
  }

  /** The highest id that a table has ever given, also to rows that were deleted; 0 when there was none. */
  highestId({ name }: CopiedTable): number {
    return this.values(
      `SELECT max(coalesce((SELECT max(id) FROM ${name}), 0),
         coalesce((SELECT seq FROM sqlite_sequence WHERE name = '${name}'), 0))`,
    )[0] as number;
  }

  close(): void {
    this.database.close();
  }

  private values(sql: string): unknown[] {
    return this.database.prepare<[], unknown[]>(sql).raw().get() ?? [];
  }
}

function selectOf(table: CopiedTable): string {
  const { name, select, groupBy, belongsToErrors } = table;
  return [
    `SELECT ${select ?? columnNames(table).join(', ')} FROM ${name}`,
    belongsToErrors ? 'WHERE error_id IS NULL OR error_id IN (SELECT id FROM errors)' : '',
    groupBy === undefined ? '' : `GROUP BY ${groupBy}`,
  ].join(' ');
}

function openAlone(path: string): Database.Database {
  const database = new Database(path, { fileMustExist: true, timeout: LOCK_TIMEOUT_MS });
  try {
    // Before the first read, so that it comes to hold for the whole file: https://sqlite.org/wal.html#noshm
    database.pragma('locking_mode = EXCLUSIVE');
    database.exec('BEGIN EXCLUSIVE; COMMIT');
    return database;
  } catch (error) {
    database.close();
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UnusableDatabaseError(
      code?.startsWith('SQLITE_BUSY')
        ? `${resolve(path)} is in use: stop the server and every other program that has it open, and try again`
        : `${resolve(path)} cannot be opened: ${message}`,
    );
  }
}
