import Database from 'better-sqlite3';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { formatCount, formatMb, formatMs, formatRatio, formatTarget } from '../support/format.mjs';
import { Ledger } from '../support/ledger.mjs';
import { startPacedReports } from '../support/load.mjs';
import { readMemory } from '../support/proc.mjs';
import { copySeededFile } from '../support/seed.mjs';
import { startServer } from '../support/servers.mjs';
import { median } from '../support/statistics.mjs';
import { makeTemporaryFolder, removeTemporaryFolder } from '../support/temporary-folder.mjs';

const REPORTS_PER_SECOND = 300;
const DEADLINE_MS = 15 * 60_000;
const CALM_SEGMENTS = 5;
const TARGET_STALL_MS = 100;
const TARGET_WAL_BYTES = 64 * 1024 * 1024;
/** The space is back when the file has been as small for so long. */
const SETTLED_LOOKS = 3;

export const retention = {
  summary: 'a million errors deleted by the running server under 300 reports a second',
  run,
};

async function run({ seededErrors, seconds, log }) {
  const folder = makeTemporaryFolder();
  const databasePath = join(folder, 'errors.db');
  await copySeededFile(databasePath, { kind: 'expired', errors: seededErrors, log });
  const sizeBefore = statSync(databasePath).size;
  const server = await startServer({ databasePath, env: { RETENTION_DAYS: '1' } });
  const ledger = await Ledger.open(server);
  const measure = async (meanwhile) => {
    const load = { kind: 'mixed', size: '2', perSecond: REPORTS_PER_SECOND };
    const reports = await startPacedReports(server, load);
    await meanwhile();
    const result = await reports.stop();
    await ledger.check(result);
    return result;
  };
  try {
    // Retention begins some seconds after the start; the first reports meet code that was never run.
    await measure(() => pause(seconds(2) * 1_000));
    const watch = { walPeak: 0 };
    const startedAt = performance.now();
    const whileDeleting = [];
    while (!watch.isDone) {
      whileDeleting.push(await measure(() => watchFor(databasePath, seconds(5) * 1_000, watch, log)));
      if (performance.now() - startedAt > DEADLINE_MS) {
        throw new Error(`${watch.expired} expired errors are left after ${DEADLINE_MS / 60_000} minutes`);
      }
    }
    const tookMs = performance.now() - startedAt;
    log('the same load with nothing to delete');
    const calm = [];
    for (let i = 0; i < CALM_SEGMENTS; i++) calm.push(await measure(() => pause(seconds(5) * 1_000)));
    const sizes = {
      before: sizeBefore,
      after: watch.fileBytes,
      free: watch.freeBytes,
      walPeak: watch.walPeak,
    };
    return toResult({
      errors: seededErrors,
      tookMs,
      sizes,
      whileDeleting,
      calm,
      peak: readMemory(server.pid).peak,
    });
  } finally {
    await server.stop();
    removeTemporaryFolder(folder);
  }
}

/** Looks at the file for a while, ten times a second at its log and once a second into it. */
async function watchFor(databasePath, durationMs, watch, log) {
  const startedAt = performance.now();
  for (let look = 0; performance.now() - startedAt < durationMs; look++) {
    watch.walPeak = Math.max(
      watch.walPeak,
      statSync(`${databasePath}-wal`, { throwIfNoEntry: false })?.size ?? 0,
    );
    if (look % 10 === 0) lookInto(databasePath, watch);
    await pause(100);
  }
  log(`${formatCount(watch.expired)} errors to delete, ${formatMb(watch.freeBytes)} to give back`);
}

function lookInto(databasePath, watch) {
  const database = new Database(databasePath, { readonly: true });
  try {
    const isLeft = database.prepare('SELECT count(*) FROM errors WHERE resolved = 1').pluck();
    const page = database.pragma('page_size', { simple: true });
    const freeBytes = database.pragma('freelist_count', { simple: true }) * page;
    const fileBytes = database.pragma('page_count', { simple: true }) * page;
    watch.expired = isLeft.get();
    watch.settled = watch.expired === 0 && freeBytes >= watch.freeBytes ? (watch.settled ?? 0) + 1 : 0;
    watch.isDone ||= watch.settled >= SETTLED_LOOKS;
    Object.assign(watch, { freeBytes, fileBytes });
  } finally {
    database.close();
  }
}

function toResult({ errors, tookMs, sizes, whileDeleting, calm, peak }) {
  const worst = (segments) => Math.max(...segments.map(({ max }) => max));
  const refused = whileDeleting.reduce((sum, { statuses }) => sum + (statuses[503] ?? 0), 0);
  const p99 = {
    deleting: median(whileDeleting.map((segment) => segment.p99)),
    calm: median(calm.map((s) => s.p99)),
  };
  const stalls = { deleting: worst(whileDeleting), calm: worst(calm) };
  const ratio = (values) => formatRatio(values.deleting / values.calm);
  const table = {
    columns: [`${formatCount(errors)} errors deleted`, 'deleting', 'nothing to delete', 'ratio', 'target'],
    rows: [
      [
        'worst wait of a report',
        formatMs(stalls.deleting),
        formatMs(stalls.calm),
        ratio(stalls),
        formatTarget(`≤ ${TARGET_STALL_MS} ms`, stalls.deleting <= TARGET_STALL_MS),
      ],
      ['p99 of reports', formatMs(p99.deleting), formatMs(p99.calm), ratio(p99), ''],
      ['reports refused', formatCount(refused), '', '', ''],
      [
        'largest log (WAL)',
        formatMb(sizes.walPeak),
        '',
        '',
        formatTarget('< 64 MB', sizes.walPeak < TARGET_WAL_BYTES),
      ],
      ['file before', formatMb(sizes.before), '', '', ''],
      ['file after', formatMb(sizes.after), '', '', ''],
      ['of that free pages', formatMb(sizes.free), '', '', ''],
      ['until deleted and given back', `${formatCount(tookMs / 1_000)} s`, '', '', ''],
      ['peak memory', formatMb(peak), '', '', ''],
    ],
  };
  return { tables: [table], cells: { errors, tookMs, sizes, stalls, p99, whileDeleting, calm } };
}
