import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { namesDatabase, temporaryDatabase } from './temporary-database';
import { temporaryFolder } from './temporary-folder';
import { DATABASE } from './test-database';
import { API_KEY, type Answer, type CallOptions } from './test-server';

/** As `npm start` and the installed command run it. */
const NODE_OPTIONS_OF_START = ['--max-semi-space-size=4', '--heap-growing-percent=50'];
const PROGRAM = join(__dirname, '..', '..', 'dist', 'main.js');
/** A slow machine may need long; a hanging process must still fail the test with its output. */
const DEADLINE_MS = 15_000;

const running = new Set<ChildProcess>();
const removals = new Set<Promise<void>>();
process.on('exit', killAll);

export interface SpawnOptions {
  args?: string[];
  /** all that the process has in its environment, beside PATH */
  env?: Record<string, string>;
  /** working folder; without it, an empty one that is removed when the process has ended */
  cwd?: string;
}

/** How a process ended and all that it wrote. */
export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

export interface SpawnedProgram {
  pid: number;
  /** settled when the process has ended and all of its output has been read */
  ended: Promise<Ended>;
  stdout(): string;
  stderr(): string;
  kill(signal: NodeJS.Signals): void;
  /** Resolves when what both streams wrote so far fits; rejects when the process ends or takes too long before. */
  waitFor(pattern: RegExp): Promise<RegExpExecArray>;
}

export interface SpawnedServer extends SpawnedProgram {
  /** without a trailing slash */
  url: string;
  port: number;
  /** fetch with the API key, a path in place of the address, and JSON in place of a body */
  call(path: string, options?: CallOptions): Promise<Answer>;
}

/** Runs the built program, `node dist/main.js`; `endSpawned` ends it when the test has not. */
export function spawnProgram({ args = [], env = {}, cwd }: SpawnOptions = {}): SpawnedProgram {
  const folder = cwd === undefined ? temporaryFolder() : null;
  const child = spawn(process.execPath, [...NODE_OPTIONS_OF_START, PROGRAM, ...args], {
    cwd: cwd ?? folder?.path,
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (code, signal) => {
      running.delete(child);
      folder?.remove();
      resolve({ code, signal, ...output });
    });
  });
  return {
    pid: child.pid!,
    ended,
    stdout: () => output.stdout,
    stderr: () => output.stderr,
    kill: (signal) => child.kill(signal),
    waitFor: (pattern) => waitForOutput(child, output, pattern),
  };
}

/** Runs the built program to its end. */
export function runProgram(options: SpawnOptions = {}): Promise<Ended> {
  return spawnProgram(options).ended;
}

/**
 * Runs the built server on a free port of 127.0.0.1 and waits until it listens. Without settings that name a database it
 * has one of its own: on SQLite the file in its working folder that it makes by itself.
 * @param options.env settings; with a PORT of its own, LOG_LEVEL may hide the line that says it listens
 */
export async function startSpawnedServer(options: SpawnOptions = {}): Promise<SpawnedServer> {
  const own = DATABASE === 'sqlite' || namesDatabase(options.env ?? {}) ? null : await temporaryDatabase();
  const usual = { API_KEY, HOST: '127.0.0.1', PORT: '0', RATE_LIMIT_PER_MINUTE: '0' };
  const env = { ...usual, ...own?.env, ...options.env };
  const program = spawnProgram({ ...options, env });
  if (own) removals.add(program.ended.then(() => own.remove()));
  const url =
    env.PORT === '0'
      ? (await program.waitFor(/listens on (http:\/\/\S+) /))[1]!
      : await waitForHealth(program, `http://127.0.0.1:${env.PORT}`);
  return {
    ...program,
    url,
    port: Number(new URL(url).port),
    call: (path, callOptions) => call(`${url}${path}`, env.API_KEY, callOptions),
  };
}

/** Ends every process that is still running; for `afterEach`. */
export async function endSpawned(): Promise<void> {
  const closed = [...running].map((child) => new Promise((resolve) => child.once('close', resolve)));
  killAll();
  await Promise.all(closed);
  await Promise.all(removals);
  removals.clear();
}

function killAll(): void {
  for (const child of running) child.kill('SIGKILL');
}

function waitForOutput(
  child: ChildProcess,
  output: { stdout: string; stderr: string },
  pattern: RegExp,
): Promise<RegExpExecArray> {
  return new Promise((resolve, reject) => {
    const look = () => {
      const match = pattern.exec(output.stdout + output.stderr);
      if (match) finish(() => resolve(match));
    };
    const fail = (what: string) =>
      finish(() =>
        reject(new Error(`The program ${what} before ${pattern}:\n${output.stdout}${output.stderr}`)),
      );
    const onClose = () => fail('ended');
    const deadline = setTimeout(() => fail('took too long'), DEADLINE_MS);
    const finish = (settle: () => void) => {
      clearTimeout(deadline);
      child.off('close', onClose);
      child.stdout?.off('data', look);
      child.stderr?.off('data', look);
      settle();
    };
    child.stdout?.on('data', look);
    child.stderr?.on('data', look);
    child.on('close', onClose);
    look();
  });
}

async function waitForHealth(program: SpawnedProgram, url: string): Promise<string> {
  const state = { over: false };
  const deadline = setTimeout(() => (state.over = true), DEADLINE_MS);
  void program.ended.then(() => (state.over = true));
  try {
    while (!state.over) {
      const answer = await fetch(`${url}/health`).catch(() => null);
      if (answer?.ok) return url;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  } finally {
    clearTimeout(deadline);
  }
  throw new Error(`The server does not answer at ${url}:\n${program.stdout()}${program.stderr()}`);
}

async function call(url: string, apiKey: string, options: CallOptions = {}): Promise<Answer> {
  const body = options.json === undefined ? options.body : JSON.stringify(options.json);
  const answer = await fetch(url, {
    method: options.method ?? (body === undefined ? 'GET' : 'POST'),
    headers: { 'X-API-Key': apiKey, 'Content-Type': 'application/json', ...options.headers },
    body,
  });
  const text = await answer.text();
  const isJson = answer.headers.get('content-type')?.includes('json') ?? false;
  return { status: answer.status, headers: answer.headers, body: isJson ? JSON.parse(text) : text };
}
