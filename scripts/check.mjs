// Every gate, each run to its end, then one line that counts: a gate counts as one, the tests as many as they are.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const gates = [
  ['format', 'npx', ['prettier', '--check', '--log-level', 'warn', '.']],
  ['lint', 'npx', ['eslint', '.']],
  ['types of server and tests', 'npx', ['tsc', '-p', 'tsconfig.json']],
  ['types of the dashboard', 'npx', ['tsc', '-p', 'client/tsconfig.json', '--noEmit']],
  ['import rows and cycles', 'npx', ['depcruise', '--output-type', 'err', 'src', 'client', 'test']],
  ['dead code and dependencies', 'npx', ['knip']],
];

/** A gate that hangs has failed. */
const DEADLINE_MS = 25 * 60_000;

let passed = 0;
let failed = 0;

for (const [name, command, args] of gates) {
  console.log(`\n── ${name}`);
  if (run(command, args)) passed++;
  else failed++;
}

console.log('\n── tests');
const folder = mkdtempSync(join(tmpdir(), 'error-tracker-check-'));
const results = join(folder, 'results.json');
const testsSucceeded = run('npm', ['test', '--silent', '--', '--json', `--outputFile=${results}`]);
const counts = existsSync(results) ? JSON.parse(readFileSync(results, 'utf8')) : null;
rmSync(folder, { recursive: true });
passed += counts?.numPassedTests ?? 0;
const failedTests = (counts?.numFailedTests ?? 0) + (counts?.numRuntimeErrorTestSuites ?? 0);
failed += testsSucceeded ? failedTests : Math.max(1, failedTests);

console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

function run(command, args) {
  // The machine-readable results that jest prints besides writing them are of no use here.
  const stdout = command === 'npm' ? 'ignore' : 'inherit';
  const { status } = spawnSync(command, args, {
    stdio: ['ignore', stdout, 'inherit'],
    timeout: DEADLINE_MS,
    shell: process.platform === 'win32',
  });
  if (status !== 0) console.log('failed');
  return status === 0;
}
