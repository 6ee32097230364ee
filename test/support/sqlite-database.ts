/* eslint-disable @typescript-eslint/require-await -- SQLite answers at once, the other database cannot */
import Database from 'better-sqlite3';
import type { TestDatabase } from './test-database';

const LOCK_TIMEOUT_MS = 5_000;

/** A plain connection to a file, with the foreign keys that the server's have; whoever opens it closes it. */
export function openSqlite(path: string, options: Database.Options = {}): Database.Database {
  const connection = new Database(path, { timeout: LOCK_TIMEOUT_MS, ...options });
  connection.pragma('foreign_keys = ON');
  return connection;
}

export class SqliteTestDatabase implements TestDatabase {
  private opened: Database.Database | null = null;

  constructor(
    private readonly path: string,
    private readonly options: { readonly?: boolean } = {},
  ) {}

  async all<Row>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
    const statement = this.connection.prepare(sql);
    const booleans = statement.columns().filter(({ type }) => type === 'BOOLEAN');
    const rows = statement.all(...toBindable(parameters)) as Record<string, unknown>[];
    for (const { name } of booleans)
      for (const row of rows) row[name] = row[name] === null ? null : row[name] === 1;
    return rows as Row[];
  }

  async get<Row>(sql: string, parameters?: unknown[]): Promise<Row | undefined> {
    return (await this.all<Row>(sql, parameters))[0];
  }

  async value<T>(sql: string, parameters?: unknown[]): Promise<T> {
    const row = await this.get<Record<string, T>>(sql, parameters);
    return Object.values(row ?? {})[0] as T;
  }

  async run(sql: string, parameters: unknown[] = []): Promise<number> {
    return this.connection.prepare(sql).run(...toBindable(parameters)).changes;
  }

  async insert(table: string, rows: Record<string, unknown>[]): Promise<void> {
    const columns = Object.keys(rows[0] ?? {});
    if (columns.length === 0) return;
    const names = columns.map((column) =>
      table === 'error_search' && column === 'error_id' ? 'rowid' : column,
    );
    const insert = this.connection.prepare(
      `INSERT INTO main.${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`,
    );
    this.connection.transaction(() => {
      for (const row of rows) insert.run(...toBindable(columns.map((column) => row[column])));
    })();
  }

  async lock(): Promise<() => Promise<void>> {
    const connection = openSqlite(this.path);
    connection.exec('BEGIN IMMEDIATE');
    return async () => {
      connection.exec('ROLLBACK');
      connection.close();
    };
  }

  async hold(sql: string, parameters: unknown[] = []): Promise<() => Promise<void>> {
    const connection = openSqlite(this.path);
    connection.exec('BEGIN IMMEDIATE');
    connection.prepare(sql).run(...toBindable(parameters));
    return async () => {
      connection.exec('COMMIT');
      connection.close();
    };
  }

  async findDamage(): Promise<unknown[]> {
    const integrity = this.connection.pragma('integrity_check') as { integrity_check: string }[];
    const damage = integrity.filter(({ integrity_check: found }) => found !== 'ok');
    return [...damage, ...(this.connection.pragma('foreign_key_check') as unknown[])];
  }

  async close(): Promise<void> {
    this.opened?.close();
    this.opened = null;
  }

  private get connection(): Database.Database {
    if (!this.opened) {
      this.opened = openSqlite(this.path, { fileMustExist: true, ...this.options });
      // Here the search text has the error's id as its rowid; PostgreSQL's table has a column for it.
      this.opened.exec(
        'CREATE TEMP VIEW error_search AS SELECT rowid AS error_id, text FROM main.error_search',
      );
    }
    return this.opened;
  }
}

/** SQLite knows no booleans. */
function toBindable(values: unknown[]): unknown[] {
  return values.map((value) => (typeof value === 'boolean' ? Number(value) : value));
}
