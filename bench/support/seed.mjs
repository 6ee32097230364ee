import Database from 'better-sqlite3';
import { createHash } from 'node:crypto';
import { constants, copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { askPostgres } from './ask-postgres.mjs';
import { startPostgres } from './postgres.mjs';
import { findPostgresPrograms, versionOf } from './postgres-programs.mjs';
import { makeSeedReports } from './seed-reports.mjs';
import { makeTemporaryFolder, removeTemporaryFolder } from './temporary-folder.mjs';
import { migrate, openPostgresWriter, openSqliteWriter, readPostgresSchema } from './writer.mjs';

/** Goes up when the rows change, so that files of before are not taken for the new ones. */
const SEED_VERSION = 3;
const BATCH = 5_000;
const CACHE = join(tmpdir(), 'error-tracker-bench');
const DATABASE = 'error_tracker';
/** The files of its log are kept with the others. */
const SEED_SETTINGS = { max_wal_size: '1GB' };
const DAY_MS = 86_400_000;

/**
 * Copies a file with so many errors to `path`. It is made once and kept in the system's folder for temporary files,
 * under a name that tells schema, number of errors and kind.
 * @param options.kind `mixed`: as after 90 days of use; `expired`: all were resolved and last seen years ago
 */
export async function copySeededFile(path, { kind, errors, log }) {
  const migrated = makeTemporaryFolder();
  const empty = join(migrated, 'empty.db');
  await migrate({ databasePath: empty });
  const name = `${kind}-${errors}-v${SEED_VERSION}-${toKey(readSqliteSchema(empty))}.db`;
  const cached = await makeOnce(name, log, async (target) => {
    await fillFile(empty, kind, errors);
    copyFileSync(empty, target);
  });
  removeTemporaryFolder(migrated);
  rmSync(path, { force: true });
  copyFileSync(cached, path, constants.COPYFILE_FICLONE);
}

/**
 * Starts a PostgreSQL with so many errors of the kind `mixed` in its database. Its files are kept like those of SQLite.
 * @returns as `startPostgres`, and `databaseUrl`
 */
export async function startSeededPostgres({ errors, log }) {
  const version = versionOf(findPostgresPrograms());
  const name = `postgres-${version}-${errors}-v${SEED_VERSION}-${toKey(readPostgresSchema())}`;
  const cached = await makeOnce(name, log, async (target) => {
    const postgres = await startPostgres({ settings: SEED_SETTINGS });
    const url = await postgres.createDatabase(DATABASE);
    await migrate({ databaseUrl: url });
    const writer = openPostgresWriter(url);
    await fill(writer, 'mixed', errors);
    await writer.close();
    // Thousands of errors resolved at once leave it a hundred times as large as days of use do.
    await askPostgres(url, 'VACUUM (FULL) error_counts');
    await askPostgres(url, 'VACUUM (ANALYZE)');
    await postgres.stop();
    renameSync(postgres.dataFolder, target);
    await postgres.remove();
  });
  const postgres = await startPostgres({ copyOf: cached });
  return { ...postgres, databaseUrl: postgres.urlOf(DATABASE) };
}

/** @param make makes a file or folder of this name */
async function makeOnce(name, log, make) {
  const cached = join(CACHE, name);
  if (existsSync(cached)) return cached;
  log(`making ${cached}`);
  mkdirSync(CACHE, { recursive: true });
  const startedAt = performance.now();
  const partial = `${cached}.partial`;
  rmSync(partial, { recursive: true, force: true });
  await make(partial);
  renameSync(partial, cached);
  log(`made in ${Math.round((performance.now() - startedAt) / 1_000)} s`);
  return cached;
}

function readSqliteSchema(path) {
  const database = new Database(path, { readonly: true });
  const schema = database.prepare('SELECT name, sql FROM sqlite_schema ORDER BY name').all();
  database.close();
  return schema;
}

function toKey(schema) {
  return createHash('sha256').update(JSON.stringify(schema)).digest('hex').slice(0, 12);
}

async function fillFile(path, kind, errors) {
  const writer = openSqliteWriter(path);
  writer.database.pragma('synchronous = OFF');
  writer.database.pragma('cache_size = -200000');
  writer.database.pragma('wal_autocheckpoint = 20000');
  await fill(writer, kind, errors);
  writer.database.pragma('wal_checkpoint(TRUNCATE)');
  await writer.close();
}

/** Through the writer of the build, so that everything it keeps beside the rows is right too. */
async function fill(writer, kind, errors) {
  const ageMs = kind === 'expired' ? 1_000 * DAY_MS : 0;
  const seeds = makeSeedReports(errors, {
    newest: new Date(Date.now() - ageMs),
    isResolved: kind === 'expired',
  });
  let batch = [];
  const flush = async () => {
    const ids = await writer.record(batch.flatMap((seed) => seed.reports));
    const resolved = batch.filter((seed) => seed.isResolved);
    await writer.resolve(resolved.map(({ reports: [first] }) => ids.get(first.fingerprint)));
    batch = [];
  };
  for (const seed of seeds) {
    batch.push(seed);
    if (batch.length === BATCH) await flush();
  }
  if (batch.length > 0) await flush();
}
