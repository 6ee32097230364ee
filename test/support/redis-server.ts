import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { Redis } from 'ioredis';
import { freePort } from './free-port';
import { temporaryFolder } from './temporary-folder';

/** With characters that an address carries only in percent-encoding. */
const PASSWORD = 'hunter2/@:%';
const PROGRAMS = ['redis-server', 'valkey-server'];
const DEADLINE_MS = 10_000;

const running = new Set<ChildProcess>();
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));

export interface RedisServer {
  port: number;
  /** with its password */
  url: string;
  /** the test's own connection, closed with the server */
  client: Redis;
  /** From now on it keeps connections open and answers nothing. */
  freeze(): void;
  thaw(): void;
  kill(): Promise<void>;
}

/**
 * A real server on 127.0.0.1 that keeps its data in memory and asks for a password.
 * @param options.port that of a server which was killed before; without it, a free one
 */
export async function startRedisServer(options: { port?: number } = {}): Promise<RedisServer> {
  const program = findProgram();
  if (program === null) throw new Error('There is no Redis here');
  const port = options.port ?? (await freePort());
  const folder = temporaryFolder();
  const settings = { port, bind: '127.0.0.1', dir: folder.path, save: '', requirepass: PASSWORD };
  const child = spawn(
    program,
    Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]),
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  running.add(child);
  const ended = new Promise<void>((resolve) => {
    child.on('close', () => {
      running.delete(child);
      folder.remove();
      resolve();
    });
  });
  await waitUntilReady(child);
  const client = new Redis({ port, password: PASSWORD, retryStrategy: () => null });
  client.on('error', () => undefined);
  return {
    port,
    url: `redis://:${encodeURIComponent(PASSWORD)}@127.0.0.1:${port}`,
    client,
    freeze: () => child.kill('SIGSTOP'),
    thaw: () => child.kill('SIGCONT'),
    kill: async () => {
      if (client.status !== 'end') client.disconnect();
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** `describe` where there is a Redis to start; elsewhere the tests are skipped and the reason is printed. */
export function describeWithRedis(): jest.Describe {
  if (findProgram() !== null) return describe;
  process.stderr.write(
    `Skipped, since neither ${PROGRAMS.join(' nor ')} is on PATH and REDIS_SERVER_PATH names none\n`,
  );
  return describe.skip;
}

function findProgram(): string | null {
  const { REDIS_SERVER_PATH, PATH = '' } = process.env;
  const folders = PATH.split(delimiter);
  const candidates = PROGRAMS.flatMap((name) => folders.map((folder) => join(folder, name)));
  return (REDIS_SERVER_PATH ? [REDIS_SERVER_PATH] : candidates).find(isExecutable) ?? null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function waitUntilReady(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = '';
    const fail = () => reject(new Error(`Redis did not start:\n${output}`));
    const deadline = setTimeout(fail, DEADLINE_MS);
    child.on('error', fail).on('close', fail);
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        if (!output.includes('Ready to accept connections')) return;
        clearTimeout(deadline);
        resolve();
      });
    }
  });
}
