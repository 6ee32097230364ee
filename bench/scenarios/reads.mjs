import Database from 'better-sqlite3';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { formatMs, formatRatio, formatTarget } from '../support/format.mjs';
import { interleave } from '../support/interleave.mjs';
import { Ledger } from '../support/ledger.mjs';
import { startPacedHealth, startPacedReports } from '../support/load.mjs';
import { listReads } from '../support/reads.mjs';
import { copySeededFile } from '../support/seed.mjs';
import { startServer } from '../support/servers.mjs';
import { compare, median, percentile } from '../support/statistics.mjs';
import { makeTemporaryFolder, removeTemporaryFolder } from '../support/temporary-folder.mjs';
import { openTimedCalls } from '../support/timed-call.mjs';
import { setTimeout as pause } from 'node:timers/promises';

const REPORTS_PER_SECOND = 500;
const HEALTH_PER_SECOND = 50;
const CALLS_A_ROUND = 10;
/** A slow read is done less often; plain SQL without an index takes seconds. */
const MOST_MS_A_ROUND = { ours: 1_500, baseline: 600 };
const TARGET_MS = 20;
const TARGET_UNDER_LOAD = 3;

export const reads = {
  summary: 'every read of the API on a million errors, idle and under 500 reports a second',
  run,
};

async function run({ seededErrors, rounds, seconds, log }) {
  const folder = makeTemporaryFolder();
  const files = { server: join(folder, 'server.db'), plain: join(folder, 'plain.db') };
  for (const file of Object.values(files))
    await copySeededFile(file, { kind: 'mixed', errors: seededErrors, log });
  const server = await startServer({ databasePath: files.server, env: { RETENTION_DAYS: '3650' } });
  // A copy of its own, so that what is resolved here is unknown there.
  const database = new Database(files.plain);
  const calls = openTimedCalls(server);
  const reads = listReads(seededErrors).map((read) => ({
    ...read,
    runPlain: read.plain(database),
    count: 0,
  }));
  try {
    log('idle');
    const idle = await measureIdle(reads, calls, rounds);
    log(`under ${REPORTS_PER_SECOND} reports a second`);
    const loaded = await measureUnderLoad(server, reads, calls, { rounds, seconds });
    return toResult(seededErrors, idle, loaded);
  } finally {
    calls.close();
    database.close();
    await server.stop();
    removeTemporaryFolder(folder);
  }
}

async function measureIdle(reads, calls, rounds) {
  const cells = [];
  for (const read of reads) {
    const { ours, baseline } = await interleave(
      rounds,
      () => repeat(() => calls.call(read.request(read.count++)), MOST_MS_A_ROUND.ours),
      () => repeat(() => timePlain(read), MOST_MS_A_ROUND.baseline),
    );
    const all = ours.flat();
    cells.push({
      name: read.name,
      p50: median(all),
      p95: percentile(all, 0.95),
      plain: compare(ours.map(median), baseline.map(median)),
    });
  }
  return cells;
}

/** Reports alone and reports with reads, in turn; every read once more in each round. */
async function measureUnderLoad(server, reads, calls, { rounds, seconds }) {
  const ledger = new Ledger(server.databasePath);
  const latencies = new Map(reads.map(({ name }) => [name, []]));
  const readAll = async () => {
    for (const read of reads) {
      const times = await repeat(() => calls.call(read.request(read.count++)), MOST_MS_A_ROUND.ours);
      latencies.get(read.name).push(...times);
    }
  };
  const underReports = async (meanwhile) => {
    const reports = await startPacedReports(server, {
      kind: 'mixed',
      size: '2',
      perSecond: REPORTS_PER_SECOND,
    });
    const health = await startPacedHealth(server, HEALTH_PER_SECOND);
    await meanwhile();
    const [ingest, healthResult] = await Promise.all([reports.stop(), health.stop()]);
    ledger.check(ingest);
    return { ingest, health: healthResult };
  };
  // The first reports and reads meet code that was never run.
  await underReports(() => pause(seconds(2) * 1_000));
  const segments = await interleave(
    rounds,
    () => underReports(readAll),
    () => underReports(() => pause(seconds(5) * 1_000)),
  );
  return { latencies, segments };
}

async function repeat(measure, mostMs) {
  const times = [];
  const startedAt = performance.now();
  do times.push(await measure());
  while (times.length < CALLS_A_ROUND && performance.now() - startedAt < mostMs);
  return times;
}

function timePlain(read) {
  const startedAt = performance.now();
  read.runPlain(read.count);
  return performance.now() - startedAt;
}

function toResult(errors, idle, { latencies, segments }) {
  const cells = idle.map((cell) => {
    const times = latencies.get(cell.name);
    const loaded = { p50: median(times), p95: percentile(times, 0.95) };
    return { ...cell, loaded, slowdown: loaded.p50 / cell.p50 };
  });
  const readTable = {
    columns: [
      'read',
      'p50',
      'p95',
      'plain SQL',
      'ratio',
      'target',
      'p50 loaded',
      'p95 loaded',
      '× idle',
      'target',
    ],
    rows: cells.map(({ name, p50, p95, plain, loaded, slowdown }) => [
      name,
      formatMs(p50),
      formatMs(p95),
      formatMs(plain.baseline),
      formatRatio(plain.ratio),
      formatTarget(`≤ ${TARGET_MS} ms`, p50 <= TARGET_MS),
      formatMs(loaded.p50),
      formatMs(loaded.p95),
      formatRatio(slowdown),
      formatTarget(`≤ ${TARGET_UNDER_LOAD}`, slowdown <= TARGET_UNDER_LOAD),
    ]),
  };
  const tail = (what) =>
    compare(...['ours', 'baseline'].map((side) => segments[side].map((segment) => segment[what].p99)));
  const tails = { ingest: tail('ingest'), health: tail('health') };
  const tailTable = {
    columns: ['p99 of', 'with reads', 'without', 'ratio', 'target'],
    rows: [
      toTailRow('reports', tails.ingest, formatTarget('≤ 2', tails.ingest.ratio <= 2)),
      toTailRow('/health (the event loop)', tails.health, ''),
    ],
  };
  return { tables: [readTable, tailTable], cells: { errors, reads: cells, tails, segments } };
}

function toTailRow(name, { ours, baseline, ratio }, target) {
  return [name, formatMs(ours), formatMs(baseline), formatRatio(ratio), target];
}
