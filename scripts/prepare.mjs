// Makes a fresh clone ready: installs what the lock file says and builds, each only when something changed since.
// Runs before `npm start`, `npm test` and the other commands, so it uses nothing but Node.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
process.chdir(root);

const installStamp = 'node_modules/.cache/error-tracker/installed';
const buildStamp = 'node_modules/.cache/error-tracker/built';

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`error-tracker needs Node 20.19 or newer; this is ${process.version}.`);
  process.exit(1);
}

// A native module is built for one Node ABI: another Node version needs another install.
const installKey = fingerprint(['package.json', 'package-lock.json'], `abi ${process.versions.modules}`);
if (readStamp(installStamp) !== installKey) {
  console.log(
    'Installing dependencies from the lock file (building SQLite takes a minute or two the first time) …',
  );
  run('npm', ['ci', '--no-audit', '--no-fund', '--include=dev']);
  writeStamp(installStamp, installKey);
}

const sources = [
  ...filesBelow('src'),
  ...filesBelow('client'),
  'tsconfig.json',
  'tsconfig.build.json',
  'scripts/build.mjs',
  'scripts/build-client.mjs',
];
const buildKey = fingerprint(sources, installKey);
if (readStamp(buildStamp) !== buildKey || !existsSync('dist/main.js')) {
  console.log('Building …');
  run('npm', ['run', '--silent', 'build']);
  writeStamp(buildStamp, buildKey);
}

function fingerprint(files, salt) {
  const hash = createHash('sha256').update(salt);
  for (const file of files) hash.update(`\0${file}\0`).update(readFileSync(file));
  return hash.digest('hex');
}

function filesBelow(folder) {
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, name))
    .filter((file) => statSync(file).isFile())
    .sort();
}

function readStamp(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : null;
}

function writeStamp(file, key) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, key);
}

function run(command, args) {
  try {
    execFileSync(command, args, { stdio: 'inherit', shell: process.platform === 'win32' });
  } catch (error) {
    console.error(`\n${command} ${args.join(' ')} failed; see the lines above.`);
    process.exit(error.status ?? 1);
  }
}
