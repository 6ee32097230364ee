declare global {
  /** of each project: jest.config.cjs */
  var testDatabase: 'sqlite' | 'postgres';
}

/** What the tests of this run store in. */
export const DATABASE = globalThis.testDatabase;

/** What the database says to whoever waited too long for what somebody else has locked. */
export const LOCKED = {
  sqlite: 'database is locked',
  postgres: 'canceling statement due to lock timeout',
}[DATABASE];

/* eslint-disable @typescript-eslint/no-explicit-any -- tests look into rows as they come */

/**
 * A test's own way into the database of a server. SQL is written so that SQLite and PostgreSQL both understand it, with
 * `?` for parameters. On both, rows have booleans (`resolved`), numbers, and times as `2026-01-31 12:00:00.000`.
 * It connects with the first question.
 */
export interface TestDatabase {
  all<Row = any>(sql: string, parameters?: unknown[]): Promise<Row[]>;
  get<Row = any>(sql: string, parameters?: unknown[]): Promise<Row | undefined>;
  /** the first column of the first row */
  value<T = any>(sql: string, parameters?: unknown[]): Promise<T>;
  /** @returns how many rows it changed */
  run(sql: string, parameters?: unknown[]): Promise<number>;
  /** Inserts many rows fast; ids that come with them are taken, and later ones are higher. */
  insert(table: string, rows: Record<string, unknown>[]): Promise<void>;
  /** Keeps everybody else from writing, not from reading, until the function that it gives is called. */
  lock(): Promise<() => Promise<void>>;
  /** Changes something in a transaction that is committed when the function that it gives is called. */
  hold(sql: string, parameters?: unknown[]): Promise<() => Promise<void>>;
  /** What the database itself finds wrong with what it has stored. */
  findDamage(): Promise<unknown[]>;
  close(): Promise<void>;
}
