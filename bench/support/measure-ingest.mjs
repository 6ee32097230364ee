import { interleave } from './interleave.mjs';
import { runClosedLoop } from './load.mjs';
import { compare, median } from './statistics.mjs';

/**
 * Measures one kind of load on the server and on the bare server, in turn, and checks each segment on the database.
 * @param sides { server, bare, ledger }, and `bareLedger` when the other server stores reports too
 */
export async function measureIngest({ server, bare, ledger, bareLedger }, load, { rounds, warmUpReports }) {
  const send = async (to, ledgerOfIt, options) => {
    const result = await runClosedLoop(to, { ...load, ...options });
    await ledgerOfIt?.check(result);
    return result;
  };
  // Also makes the known errors known.
  await send(server, ledger, { amount: warmUpReports });
  await send(bare, bareLedger, { amount: warmUpReports });
  const { ours, baseline } = await interleave(
    rounds,
    () => send(server, ledger),
    () => send(bare, bareLedger),
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
