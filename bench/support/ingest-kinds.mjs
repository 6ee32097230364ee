import { formatRatio, formatTarget } from './format.mjs';
import { INGEST_COLUMNS, toIngestCells } from './ingest-table.mjs';
import { measureIngest } from './measure-ingest.mjs';
import { BODY_BYTES, KINDS } from './reports.mjs';

const MAIN = { size: '2', connections: 64 };
const SIZES = Object.keys(BODY_BYTES);
const CONNECTIONS = [32, 64, 256];

/**
 * Measures known, new and mixed reports against the bare server, each kind on a database of its own.
 * @param targets least ratios of the main cell, by kind
 * @param withSides starts what is needed for a kind and calls `measure(sides)`
 */
export async function measureKinds({ quick, full, rounds, seconds, warmUpReports, log }, targets, withSides) {
  const cells = [];
  for (const kind of KINDS) {
    await withSides(kind, async (sides) => {
      for (const load of listLoads(kind, { quick, full, seconds })) {
        log(`${kind}, ${load.size} KB, ${load.connections} connections`);
        cells.push(await measureIngest(sides, load, { rounds, warmUpReports }));
      }
    });
  }
  return { tables: [toTable(cells, targets)], cells };
}

/** The cell that has a target comes first and is measured longest. */
function listLoads(kind, { quick, full, seconds }) {
  const main = { kind, ...MAIN };
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

function toTable(cells, targets) {
  return {
    columns: ['reports', 'body', 'connections', ...INGEST_COLUMNS, 'target'],
    rows: cells.map((cell) => [
      cell.kind,
      `${cell.size} KB`,
      cell.connections,
      ...toIngestCells(cell),
      toTarget(cell, targets),
    ]),
  };
}

function toTarget({ kind, size, connections, perSecond }, targets) {
  if (size !== MAIN.size || connections !== MAIN.connections || !(kind in targets)) return '';
  return formatTarget(`≥ ${formatRatio(targets[kind])}`, perSecond.ratio >= targets[kind]);
}
