import { formatRatio, formatSpread } from '../support/format.mjs';
import { withIngestSides } from '../support/ingest-sides.mjs';
import { interleave } from '../support/interleave.mjs';
import { runClosedLoop } from '../support/load.mjs';
import { readCpuSeconds } from '../support/proc.mjs';
import { KINDS } from '../support/reports.mjs';
import { compare } from '../support/statistics.mjs';

const PER_REPORTS = 10_000;

export const cpu = {
  summary: 'CPU seconds, of all threads, for 10,000 reports of 2 KB',
  run,
};

async function run({ quick, rounds, warmUpReports, log }) {
  const amount = quick ? PER_REPORTS / 4 : PER_REPORTS;
  const cells = [];
  for (const kind of KINDS) {
    log(kind);
    await withIngestSides(async ({ server, bare, ledger }) => {
      const load = { kind, size: '2', connections: 64 };
      await ledger.check(await runClosedLoop(server, { ...load, amount: warmUpReports }));
      await runClosedLoop(bare, { ...load, amount: warmUpReports });
      const { ours, baseline } = await interleave(
        rounds,
        () => measureCpu(server, { ...load, amount }, ledger),
        () => measureCpu(bare, { ...load, amount }),
      );
      cells.push({ kind, cpuSeconds: compare(ours, baseline), segments: { ours, baseline } });
    });
  }
  return { tables: [toTable(cells)], cells };
}

async function measureCpu(server, load, ledger) {
  const before = readCpuSeconds(server.pid);
  const result = await runClosedLoop(server, load);
  const used = readCpuSeconds(server.pid) - before;
  await ledger?.check(result);
  return (used / result.acknowledged) * PER_REPORTS;
}

function toTable(cells) {
  const seconds = (value) => `${value.toFixed(2)} s`;
  return {
    columns: ['reports', 'CPU', 'bare CPU', 'ratio', 'of pairs'],
    rows: cells.map(({ kind, cpuSeconds }) => [
      kind,
      seconds(cpuSeconds.ours),
      seconds(cpuSeconds.baseline),
      formatRatio(cpuSeconds.ratio),
      formatSpread(cpuSeconds),
    ]),
  };
}
