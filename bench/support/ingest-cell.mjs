import { interleave } from './interleave.mjs';
import { runClosedLoop } from './load.mjs';
import { compare, median } from './statistics.mjs';

/**
 * Measures one kind of load on the server and on the bare server, in turn, and checks each segment on the file.
 * @param sides { server, bare, ledger }
 */
export async function measureIngest({ server, bare, ledger }, load, { rounds, warmUpReports }) {
  const onServer = async (options) => {
    const result = await runClosedLoop(server, { ...load, ...options });
    ledger.check(result);
    return result;
  };
  // Also makes the known errors known.
  await onServer({ amount: warmUpReports });
  await runClosedLoop(bare, { ...load, amount: warmUpReports });
  const { ours, baseline } = await interleave(
    rounds,
    () => onServer({}),
    () => runClosedLoop(bare, load),
  );
  const of = (side, key) => side.map((result) => result[key]);
  return {
    ...load,
    perSecond: compare(of(ours, 'perSecond'), of(baseline, 'perSecond')),
    p50: median(of(ours, 'p50')),
    p99: compare(of(ours, 'p99'), of(baseline, 'p99')),
    worst: Math.max(...of(ours, 'max')),
    refused: sum(ours.map(countRefused)),
    acknowledged: sum(of(ours, 'acknowledged')),
    unanswered: sum(of(ours, 'unanswered')),
    segments: { ours, baseline },
  };
}

function countRefused({ statuses, acknowledged }) {
  return sum(Object.values(statuses)) - acknowledged;
}

function sum(values) {
  return values.reduce((total, value) => total + value, 0);
}
