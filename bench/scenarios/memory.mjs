import { setTimeout as pause } from 'node:timers/promises';
import { formatMb, formatRatio, formatTarget } from '../support/format.mjs';
import { withIngestSides } from '../support/ingest-sides.mjs';
import { interleave } from '../support/interleave.mjs';
import { runClosedLoop } from '../support/load.mjs';
import { readMemory } from '../support/proc.mjs';

const LOAD = { kind: 'mixed', size: '11', connections: 256 };
const MB = 1024 * 1024;

export const memory = {
  summary: 'resident memory idle, at its peak under load, and a minute later',
  run,
};

async function run({ quick, rounds, seconds, log }) {
  return withIngestSides(async ({ server, bare, ledger }) => {
    await pause(seconds(6) * 1_000);
    const idle = { ours: readMemory(server.pid).now, baseline: readMemory(bare.pid).now };
    log(`load: ${LOAD.kind}, ${LOAD.size} KB, ${LOAD.connections} connections`);
    await interleave(
      rounds,
      async () => await ledger.check(await runClosedLoop(server, { ...LOAD, seconds: seconds(5) })),
      () => runClosedLoop(bare, { ...LOAD, seconds: seconds(5) }),
    );
    const peak = { ours: readMemory(server.pid).peak, baseline: readMemory(bare.pid).peak };
    const restSeconds = quick ? 5 : 60;
    log(`${restSeconds} s of rest`);
    await pause(restSeconds * 1_000);
    const rested = { ours: readMemory(server.pid).now, baseline: readMemory(bare.pid).now };
    const rows = [
      toRow('idle after start', idle, 110),
      toRow('peak under load', peak, 200),
      toRow(`${restSeconds} s later`, rested, 150),
    ];
    const table = { columns: ['when', 'resident', 'bare', 'ratio', 'target'], rows };
    return { tables: [table], cells: { load: LOAD, idle, peak, rested, restSeconds } };
  });
}

function toRow(name, { ours, baseline }, targetMb) {
  const target = formatTarget(`≤ ${targetMb} MB`, ours <= targetMb * MB);
  return [name, formatMb(ours), formatMb(baseline), formatRatio(ours / baseline), target];
}
