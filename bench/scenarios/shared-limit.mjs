import { formatCount, formatMs, formatRatio, formatSpread } from '../support/format.mjs';
import { interleave } from '../support/interleave.mjs';
import { Ledger } from '../support/ledger.mjs';
import { runClosedLoop } from '../support/load.mjs';
import { readCpuSeconds } from '../support/proc.mjs';
import { startRedis } from '../support/redis.mjs';
import { startServer } from '../support/servers.mjs';
import { compare } from '../support/statistics.mjs';

/** More than can be sent in a minute, so that everything is counted and nothing refused. */
const ENV = { RATE_LIMIT_PER_MINUTE: '1000000' };
const LOADS = [
  { kind: 'known', connections: 64 },
  { kind: 'new', connections: 64 },
  { kind: 'known', connections: 1 },
];

export const sharedLimit = {
  summary: 'what it costs to count reports in Redis instead of in memory',
  run,
};

async function run({ rounds, seconds, warmUpReports, log }) {
  const redis = await startRedis();
  if (redis === null) return { tables: [], notes: ['Skipped: there is no redis-server on PATH.'], cells: [] };
  const shared = await startServer({ env: { ...ENV, REDIS_URL: redis.url } });
  const alone = await startServer({ env: ENV });
  const ledgers = new Map();
  for (const server of [shared, alone]) ledgers.set(server, await Ledger.open(server));
  const measure = async (server, load) => {
    const before = readCpuSeconds(server.pid);
    const result = await runClosedLoop(server, { ...load, size: '2' });
    const cpuMicroseconds = ((readCpuSeconds(server.pid) - before) / result.acknowledged) * 1e6;
    await ledgers.get(server).check(result);
    return { ...result, cpuMicroseconds };
  };
  const cells = [];
  try {
    for (const load of LOADS) {
      log(`${load.kind}, ${load.connections} connections`);
      for (const server of ledgers.keys()) await measure(server, { ...load, amount: warmUpReports });
      const timed = { ...load, seconds: seconds(2) };
      const { ours, baseline } = await interleave(
        rounds,
        () => measure(shared, timed),
        () => measure(alone, timed),
      );
      cells.push({ ...load, ours, baseline });
    }
  } finally {
    await shared.stop();
    await alone.stop();
    await redis.stop();
  }
  return { tables: [toTable(cells)], cells };
}

function toTable(cells) {
  return {
    columns: ['reports', 'connections', 'of each', 'in Redis', 'in memory', 'ratio', 'of pairs'],
    rows: cells.flatMap(({ kind, connections, ours, baseline }) => {
      const row = (name, key, format) => {
        const of = (side) => side.map((result) => result[key]);
        const compared = compare(of(ours), of(baseline));
        return [
          kind,
          connections,
          name,
          format(compared.ours),
          format(compared.baseline),
          formatRatio(compared.ratio),
          formatSpread(compared),
        ];
      };
      return [
        row('stored/s', 'perSecond', formatCount),
        row('p50', 'p50', formatMs),
        row('p99', 'p99', formatMs),
        row('CPU', 'cpuMicroseconds', (value) => `${Math.round(value)} µs`),
      ];
    }),
  };
}
