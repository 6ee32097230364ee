import { spawn } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { clearTimeout, setTimeout } from 'node:timers';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { buildFolder } from './build-folder.mjs';
import { endAtExit } from './child-processes.mjs';
import { findFreePort } from './free-port.mjs';
import { makeTemporaryFolder, removeTemporaryFolder } from './temporary-folder.mjs';

/** As `npm start` and the installed command run it. */
const NODE_OPTIONS_OF_START = ['--max-semi-space-size=4', '--heap-growing-percent=50'];

export const API_KEY = 'benchmark-key';
/** Of the project that envelopes are for, where INGEST_KEYS says so. */
export const INGEST_KEY = '0123456789abcdef0123456789abcdef';

const bareServer = fileURLToPath(new URL('../programs/bare-server.mjs', import.meta.url));
const START_DEADLINE_MS = 60_000;
const STOP_DEADLINE_MS = 20_000;
const POLL_MS = 2;

/**
 * Starts the built server on a free port and waits for its first 200 of /health.
 * @param options.databasePath the file; without it and an address, an empty one in a folder that is removed at the stop
 * @param options.databaseUrl the address of a PostgreSQL database
 * @param options.port another than a free one
 * @param options.env further settings
 */
export async function startServer({ databasePath, databaseUrl, port, env = {} } = {}) {
  const folder = databasePath === undefined && databaseUrl === undefined ? makeTemporaryFolder() : null;
  const database = databaseUrl
    ? { databaseUrl }
    : { databasePath: databasePath ?? join(folder, 'errors.db') };
  const server = await startProcess(
    'the server',
    [...NODE_OPTIONS_OF_START, join(buildFolder(), 'main.js')],
    {
      API_KEY,
      ...(databaseUrl ? { DATABASE_URL: databaseUrl } : { DATABASE_PATH: database.databasePath }),
      RATE_LIMIT_PER_MINUTE: '0',
      LOG_LEVEL: 'warn',
      ...env,
    },
    port,
  );
  const stop = async (signal) => {
    await server.stop(signal);
    if (folder) removeTemporaryFolder(folder);
  };
  return { ...server, ...database, stop };
}

/** Starts the baseline of all that goes through HTTP: `node:http`, `JSON.parse` and an MD5, and nothing stored. */
export function startBareServer() {
  return startProcess('the bare server', [bareServer], {});
}

async function startProcess(name, args, env, port) {
  port ??= await findFreePort();
  const startedAt = performance.now();
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env.PATH, HOST: '127.0.0.1', PORT: String(port), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  endAtExit(child);
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (output += text));
  const state = { isStopping: false, hasEnded: false };
  child.on('exit', (code, signal) => {
    state.hasEnded = true;
    if (!state.isStopping) console.error(`${name} ended by itself (${signal ?? code}):\n${output}`);
  });
  await waitForHealth(port, startedAt + START_DEADLINE_MS, () => {
    if (state.hasEnded) throw new Error(`${name} did not start:\n${output}`);
  });
  return {
    name,
    pid: child.pid,
    port,
    url: `http://127.0.0.1:${port}`,
    startMs: performance.now() - startedAt,
    readOutput: () => output,
    stop: (signal = 'SIGTERM') => stopProcess(name, child, state, signal),
  };
}

async function stopProcess(name, child, state, signal) {
  state.isStopping = true;
  if (state.hasEnded) throw new Error(`${name} had ended before it was stopped`);
  const ended = once(child, 'exit');
  child.kill(signal);
  const deadline = setTimeout(() => {
    console.error(`${name} did not end within ${STOP_DEADLINE_MS} ms after ${signal}`);
    child.kill('SIGKILL');
  }, STOP_DEADLINE_MS);
  const [code] = await ended;
  clearTimeout(deadline);
  if (signal === 'SIGTERM' && code !== 0) throw new Error(`${name} ended with ${code} after SIGTERM`);
}

/** Waits for the first 200 of /health; `requireAlive` is called in between and throws when there is no hope. */
export async function waitForHealth(port, deadline, requireAlive) {
  while (!(await isHealthy(port))) {
    requireAlive();
    if (performance.now() > deadline) throw new Error('A server took too long to start');
    await pause(POLL_MS);
  }
}

function isHealthy(port) {
  return new Promise((resolve) => {
    const request = http.get({ host: '127.0.0.1', port, path: '/health', agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.on('error', () => resolve(false));
  });
}
