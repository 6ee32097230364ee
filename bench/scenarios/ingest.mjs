import { formatCount, formatMs, formatRatio, formatSpread, formatTarget } from '../support/format.mjs';
import { measureIngest } from '../support/ingest-cell.mjs';
import { withIngestSides } from '../support/ingest-sides.mjs';
import { BODY_BYTES, KINDS } from '../support/reports.mjs';

const SIZES = Object.keys(BODY_BYTES);
const CONNECTIONS = [32, 64, 256];
const TARGETS = { known: 0.75, new: 0.6, mixed: 0.7 };

export const ingest = {
  summary: 'reports a second over a bare node:http server: known, new, mixed; body sizes; connections',
  run,
};

async function run({ quick, full, rounds, seconds, warmUpReports, log }) {
  const cells = [];
  for (const kind of KINDS) {
    await withIngestSides(async (sides) => {
      for (const load of listLoads(kind, { quick, full, seconds })) {
        log(`${kind}, ${load.size} KB, ${load.connections} connections`);
        cells.push(await measureIngest(sides, load, { rounds, warmUpReports }));
      }
    });
  }
  return { tables: [toTable(cells)], cells };
}

/** The cell that has a target comes first and is measured longest. */
function listLoads(kind, { quick, full, seconds }) {
  const main = { kind, size: '2', connections: 64 };
  const all = SIZES.flatMap((size) => CONNECTIONS.map((connections) => ({ kind, size, connections })));
  const others = all.filter((load) => {
    if (load.size === main.size && load.connections === main.connections) return false;
    if (full) return true;
    return load.size === main.size || load.connections === main.connections;
  });
  return [
    { ...main, seconds: seconds(3) },
    ...(quick ? [] : others).map((load) => ({ ...load, seconds: seconds(full ? 2 : 1) })),
  ];
}

function toTable(cells) {
  return {
    columns: [
      'reports',
      'body',
      'connections',
      'stored/s',
      'bare/s',
      'ratio',
      'of pairs',
      'p50',
      'p99',
      'bare p99',
      'refused',
      'target',
    ],
    rows: cells.map((cell) => [
      cell.kind,
      `${cell.size} KB`,
      cell.connections,
      formatCount(cell.perSecond.ours),
      formatCount(cell.perSecond.baseline),
      formatRatio(cell.perSecond.ratio),
      formatSpread(cell.perSecond),
      formatMs(cell.p50),
      formatMs(cell.p99.ours),
      formatMs(cell.p99.baseline),
      formatCount(cell.refused),
      toTarget(cell),
    ]),
  };
}

function toTarget({ kind, size, connections, perSecond }) {
  if (size !== '2' || connections !== 64) return '';
  return formatTarget(`≥ ${formatRatio(TARGETS[kind])}`, perSecond.ratio >= TARGETS[kind]);
}
