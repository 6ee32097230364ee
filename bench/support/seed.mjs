import { createHash } from 'node:crypto';
import { constants, copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { makeSeedReports } from './seed-reports.mjs';
import { makeTemporaryFolder, removeTemporaryFolder } from './temporary-folder.mjs';
import { migrateFile, openWriter } from './writer.mjs';

/** Goes up when the rows change, so that files of before are not taken for the new ones. */
const SEED_VERSION = 2;
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
  await migrateFile(empty);
  const cached = join(CACHE, `${kind}-${errors}-v${SEED_VERSION}-${readSchemaKey(empty)}.db`);
  if (!existsSync(cached)) {
    log(`making ${cached}`);
    mkdirSync(CACHE, { recursive: true });
    const startedAt = performance.now();
    fill(empty, kind, errors);
    copyFileSync(empty, `${cached}.partial`);
    renameSync(`${cached}.partial`, cached);
    log(`made in ${Math.round((performance.now() - startedAt) / 1_000)} s`);
  }
  removeTemporaryFolder(migrated);
  rmSync(path, { force: true });
  copyFileSync(cached, path, constants.COPYFILE_FICLONE);
}

function readSchemaKey(path) {
  const { connection } = openWriter(path);
  const schema = connection.prepare('SELECT name, sql FROM sqlite_schema ORDER BY name').all();
  connection.close();
  return createHash('sha256').update(JSON.stringify(schema)).digest('hex').slice(0, 12);
}

/** Through the writer of the build, so that everything it keeps beside the rows is right too. */
function fill(path, kind, errors) {
  const writer = openWriter(path);
  writer.connection.pragma('synchronous = OFF');
  writer.connection.pragma('cache_size = -200000');
  writer.connection.pragma('wal_autocheckpoint = 20000');
  const resolveAll = writer.connection.transaction((recorded) => {
    for (const { id, resolvedAt } of recorded) writer.resolve(id, resolvedAt);
  });
  const ageMs = kind === 'expired' ? 1_000 * DAY_MS : 0;
  const seeds = makeSeedReports(errors, {
    newest: new Date(Date.now() - ageMs),
    isResolved: kind === 'expired',
  });
  let batch = [];
  const flush = () => {
    const reports = batch.flatMap((seed) => seed.reports);
    const ids = writer.record(reports);
    resolveAll(
      batch
        .filter((seed) => seed.resolvedAt)
        .map(({ reports: [first], resolvedAt }) => ({ id: ids.get(first.fingerprint), resolvedAt })),
    );
    batch = [];
  };
  for (const seed of seeds) {
    batch.push(seed);
    if (batch.length === BATCH) flush();
  }
  if (batch.length > 0) flush();
  writer.connection.pragma('wal_checkpoint(TRUNCATE)');
  writer.connection.close();
}
