import { formatCount, formatMb, formatMs, formatTarget } from '../support/format.mjs';
import { runGenerator } from '../support/generators.mjs';
import { withEnvelopeSides } from '../support/ingest-sides.mjs';
import { LARGE_BODIES } from '../support/large-bodies.mjs';
import { readMemory, resetPeakMemory } from '../support/proc.mjs';

const [SMALL, ...LARGE] = Object.keys(LARGE_BODIES);
const MANY = 50;
const BOMB_TARGET_MS = 50;

export const largeBodies = {
  summary: 'gzip bombs and attachments in envelopes: until the answer, and what they take in memory',
  run,
};

async function run({ quick, rounds, log }) {
  const loads = [SMALL, ...LARGE, SMALL].map((name) => ({ name, atOnce: 1, times: quick ? 2 : 2 * rounds }));
  loads.push(...[SMALL, ...LARGE].map((name) => ({ name, atOnce: MANY, times: quick ? 1 : 2 })));
  return withEnvelopeSides(async ({ server, ledger, projectId }) => {
    const cells = [];
    for (const [i, load] of loads.entries()) {
      log(`${load.name}, ${load.atOnce} at once`);
      resetPeakMemory(server.pid);
      const before = readMemory(server.pid).now;
      const options = { ...load, port: server.port, envelopesOf: projectId, run: `r${100 + i}` };
      const result = await runGenerator('large-bodies', options);
      await ledger.check(result);
      cells.push({ ...load, ...result, grownBytes: Math.max(0, readMemory(server.pid).peak - before) });
    }
    return { tables: [toTable(cells)], cells };
  });
}

function toTable(cells) {
  return {
    columns: ['body', 'on the wire', 'at once', 'answers', 'p50', 'worst', 'memory', 'target'],
    rows: cells.map(({ name, bytes, atOnce, statuses, p50, max, grownBytes }) => [
      name,
      `${formatCount(bytes / 1024)} KB`,
      atOnce,
      Object.entries(statuses)
        .map(([status, n]) => `${n} × ${status}`)
        .join(', '),
      formatMs(p50),
      formatMs(max),
      `+${formatMb(grownBytes)}`,
      name.startsWith('bomb') && atOnce === 1
        ? formatTarget(`≤ ${BOMB_TARGET_MS} ms`, p50 <= BOMB_TARGET_MS)
        : '',
    ]),
  };
}
