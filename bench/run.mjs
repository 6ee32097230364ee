// Runs the benchmarks: `npm run bench -- --help`.
import { parseArgs } from 'node:util';
import { useBuildFolder } from './support/build-folder.mjs';
import { formatTable } from './support/format.mjs';
import { describeMachine, formatMachine } from './support/machine.mjs';
import { writeDocs, writeResult } from './support/results.mjs';
import { SCENARIOS } from './scenarios/scenarios.mjs';

const HELP = `Usage: npm run bench -- [options] [scenario …]

Measures the built server, each time with a baseline in the same run. Without names, all scenarios:
${listScenarios()}

Those on PostgreSQL start one for themselves and remove it; a scenario for which a program is missing says so.
docs/performance.md tells the rest.

  --quick        short segments: shows that everything works, its figures mean little
  --full         ingest with every body size and number of connections
  --write-docs   puts the last results of every scenario into docs/performance.md (without names: runs nothing)
  --build DIR    measures the build in this folder instead of dist
  --list         the scenarios
  --help         this text`;

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    full: { type: 'boolean', default: false },
    'write-docs': { type: 'boolean', default: false },
    build: { type: 'string' },
    list: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

process.on('SIGINT', () => process.exit(130));
process.on('SIGTERM', () => process.exit(143));

if (flags.help) console.log(HELP);
else if (flags.list) console.log(listScenarios());
else process.exitCode = await main();

async function main() {
  const unknown = positionals.filter((name) => !(name in SCENARIOS));
  if (unknown.length > 0) {
    console.error(`There is no scenario ${unknown.join(', ')}; there are:\n${listScenarios()}`);
    return 2;
  }
  if (flags.build) useBuildFolder(flags.build);
  const writesOnly = flags['write-docs'] && positionals.length === 0;
  const names = positionals.length > 0 ? positionals : Object.keys(SCENARIOS);
  const failed = writesOnly ? [] : await runAll(names);
  if (flags['write-docs']) writeDocs(Object.keys(SCENARIOS));
  if (failed.length > 0) console.error(`\nFailed: ${failed.join(', ')}`);
  return failed.length > 0 ? 1 : 0;
}

async function runAll(names) {
  const machine = describeMachine();
  console.log(formatMachine(machine));
  const failed = [];
  for (const name of names) {
    console.log(`\n## ${name}: ${SCENARIOS[name].summary}\n`);
    try {
      await runScenario(name, machine);
    } catch (error) {
      failed.push(name);
      console.error(error);
    }
  }
  return failed;
}

async function runScenario(name, machine) {
  const startedAt = Date.now();
  const { quick, full } = flags;
  const {
    tables,
    notes = [],
    cells,
  } = await SCENARIOS[name].run({
    quick,
    full,
    rounds: 5,
    seconds: (normal) => (quick ? Math.min(0.4, normal) : normal),
    warmUpReports: quick ? 500 : 2_000,
    seededErrors: quick ? 50_000 : 1_000_000,
    log: (text) => console.error(`   ${text}`),
  });
  for (const table of tables) console.log(`\n${formatTable(table)}`);
  for (const note of notes) console.log(`\n${note}`);
  const seconds = Math.round((Date.now() - startedAt) / 1_000);
  console.log(`\n(${seconds} s)`);
  const { summary } = SCENARIOS[name];
  writeResult(name, { name, summary, machine, mode: { quick, full }, seconds, tables, notes, cells });
}

function listScenarios() {
  const width = Math.max(...Object.keys(SCENARIOS).map((name) => name.length));
  return Object.entries(SCENARIOS)
    .map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`)
    .join('\n');
}
