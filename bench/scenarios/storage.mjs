import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { formatCount, formatRatio, formatSpread } from '../support/format.mjs';
import { interleave } from '../support/interleave.mjs';
import { LostReportsError } from '../support/ledger.mjs';
import { compare } from '../support/statistics.mjs';
import { makeStoredReport } from '../support/stored-report.mjs';
import { makeTemporaryFolder, removeTemporaryFolder } from '../support/temporary-folder.mjs';
import { migrate, openSqliteWriter } from '../support/writer.mjs';

const BATCHES = [1, 20, 200];
const KNOWN_ERRORS = 1_000;

export const storage = {
  summary: 'the writer alone, without HTTP and threads: durable reports a second by batch size',
  run,
};

async function run({ rounds, seconds, log }) {
  const folder = makeTemporaryFolder();
  const empty = join(folder, 'empty.db');
  await migrate({ databasePath: empty });
  const cells = [];
  for (const kind of ['known', 'new']) {
    for (const batch of BATCHES) {
      log(`${kind}, batches of ${batch}`);
      const open = (side) => {
        const file = join(folder, `${kind}-${batch}-${side}.db`);
        copyFileSync(empty, file);
        return openStore(file, kind);
      };
      const [ours, baseline] = [await open('ours'), await open('baseline')];
      const results = await interleave(
        rounds,
        () => ours.measure(batch, seconds(1)),
        () => baseline.measure(1, seconds(1)),
      );
      await ours.close();
      await baseline.close();
      cells.push({ kind, batch, perSecond: compare(results.ours, results.baseline), segments: results });
    }
  }
  removeTemporaryFolder(folder);
  return { tables: [toTable(cells)], cells };
}

async function openStore(file, kind) {
  const writer = openSqliteWriter(file);
  const { synchronous } = writer.database.pragma('synchronous')[0];
  if (synchronous !== 2) throw new Error(`synchronous is ${synchronous} and should be 2, FULL`);
  const countStored = writer.database.prepare('SELECT coalesce(sum(count), 0) FROM errors').pluck();
  let made = 0;
  const next = () => {
    const key = kind === 'known' ? `known ${made % KNOWN_ERRORS}` : `new ${made}`;
    made++;
    return makeStoredReport(key);
  };
  const record = (size) => writer.record(Array.from({ length: size }, next));
  for (let i = 0; i < KNOWN_ERRORS / 200; i++) await record(200);

  const measure = async (size, seconds) => {
    const madeBefore = made;
    const startedAt = performance.now();
    while (performance.now() - startedAt < seconds * 1_000) await record(size);
    const perSecond = ((made - madeBefore) / (performance.now() - startedAt)) * 1_000;
    const stored = countStored.get();
    if (stored !== made) throw new LostReportsError(`${made} reports were recorded and ${stored} are stored`);
    return perSecond;
  };
  return { measure, close: writer.close };
}

function toTable(cells) {
  return {
    columns: ['reports', 'batch', 'stored/s', 'one a commit/s', 'ratio', 'of pairs'],
    rows: cells.map(({ kind, batch, perSecond }) => [
      kind,
      batch,
      formatCount(perSecond.ours),
      formatCount(perSecond.baseline),
      formatRatio(perSecond.ratio),
      formatSpread(perSecond),
    ]),
  };
}
