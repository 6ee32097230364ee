import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { formatMs, formatRatio, formatTarget } from './format.mjs';
import { interleave } from './interleave.mjs';
import { Ledger } from './ledger.mjs';
import { startPacedHealth, startPacedReports } from './load.mjs';
import { listReads } from './reads.mjs';
import { compare, median, percentile } from './statistics.mjs';
import { openTimedCalls } from './timed-call.mjs';

const REPORTS_PER_SECOND = 500;
const HEALTH_PER_SECOND = 50;
const CALLS_A_ROUND = 10;
/** A slow read is done less often; plain SQL without an index takes seconds. */
const MOST_MS_A_ROUND = { ours: 1_500, baseline: 600 };
export const TARGET_MS = 20;

/**
 * Measures all reads of a server with a seeded database, idle and under load, against plain SQL.
 * @param plain a connection of `plain-sql.mjs` to such a database
 * @param toLoadedTarget text for what a read should reach under load, from `p50` and how many times that of idle it is
 */
export async function measureReads(server, plain, { seededErrors, rounds, seconds, log }, toLoadedTarget) {
  const calls = openTimedCalls(server);
  const reads = listReads(seededErrors).map((read) => ({ ...read, runPlain: read.plain(plain), count: 0 }));
  try {
    log('idle');
    const idle = await measureIdle(reads, calls, rounds);
    log(`under ${REPORTS_PER_SECOND} reports a second`);
    const loaded = await measureUnderLoad(server, reads, calls, { rounds, seconds });
    return toResult(seededErrors, idle, loaded, toLoadedTarget);
  } finally {
    calls.close();
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
  const ledger = await Ledger.open(server);
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
    await ledger.check(ingest);
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

async function timePlain(read) {
  const startedAt = performance.now();
  await read.runPlain(read.count);
  return performance.now() - startedAt;
}

function toResult(errors, idle, { latencies, segments }, toLoadedTarget) {
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
      toLoadedTarget({ p50: loaded.p50, slowdown }),
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
