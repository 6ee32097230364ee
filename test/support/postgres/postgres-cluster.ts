import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  appendFileSync,
  chownSync,
  closeSync,
  cpSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
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
    readonly port: number,
  ) {}

  /**
   * Makes a cluster and starts it.
   * @param settings as in postgresql.conf, beside or instead of the usual ones
   * @param initOptions of `initdb`, beside the usual ones
   */
  static async start(
    settings: Record<string, string> = {},
    initOptions: readonly string[] = [],
  ): Promise<PostgresCluster> {
    const cluster = await PostgresCluster.prepare();
    return cluster.startWith(() => cluster.initialize({ ...SETTINGS, ...settings }, initOptions));
  }

  private static async prepare(): Promise<PostgresCluster> {
    const user = findPostgresUser();
    const folder = temporaryFolder();
    letOwn(user, folder.path);
    const guard = startGuard(folder.path, user);
    const programs = makeReachable(findPostgresPrograms(), user, join(folder.path, 'programs'));
    return new PostgresCluster(programs, user, folder, guard, await freePort());
  }

  /** Starts a standby that follows this server, which is started anew for it. */
  async startStandby(): Promise<PostgresCluster> {
    const standby = await PostgresCluster.prepare();
    await this.stop();
    return standby.startWith(async () => {
      cpSync(this.dataFolder, standby.dataFolder, { recursive: true, verbatimSymlinks: true });
      execFileSync('chown', ['-R', `--reference=${standby.folder.path}`, standby.dataFolder]);
      rmSync(join(standby.dataFolder, 'postmaster.pid'), { force: true });
      writeFileSync(join(standby.dataFolder, 'standby.signal'), '');
      const follows = `host=127.0.0.1 port=${this.port} user=postgres application_name=standby`;
      standby.configure({ port: String(standby.port), primary_conninfo: follows });
      appendFileSync(standby.logFile, '');
      await this.start();
    });
  }

  /** Makes a primary of a standby. */
  async promote(): Promise<void> {
    await this.query('SELECT pg_promote()');
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

  /** Lets the user that runs the server have a folder. */
  own(folder: string): void {
    letOwn(this.user, folder);
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

  private async startWith(makeFiles: () => void | Promise<void>): Promise<this> {
    try {
      await makeFiles();
      await this.start();
    } catch (error) {
      await this.remove();
      throw error;
    }
    return this;
  }

  private initialize(settings: Record<string, string>, options: readonly string[]): void {
    const args = ['-D', this.dataFolder, '-U', 'postgres', '--auth=trust', '--no-sync'];
    execFileSync(join(this.programs, 'initdb'), [...args, '--locale=C', '--encoding=UTF8', ...options], {
      ...this.processOptions,
      stdio: 'pipe',
    });
    this.configure({ ...settings, port: String(this.port) });
    appendFileSync(this.logFile, '');
  }

  private configure(settings: Record<string, string>): void {
    const lines = Object.entries(settings).map(([name, value]) => `${name} = '${value}'\n`);
    appendFileSync(join(this.dataFolder, 'postgresql.conf'), lines.join(''));
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

  /** Asks the database that every cluster has. */
  async query(sql: string) {
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

function letOwn({ uid, gid }: PostgresUser, folder: string): void {
  if (uid !== undefined) chownSync(folder, uid, gid!);
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
