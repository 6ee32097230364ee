import type { Client } from 'pg';
import { hasUnfinishedCopy } from '../copy/copy-progress';
import { POSTGRES_MIGRATIONS } from '../postgres-migrations/migrations';
import { PreparedDatabase } from '../prepared-database';
import { UnusableDatabaseError } from '../unusable-database-error';
import { connectToPrimary } from './connect-to-primary';
import { parsePostgresAddress, type PostgresAddress } from './postgres-address';
import { prepareSearchIndex } from './prepare-search-index';

const OLDEST_SERVER = 14;

/** Making an index on a large table, or waiting for another replica that does, takes its time. */
const STATEMENT_TIMEOUT_MS = 0;

/** Of the lock that a replica holds while it migrates; the number means nothing, but is nobody else's. */
const MIGRATION_LOCK = 5010_0001;

/**
 * Makes a PostgreSQL database ready to be opened by the threads: checks and migrates it. Several replicas may do so at
 * once: one migrates, the others wait for it.
 * @param toCopy for a copy of another database, which makes the search index at its end
 * @throws UnusableDatabaseError saying what is wrong with it
 */
export async function preparePostgres(
  url: string,
  { toCopy = false }: { toCopy?: boolean } = {},
): Promise<PreparedDatabase> {
  const address = parsePostgresAddress(url);
  if (!address) throw new UnusableDatabaseError('DATABASE_URL is no address of PostgreSQL');
  const { client, connectedTo } = await connectToPrimary(address, {
    name: 'error-tracker start',
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
    session: { lock_timeout: '0' },
  });
  try {
    const version = await checkServer(client, address);
    await client.query(`SELECT pg_advisory_lock(${MIGRATION_LOCK})`);
    await migrate(client, address, connectedTo);
    if (!toCopy) {
      await requireWholeCopy(client, address);
      await prepareSearchIndex(client);
    }
    return new PreparedDatabase({ kind: 'postgres', url }, address.shown, version);
  } catch (error) {
    if (error instanceof UnusableDatabaseError) throw error;
    throw new UnusableDatabaseError(`${address.shown} cannot be migrated: ${(error as Error).message}`);
  } finally {
    // The lock ends with the session.
    await client.end().catch(() => undefined);
  }
}

/** @returns the version of the server, such as `15.18` */
async function checkServer(client: Client, { shown }: PostgresAddress): Promise<string> {
  const { rows } = await client.query<{ version: string; encoding: string }>(
    "SELECT current_setting('server_version') AS version, current_setting('server_encoding') AS encoding",
  );
  const { version = '', encoding } = rows[0] ?? {};
  if (parseInt(version, 10) < OLDEST_SERVER) {
    throw new UnusableDatabaseError(
      `PostgreSQL ${OLDEST_SERVER} or newer is needed; ${shown} runs ${version}`,
    );
  }
  if (encoding !== 'UTF8') {
    throw new UnusableDatabaseError(
      `${shown} has the encoding ${encoding}: create the database with ENCODING 'UTF8'`,
    );
  }
  // `15.18 (Debian 15.18-0+deb12u1)`
  return version.split(' ')[0] ?? version;
}

async function migrate(client: Client, { shown }: PostgresAddress, url: string): Promise<void> {
  const known = POSTGRES_MIGRATIONS.map(({ name }) => name);
  const applied = await listApplied(client);
  const unknown = applied.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new UnusableDatabaseError(
      `${shown} was written by a newer version or another program (it has ${unknown.join(', ')}): ` +
        'start the version that wrote it, or use another database',
    );
  }
  if (applied.length === 0) await requireFreeNames(client, shown);
  if (known.every((name) => applied.includes(name))) return;
  // TypeORM takes a tenth of a second and 25 MB, which a database that has all migrations does not need.
  const { migratePostgres } = await import('./migrate-postgres');
  await migratePostgres(url);
}

async function requireWholeCopy(client: Client, { shown }: PostgresAddress): Promise<void> {
  if (!(await hasUnfinishedCopy(client))) return;
  throw new UnusableDatabaseError(
    `${shown} holds the beginning of a copy: run error-tracker migrate-to again, which goes on where it stopped`,
  );
}

async function listApplied(client: Client): Promise<string[]> {
  const { rows: tables } = await client.query("SELECT to_regclass('migrations') AS oid");
  if ((tables[0] as { oid: unknown }).oid === null) return [];
  const { rows } = await client.query<{ name: string }>('SELECT name FROM migrations');
  return rows.map(({ name }) => name);
}

/** Another program's tables stay as they are. */
async function requireFreeNames(client: Client, shown: string): Promise<void> {
  const { rows } = await client.query("SELECT to_regclass('errors') AS oid");
  if ((rows[0] as { oid: unknown }).oid === null) return;
  throw new UnusableDatabaseError(
    `${shown} is the database of another program: it has a table errors that this program did not make`,
  );
}
