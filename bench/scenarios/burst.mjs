import { formatCount, formatMb, formatMs, formatRatio, formatTarget } from '../support/format.mjs';
import { runGenerator } from '../support/generators.mjs';
import { interleave } from '../support/interleave.mjs';
import { Ledger } from '../support/ledger.mjs';
import { toOptions } from '../support/load.mjs';
import { readFileLimit, readMemory } from '../support/proc.mjs';
import { startBareServer, startServer } from '../support/servers.mjs';
import { compare, median } from '../support/statistics.mjs';

const WANTED_CONNECTIONS = 10_000;
/** What a process has open besides, with room to spare. */
const OTHER_FILES = 200;
const TARGET_PEAK_BYTES = 200 * 1024 * 1024;

export const burst = {
  summary: '10,000 connections inside a second, each with one report: none reset, none lost',
  run,
};

async function run({ quick, rounds, log }) {
  const connections = Math.min(quick ? 2_000 : WANTED_CONNECTIONS, readFileLimit() - OTHER_FILES);
  const notes = [];
  if (!quick && connections < WANTED_CONNECTIONS) {
    notes.push(
      `**This machine allows a process ${readFileLimit()} open files, so the burst had ${connections} connections, ` +
        `not ${WANTED_CONNECTIONS}.** Raise the limit with \`ulimit -n ${WANTED_CONNECTIONS + OTHER_FILES}\`.`,
    );
  }
  const { ours, baseline } = await interleave(
    rounds,
    (round) => {
      log(`burst ${round + 1} of ${rounds}`);
      return runBurst(startServer, connections);
    },
    () => runBurst(startBareServer, connections),
  );
  return {
    tables: [toTable(connections, ours, baseline)],
    notes,
    cells: { connections, segments: { ours, baseline } },
  };
}

/** A fresh process for each burst: the peak of memory is that of a process, not of a burst. */
async function runBurst(start, connections) {
  const server = await start();
  const ledger = server.databasePath ? await Ledger.open(server) : null;
  try {
    const result = await runGenerator('burst', toOptions(server, { kind: 'mixed', size: '2', connections }));
    await ledger?.check(result);
    return { ...result, peakBytes: readMemory(server.pid).peak };
  } finally {
    await server.stop();
  }
}

function toTable(connections, ours, baseline) {
  const total = (key) => ours.reduce((sum, result) => sum + result[key], 0);
  const refused = ours.reduce((sum, result) => sum + (result.statuses[503] ?? 0), 0);
  const worstPeak = Math.max(...ours.map(({ peakBytes }) => peakBytes));
  const of = (side, key) => side.map((result) => result[key]);
  const row = (name, key, format, target = '') => {
    const values = compare(of(ours, key), of(baseline, key));
    return [name, format(values.ours), format(values.baseline), formatRatio(values.ratio), target];
  };
  const all = connections * ours.length;
  return {
    columns: ['of bursts of ' + formatCount(connections), 'server', 'bare', 'ratio', 'target'],
    rows: [
      row(
        'connections opened within',
        'openedMs',
        formatMs,
        formatTarget('< 1 s', median(of(ours, 'openedMs')) < 1_000),
      ),
      row('last answer after', 'answeredMs', formatMs),
      row('p99', 'p99', formatMs),
      row(
        'peak memory',
        'peakBytes',
        formatMb,
        formatTarget('≤ 200 MB, all', worstPeak <= TARGET_PEAK_BYTES),
      ),
      [
        'acknowledged and stored, all bursts',
        formatCount(total('acknowledged')),
        '',
        formatRatio(total('acknowledged') / all),
        '',
      ],
      ['refused with 503, all bursts', formatCount(refused), '', '', ''],
      [
        'reset or unanswered, all bursts',
        formatCount(total('unanswered')),
        '',
        '',
        formatTarget('0', total('unanswered') === 0),
      ],
    ],
  };
}
