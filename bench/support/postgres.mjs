import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { askPostgres } from './ask-postgres.mjs';
import { endAtExit } from './child-processes.mjs';
import { findFreePort } from './free-port.mjs';
import { findPostgresPrograms, findPostgresUser, makeReachable } from './postgres-programs.mjs';
import { makeTemporaryFolder, removeTemporaryFolder } from './temporary-folder.mjs';

/** Durable, and otherwise as is sensible on a small server of its own. */
const MEASURED_SETTINGS = {
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  shared_buffers: '512MB',
  max_wal_size: '4GB',
  checkpoint_timeout: '15min',
};
const OTHER_SETTINGS = { listen_addresses: '127.0.0.1', unix_socket_directories: '' };

const DEADLINE_MS = 60_000;
const POLL_MS = 20;

/**
 * Starts a PostgreSQL of its own on a free port of 127.0.0.1, with its files in a temporary folder.
 * @param options.copyOf a data folder whose copy it takes; without it, an empty one
 * @param options.settings instead of those that are measured with
 * @returns `urlOf(database)`, `createDatabase(name)` that gives its address, `dataFolder`, `stop`, and `remove` that
 *   also removes the files
 */
export async function startPostgres({ copyOf, settings = {} } = {}) {
  const user = findPostgresUser();
  const folder = makeTemporaryFolder();
  if (user.uid !== undefined) chownSync(folder, user.uid, user.gid);
  const programs = makeReachable(findPostgresPrograms(), user, join(folder, 'programs'));
  const options = { cwd: folder, env: { PATH: process.env.PATH, LC_ALL: 'C' }, ...user };
  const dataFolder = join(folder, 'data');
  if (copyOf) copyFolder(copyOf, dataFolder);
  else initialize(programs, dataFolder, options);
  const port = await findFreePort();
  const { child, readLog } = spawnServer(programs, dataFolder, { ...settings, port }, options);
  const ended = once(child, 'exit');
  const urlOf = (database) => `postgres://postgres@127.0.0.1:${port}/${database}`;
  await waitForAnswer(urlOf('postgres'), child, readLog);
  const stop = async () => {
    if (child.exitCode !== null) return;
    child.kill('SIGINT');
    await ended;
  };
  return {
    dataFolder,
    urlOf,
    createDatabase: async (name) => {
      await askPostgres(urlOf('postgres'), `CREATE DATABASE ${name}`);
      return urlOf(name);
    },
    stop,
    remove: async () => {
      await stop();
      removeTemporaryFolder(folder);
    },
  };
}

/** What was measured with, for people. */
export async function describePostgres(postgres) {
  const [{ server_version: version }] = await askPostgres(postgres.urlOf('postgres'), 'SHOW server_version');
  const settings = Object.entries(MEASURED_SETTINGS).map(([name, value]) => `${name} = ${value}`);
  return `PostgreSQL ${version.split(' ')[0]} on the same machine, with ${settings.join(', ')}.`;
}

function initialize(programs, dataFolder, options) {
  const args = ['-D', dataFolder, '-U', 'postgres', '--auth=trust', '--locale=C', '--encoding=UTF8'];
  execFileSync(join(programs, 'initdb'), args, { ...options, stdio: 'pipe' });
}

/** With its owner; and on the disk, or the first commits would wait for gigabytes. */
function copyFolder(from, to) {
  execFileSync('cp', ['-a', '--reflink=auto', from, to]);
  execFileSync('sync', ['-f', to]);
}

function spawnServer(programs, dataFolder, settings, options) {
  const all = Object.entries({ ...OTHER_SETTINGS, ...MEASURED_SETTINGS, ...settings });
  const args = ['-D', dataFolder, ...all.flatMap(([name, value]) => ['-c', `${name}=${value}`])];
  const logFile = join(options.cwd, 'log');
  const log = openSync(logFile, 'a');
  const child = spawn(join(programs, 'postgres'), args, { ...options, stdio: ['ignore', log, log] });
  closeSync(log);
  // Its own children do not end at once when it is killed, and would write into a folder that is being removed.
  const stopNow = ['stop', '-D', dataFolder, '-m', 'immediate', '-t', '10'];
  endAtExit(child, () => execFileSync(join(programs, 'pg_ctl'), stopNow, { ...options, stdio: 'ignore' }));
  return { child, readLog: () => readFileSync(logFile, 'utf8') };
}

async function waitForAnswer(url, child, readLog) {
  for (const deadline = Date.now() + DEADLINE_MS; ; await pause(POLL_MS)) {
    try {
      await askPostgres(url, 'SELECT 1');
      return;
    } catch (error) {
      if (child.exitCode === null && Date.now() < deadline) continue;
      throw new Error(`PostgreSQL does not start:\n${readLog()}`, { cause: error });
    }
  }
}
