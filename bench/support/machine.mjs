import { execFileSync } from 'node:child_process';
import { statfsSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import Database from 'better-sqlite3';

const require = createRequire(import.meta.url);
const TMPFS_MAGIC = 0x01021994;

/** What the figures were measured on and with. */
export function describeMachine() {
  return {
    cpu: os.cpus()[0]?.model.trim() ?? 'unknown',
    cores: os.cpus().length,
    memory_gb: Math.round(os.totalmem() / 1024 ** 3),
    kernel: `${os.type()} ${os.release()} ${os.arch()}`,
    node: process.version,
    sqlite: readSqliteVersion(),
    autocannon: require('autocannon/package.json').version,
    databases_in: isTemporaryFolderInMemory() ? 'MEMORY, so that durable means nothing' : 'files on a disk',
    commit: readCommit(),
    load_before: os.loadavg()[0].toFixed(2),
    measured_at: new Date().toISOString(),
  };
}

/** One line for people. */
export function formatMachine(machine) {
  return (
    `${machine.cpu}, ${machine.cores} cores, ${machine.memory_gb} GB, ${machine.kernel}; Node ${machine.node}, ` +
    `SQLite ${machine.sqlite}, autocannon ${machine.autocannon}; databases in ${machine.databases_in}; commit ${machine.commit}; ` +
    `load before the run ${machine.load_before}; ${machine.measured_at}`
  );
}

function readSqliteVersion() {
  const database = new Database(':memory:');
  try {
    return database.prepare('SELECT sqlite_version()').pluck().get();
  } finally {
    database.close();
  }
}

function readCommit() {
  const git = (...args) =>
    execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  try {
    const isClean = git('status', '--porcelain', '--', 'src', 'package-lock.json').trim() === '';
    return git('rev-parse', '--short', 'HEAD').trim() + (isClean ? '' : ' with changes');
  } catch {
    return 'unknown';
  }
}

/** Where /tmp is a file system in memory, a commit waits for no disk; TMPDIR names another folder. */
function isTemporaryFolderInMemory() {
  return statfsSync(os.tmpdir()).type === TMPFS_MAGIC;
}
