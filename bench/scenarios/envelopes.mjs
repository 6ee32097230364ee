import { formatRatio, formatTarget } from '../support/format.mjs';
import { INGEST_COLUMNS, toIngestCells } from '../support/ingest-table.mjs';
import { withEnvelopeSides } from '../support/ingest-sides.mjs';
import { measureIngest } from '../support/measure-ingest.mjs';

const CONNECTIONS = 64;
const LEAST_RATIO = 0.6;

/** The first one has a target. */
const LOADS = [
  { kind: 'known', size: '2', isGzip: false },
  { kind: 'new', size: '2', isGzip: false },
  { kind: 'known', size: '2', isGzip: true },
  { kind: 'new', size: '2', isGzip: true },
  { kind: 'known', size: '11', isGzip: true },
];

export const envelopes = {
  summary: 'envelopes of Sentry SDKs a second over a bare node:http server: known, new; plain and gzip',
  run,
};

async function run({ rounds, seconds, warmUpReports, log }) {
  const cells = [];
  for (const load of LOADS) {
    log(`${load.kind}, ${load.size} KB${load.isGzip ? ', gzip' : ''}`);
    await withEnvelopeSides(async (sides) => {
      const options = {
        ...load,
        envelopesOf: sides.projectId,
        connections: CONNECTIONS,
        seconds: seconds(3),
      };
      cells.push(await measureIngest(sides, options, { rounds, warmUpReports }));
    });
  }
  return { tables: [toTable(cells)], cells };
}

function toTable(cells) {
  return {
    columns: ['envelopes', 'body', 'encoding', ...INGEST_COLUMNS, 'target'],
    rows: cells.map((cell, i) => [
      cell.kind,
      `${cell.size} KB`,
      cell.isGzip ? 'gzip' : 'none',
      ...toIngestCells(cell),
      i > 0 ? '' : formatTarget(`≥ ${formatRatio(LEAST_RATIO)}`, cell.perSecond.ratio >= LEAST_RATIO),
    ]),
  };
}
