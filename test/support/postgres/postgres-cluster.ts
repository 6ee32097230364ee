import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { appendFileSync, chownSync, closeSync, openSync, readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { freePort } from '../free-port';
import { temporaryFolder } from '../temporary-folder';
import {
  findPostgresPrograms,
  findPostgresUser,
  makeReachable,
  type PostgresUser,
} from './postgres-programs';

const DEADLINE_MS = 30_000;
const RETRY_MS = 50;

/** What keeps a server from starting for a moment after the one before was killed. */
const PASSES_BY_ITSELF = /pre-existing shared memory block|Address already in use/;

const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '300',
  shared_buffers: '64MB',
  // No server may count on the time zone being UTC.
  timezone: 'Asia/Kathmandu',
};

/** For clusters whose content nobody needs after a power cut. */
export const WITHOUT_FSYNC = { fsync: 'off', full_page_writes: 'off' };

/**
 * The end of this process, however it comes about, closes the pipe that the guard reads: the server is stopped then, and
 * its folder removed.
 */
const GUARD = `
trap '' HUP INT TERM
read -r _
pid=$(head -n 1 "$0/data/postmaster.pid" 2>/dev/null) && kill -QUIT "$pid" 2>/dev/null
for _ in 1 2 3 4 5 6 7 8 9 10; do kill -0 "$pid" 2>/dev/null || break; sleep 0.3; done
rm -rf "$0"`;

/**
 * A PostgreSQL server with files of its own in a temporary folder, on a free port of 127.0.0.1, durable unless its
 * settings say otherwise. It can be stopped, killed and started again on the same port with the same files.
 */
export class PostgresCluster {
  private server: ChildProcess | null = null;
  private ended: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly programs: string,
    private readonly user: PostgresUser,
    private readonly folder: ReturnType<typeof temporaryFolder>,
    private readonly guard: ChildProcess,
    private readonly port: number,
  ) {}

  /** Makes a cluster and starts it. @param settings as in postgresql.conf, beside or instead of the usual ones */
  static async start(settings: Record<string, string> = {}): Promise<PostgresCluster> {
    const user = findPostgresUser();
    const folder = temporaryFolder();
    if (user.uid !== undefined) chownSync(folder.path, user.uid, user.gid!);
    const guard = startGuard(folder.path, user);
    const programs = makeReachable(findPostgresPrograms(), user, join(folder.path, 'programs'));
    const cluster = new PostgresCluster(programs, user, folder, guard, await freePort());
    try {
      cluster.initialize({ ...SETTINGS, ...settings });
      await cluster.start();
    } catch (error) {
      await cluster.remove();
      throw error;
    }
    return cluster;
  }

  /** Of the database that every cluster has; its user may do everything. */
  get url(): string {
    return `postgres://postgres@127.0.0.1:${this.port}/postgres`;
  }

  /** Starts the server that was stopped or killed, and waits until it takes connections. */
  async start(): Promise<void> {
    const deadline = Date.now() + DEADLINE_MS;
    for (;;) {
      const logged = this.log().length;
      this.spawnServer();
      if (await this.takesConnections(deadline)) return;
      const said = this.log().slice(logged);
      await this.stop('immediate');
      if (Date.now() > deadline || !PASSES_BY_ITSELF.test(said))
        throw new Error(`PostgreSQL does not start:\n${said}`);
      await delay(RETRY_MS);
    }
  }

  /** `fast` rolls back what is under way and writes everything; `immediate` leaves it to the recovery at the next start. */
  async stop(mode: 'fast' | 'immediate' = 'fast'): Promise<void> {
    await this.end(mode === 'fast' ? 'SIGINT' : 'SIGQUIT');
  }

  /** Kills the server's main process, whereupon the others end by themselves. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** Ends every connection to every database but its own. @returns how many there were */
  async cutConnections(): Promise<number> {
    const { rowCount } = await this.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()",
    );
    return rowCount ?? 0;
  }

  /** Changes settings that hold without a new start; others hold after the next one. */
  async set(settings: Record<string, string>): Promise<void> {
    for (const [name, value] of Object.entries(settings))
      await this.query(`ALTER SYSTEM SET ${name} = '${value}'`);
    await this.query('SELECT pg_reload_conf()');
  }

  /** Everything that the server has logged. */
  log(): string {
    return readFileSync(this.logFile, 'utf8');
  }

  /** Stops the server and removes its files. */
  async remove(): Promise<void> {
    await this.stop('immediate');
    this.folder.remove();
    const gone = new Promise((resolve) => this.guard.once('exit', resolve));
    this.guard.ref();
    this.guard.stdin!.end();
    await gone;
  }

  private get dataFolder(): string {
    return join(this.folder.path, 'data');
  }

  private get logFile(): string {
    return join(this.folder.path, 'log');
  }

  private get processOptions() {
    const { PATH } = process.env;
    return { cwd: this.folder.path, env: { PATH, LC_ALL: 'C' }, ...this.user };
  }

  private initialize(settings: Record<string, string>): void {
    const args = ['-D', this.dataFolder, '-U', 'postgres', '--auth=trust', '--no-sync'];
    execFileSync(join(this.programs, 'initdb'), [...args, '--locale=C', '--encoding=UTF8'], {
      ...this.processOptions,
      stdio: 'pipe',
    });
    const lines = Object.entries({ ...settings, port: this.port }).map(
      ([name, value]) => `${name} = '${value}'\n`,
    );
    appendFileSync(join(this.dataFolder, 'postgresql.conf'), lines.join(''));
    appendFileSync(this.logFile, '');
  }

  private spawnServer(): void {
    const log = openSync(this.logFile, 'a');
    const server = spawn(join(this.programs, 'postgres'), ['-D', this.dataFolder], {
      ...this.processOptions,
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    // A test that does not remove its cluster must not keep its process alive.
    server.unref();
    this.ended = new Promise((resolve) => server.once('exit', resolve));
    this.server = server;
  }

  private async takesConnections(deadline: number): Promise<boolean> {
    while (Date.now() < deadline && this.server?.exitCode === null) {
      try {
        await this.query('SELECT 1');
        return true;
      } catch {
        await delay(RETRY_MS);
      }
    }
    return false;
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    this.server?.ref();
    this.server?.kill(signal);
    await this.ended;
    this.server = null;
  }

  private async query(sql: string) {
    const client = new Client({ connectionString: this.url });
    client.on('error', () => undefined);
    await client.connect();
    try {
      return await client.query(sql);
    } finally {
      await client.end();
    }
  }
}

function startGuard(folder: string, user: PostgresUser): ChildProcess {
  const guard = spawn('/bin/sh', ['-c', GUARD, folder], {
    cwd: '/',
    stdio: ['pipe', 'ignore', 'ignore'],
    ...user,
  });
  guard.unref();
  (guard.stdin as Socket).unref();
  return guard;
}
