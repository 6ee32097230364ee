import { setTimeout as pause } from 'node:timers/promises';
import { formatCount, formatMs, formatRatio, formatSpread } from '../support/format.mjs';
import { startGenerator } from '../support/generators.mjs';
import { interleave } from '../support/interleave.mjs';
import { Ledger } from '../support/ledger.mjs';
import { runClosedLoop } from '../support/load.mjs';
import { startServer } from '../support/servers.mjs';
import { compare } from '../support/statistics.mjs';

const SLOW_CONNECTIONS = 200;
const SETTLE_MS = 300;
const LOAD = { kind: 'mixed', size: '2', connections: 64 };

export const slowLoris = {
  summary: 'what 200 connections that trickle their requests take from the others',
  run,
};

async function run({ rounds, seconds, warmUpReports, log }) {
  const server = await startServer();
  const ledger = await Ledger.open(server);
  const measure = async (load) => {
    const result = await runClosedLoop(server, { ...LOAD, ...load });
    await ledger.check(result);
    return result;
  };
  try {
    await measure({ amount: warmUpReports });
    let cutOff = 0;
    const { ours, baseline } = await interleave(
      rounds,
      async (round) => {
        log(`with slow connections ${round + 1} of ${rounds}`);
        const slow = await startGenerator('slow-loris', { port: server.port, connections: SLOW_CONNECTIONS });
        await pause(SETTLE_MS);
        const result = await measure({ seconds: seconds(4) });
        cutOff += (await slow.stop()).cutOff;
        return result;
      },
      async () => {
        await pause(SETTLE_MS);
        return measure({ seconds: seconds(4) });
      },
    );
    return toResult(ours, baseline, cutOff);
  } finally {
    await server.stop();
  }
}

function toResult(ours, baseline, cutOff) {
  const of = (key) =>
    compare(
      ours.map((result) => result[key]),
      baseline.map((result) => result[key]),
    );
  const perSecond = of('perSecond');
  const p99 = of('p99');
  const row = (name, values, format) => [
    name,
    format(values.ours),
    format(values.baseline),
    formatRatio(values.ratio),
    formatSpread(values),
  ];
  const table = {
    columns: ['of the others', `with ${SLOW_CONNECTIONS} slow`, 'without', 'ratio', 'of pairs'],
    rows: [row('stored/s', perSecond, formatCount), row('p99', p99, formatMs)],
  };
  return { tables: [table], cells: { perSecond, p99, cutOff, segments: { ours, baseline } } };
}
