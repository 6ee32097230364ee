import Database from 'better-sqlite3';
import { createHash } from 'node:crypto';
import { constants, copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { makeSeedReports } from './seed-reports.mjs';
import { makeTemporaryFolder, removeTemporaryFolder } from './temporary-folder.mjs';
import { migrate, openSqliteWriter } from './writer.mjs';

/** Goes up when the rows change, so that files of before are not taken for the new ones. */
const SEED_VERSION = 3;
const BATCH = 5_000;
const CACHE = join(tmpdir(), 'error-tracker-bench');
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
  const cached = join(CACHE, `${kind}-${errors}-v${SEED_VERSION}-${readSchemaKey(empty)}.db`);
  if (!existsSync(cached)) {
    log(`making ${cached}`);
    mkdirSync(CACHE, { recursive: true });
    const startedAt = performance.now();
    await fillFile(empty, kind, errors);
    copyFileSync(empty, `${cached}.partial`);
    renameSync(`${cached}.partial`, cached);
    log(`made in ${Math.round((performance.now() - startedAt) / 1_000)} s`);
  }
  removeTemporaryFolder(migrated);
  rmSync(path, { force: true });
  copyFileSync(cached, path, constants.COPYFILE_FICLONE);
}

function readSchemaKey(path) {
  const database = new Database(path, { readonly: true });
  const schema = database.prepare('SELECT name, sql FROM sqlite_schema ORDER BY name').all();
  database.close();
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
