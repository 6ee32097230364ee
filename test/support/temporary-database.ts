import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { Client } from 'pg';
import { PostgresTestDatabase } from './postgres/postgres-database';
import { SqliteTestDatabase } from './sqlite-database';
import { temporaryFolder } from './temporary-folder';
import { DATABASE, type TestDatabase } from './test-database';

/** The setting that tells a server where it stores. */
export type DatabaseEnv = { DATABASE_PATH: string } | { DATABASE_URL: string };

export interface StoredDatabase {
  env: DatabaseEnv;
  /** A connection of the test; whoever opens it closes it. One that only reads leaves a file of SQLite as it is. */
  open(options?: { readonly?: boolean }): TestDatabase;
}

export interface TemporaryDatabase extends StoredDatabase {
  remove(): Promise<void>;
}

/** A database for one test or file, which no server has opened yet. */
export async function temporaryDatabase(): Promise<TemporaryDatabase> {
  if (DATABASE === 'postgres') return createPostgresDatabase(process.env.TEST_DATABASE_URL!);
  const folder = temporaryFolder();
  return {
    ...sqliteFile(join(folder.path, 'errors.db')),
    // eslint-disable-next-line @typescript-eslint/require-await -- the other database cannot be removed at once
    remove: async () => folder.remove(),
  };
}

/** Whether the settings tell where to store. */
export function namesDatabase(env: Record<string, string>): boolean {
  if (DATABASE === 'postgres' && env.DATABASE_PATH !== undefined)
    throw new Error('What runs on both databases stores in a temporaryDatabase(), not at a DATABASE_PATH');
  return env.DATABASE_PATH !== undefined || env.DATABASE_URL !== undefined;
}

/** @param env settings that name the database of a server */
export function openDatabase({ DATABASE_URL, DATABASE_PATH }: Record<string, string>): TestDatabase {
  return DATABASE_URL === undefined
    ? new SqliteTestDatabase(DATABASE_PATH!)
    : new PostgresTestDatabase(DATABASE_URL);
}

/** A file of SQLite that lies where the test wants it. */
export function sqliteFile(path: string): StoredDatabase {
  return { env: { DATABASE_PATH: path }, open: (options) => new SqliteTestDatabase(path, options) };
}

/** @param serverUrl of a database of the same server, whose user may make others */
export async function createPostgresDatabase(serverUrl: string): Promise<TemporaryDatabase> {
  const name = `test_${randomBytes(8).toString('hex')}`;
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  await administer(serverUrl, `CREATE DATABASE ${name}`);
  return {
    env: { DATABASE_URL: url.href },
    open: () => new PostgresTestDatabase(url.href),
    remove: () => administer(serverUrl, `DROP DATABASE ${name} WITH (FORCE)`),
  };
}

async function administer(serverUrl: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: serverUrl });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
