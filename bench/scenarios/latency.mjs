import { formatCount, formatMs, formatRatio, formatTarget } from '../support/format.mjs';
import { measureIngest } from '../support/measure-ingest.mjs';
import { withIngestSides } from '../support/ingest-sides.mjs';

const KINDS = ['known', 'mixed'];
const CONNECTIONS = 256;
const TARGET_P99_MS = 150;

export const latency = {
  summary: 'how long a report waits for its answer when 256 connections send without pause',
  run,
};

async function run({ rounds, seconds, warmUpReports, log }) {
  const cells = [];
  for (const kind of KINDS) {
    await withIngestSides(async (sides) => {
      log(`${kind}, ${CONNECTIONS} connections`);
      const load = { kind, size: '2', connections: CONNECTIONS, seconds: seconds(4) };
      cells.push(await measureIngest(sides, load, { rounds, warmUpReports }));
    });
  }
  return { tables: [toTable(cells)], cells };
}

function toTable(cells) {
  return {
    columns: ['reports', 'stored/s', 'p50', 'p99', 'worst', 'bare p99', 'p99 ratio', 'target'],
    rows: cells.map(({ kind, perSecond, p50, p99, worst }) => [
      kind,
      formatCount(perSecond.ours),
      formatMs(p50),
      formatMs(p99.ours),
      formatMs(worst),
      formatMs(p99.baseline),
      formatRatio(p99.ratio),
      formatTarget(`p99 ≤ ${TARGET_P99_MS} ms`, p99.ours <= TARGET_P99_MS),
    ]),
  };
}
