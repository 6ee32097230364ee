import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { formatCount, formatMs, formatRatio, formatTarget } from '../support/format.mjs';
import { interleave } from '../support/interleave.mjs';
import { Ledger } from '../support/ledger.mjs';
import { runClosedLoop } from '../support/load.mjs';
import { copySeededFile } from '../support/seed.mjs';
import { startServer } from '../support/servers.mjs';
import { compare } from '../support/statistics.mjs';
import { makeTemporaryFolder, removeTemporaryFolder } from '../support/temporary-folder.mjs';

/** Enough that the log of a killed server holds pages to bring back. */
const REPORTS_BEFORE_KILL = 2_000;
const SEEDED_ENV = { RETENTION_DAYS: '3650' };

export const startUp = {
  summary: 'from the start of the process to the first 200 of /health',
  run,
};

async function run({ seededErrors, rounds, log }) {
  const folder = makeTemporaryFolder();
  const seeded = join(folder, 'seeded.db');
  await copySeededFile(seeded, { kind: 'mixed', errors: seededErrors, log });
  const starts = [
    { name: 'empty', targetMs: 1_500, start: () => startOnce(undefined) },
    { name: `${formatCount(seededErrors)} errors`, targetMs: 2_000, start: () => startOnce(seeded) },
    { name: `${formatCount(seededErrors)} errors, after kill -9`, start: () => startAfterKill(seeded) },
  ];
  const cells = [];
  for (const { name, targetMs, start } of starts) {
    log(name);
    const { ours, baseline } = await interleave(rounds, start, startNodeAlone);
    cells.push({ name, targetMs, startMs: compare(ours, baseline), segments: { ours, baseline } });
  }
  removeTemporaryFolder(folder);
  return { tables: [toTable(cells)], cells };
}

async function startOnce(databasePath) {
  const server = await startServer({ databasePath, env: SEEDED_ENV });
  await server.stop();
  return server.startMs;
}

async function startAfterKill(databasePath) {
  const ledger = await Ledger.open({ databasePath });
  const killed = await startServer({ databasePath, env: SEEDED_ENV });
  const load = { kind: 'mixed', size: '2', connections: 64, amount: REPORTS_BEFORE_KILL };
  const result = await runClosedLoop(killed, load);
  await killed.stop('SIGKILL');
  const server = await startServer({ databasePath, env: SEEDED_ENV });
  await ledger.check(result);
  await server.stop();
  return server.startMs;
}

async function startNodeAlone() {
  const startedAt = performance.now();
  await once(spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' }), 'exit');
  return performance.now() - startedAt;
}

function toTable(cells) {
  return {
    columns: ['database', 'first answer', 'node -e 0', 'ratio', 'target'],
    rows: cells.map(({ name, targetMs, startMs }) => [
      name,
      formatMs(startMs.ours),
      formatMs(startMs.baseline),
      formatRatio(startMs.ratio),
      targetMs ? formatTarget(`≤ ${formatCount(targetMs)} ms`, startMs.ours <= targetMs) : '',
    ]),
  };
}
