import { Client, type ClientConfig, types } from 'pg';
import { setTimeout as pause } from 'node:timers/promises';
import { parsePostgresAddress, type PostgresAddress } from './postgres-address';
import { ConnectionLostError } from './postgres-failure';

const CONNECT_TIMEOUT_MS = 3_000;
/** Between two attempts to connect, doubling up to the last: whoever waits is back within a few seconds. */
const FIRST_PAUSE_MS = 50;
const LAST_PAUSE_MS = 1_000;

export interface LinkSettings {
  /** for `pg_stat_activity` */
  name: string;
  /** a statement that takes longer is ended by the server */
  statementTimeoutMs: number;
  /** further settings of the session */
  session?: Record<string, string>;
}

/**
 * One connection to PostgreSQL that is made again whenever it is lost, to the host that takes writes.
 *
 * States: *connecting* (the first time: whoever asks waits), *up*, *down* (lost; `obstacle` says why, and attempts go
 * on until it is up again), *closed*.
 */
export class PostgresLink {
  obstacle: Error | null = null;
  private readonly address: PostgresAddress;
  private client: Client | null = null;
  private connected: Promise<void>;
  private closed = false;
  private readonly listeners: (() => void)[] = [];

  constructor(
    url: string,
    private readonly settings: LinkSettings,
  ) {
    const address = parsePostgresAddress(url);
    if (!address) throw new Error('DATABASE_URL is no address of PostgreSQL');
    this.address = address;
    this.connected = this.connect();
  }

  /** Has a listener called whenever the connection is lost, or there again. */
  onChange(listener: () => void): void {
    this.listeners.push(listener);
  }

  /** @throws ConnectionLostError while the connection is down */
  async getClient(): Promise<Client> {
    if (this.obstacle === null && this.client === null) await this.connected;
    if (this.client === null) throw this.obstacle ?? this.lost(new Error('the connection is closed'));
    return this.client;
  }

  /**
   * Waits until the connection is there again.
   * @throws ConnectionLostError when that takes longer
   */
  async whenUp(patienceMs: number): Promise<void> {
    const stop = new AbortController();
    await Promise.race([this.connected, pause(patienceMs, undefined, { signal: stop.signal, ref: false })]);
    stop.abort();
    await this.getClient();
  }

  /** Whether this is the connection that there is. */
  has(client: Client): boolean {
    return this.client === client;
  }

  /** Ends a connection that is of no use any more. */
  drop(cause: unknown): void {
    const { client } = this;
    if (client === null) return;
    this.client = null;
    // Without a goodbye, which would wait for a server that does not answer.
    streamOf(client).destroy();
    if (this.closed) return;
    this.obstacle = this.lost(cause);
    this.connected = this.connect();
    this.tell();
  }

  async close(): Promise<void> {
    this.closed = true;
    const { client } = this;
    this.client = null;
    if (client) await client.end().catch(() => undefined);
  }

  private async connect(): Promise<void> {
    for (let pauseMs = FIRST_PAUSE_MS; !this.closed; pauseMs = Math.min(pauseMs * 2, LAST_PAUSE_MS)) {
      for (const url of this.address.urls) {
        try {
          this.use(await connectTo(url, this.settings));
          return;
        } catch (error) {
          this.obstacle = this.lost(error);
          this.tell();
        }
      }
      await pause(pauseMs, undefined, { ref: false });
    }
  }

  private use(client: Client): void {
    if (this.closed) {
      void client.end();
      return;
    }
    this.client = client;
    this.obstacle = null;
    client.on('error', (error) => {
      if (this.client === client) this.drop(error);
    });
    client.on('end', () => {
      if (this.client === client) this.drop(new Error('the server has closed the connection'));
    });
    this.tell();
  }

  /** What there is to say when the connection is lost. */
  lost(cause: unknown): ConnectionLostError {
    return new ConnectionLostError(this.address.shown, cause);
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}

/**
 * Connects to one host.
 * @throws when it cannot be reached, or takes no writes: then another one is the primary, or will be
 */
export async function connectTo(url: string, settings: LinkSettings): Promise<Client> {
  const client = new Client({ ...CLIENT, connectionString: url, application_name: settings.name });
  // A connection that breaks while it is being made tells it twice.
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ transaction_read_only: string }>('SHOW transaction_read_only');
    if (rows[0]?.transaction_read_only === 'on') throw new Error('it is a standby, which takes no writes');
    await client.query(sessionSql(settings));
    return client;
  } catch (error) {
    streamOf(client).destroy();
    throw error;
  }
}

type TypeId = (typeof types.builtins)[keyof typeof types.builtins];

const CLIENT: ClientConfig = {
  connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  keepAlive: true,
  keepAliveInitialDelayMillis: 10_000,
  // Statements are sent without waiting for the answers to those before.
  pipeline: true,
  types: { getTypeParser },
};

/** What a proxy that shares connections between transactions would lose is nothing that these need. */
function sessionSql({ statementTimeoutMs, session }: LinkSettings): string {
  const all = {
    statement_timeout: String(statementTimeoutMs),
    lock_timeout: '2000',
    idle_in_transaction_session_timeout: '30000',
    synchronous_commit: 'on',
    ...session,
  };
  return Object.entries(all)
    .map(([name, value]) => `SET ${name} = '${value}'`)
    .join('; ');
}

/** Whole numbers as numbers, times as SQLite has them. */
function getTypeParser(oid: TypeId): (value: string) => unknown {
  const { INT8, NUMERIC, TIMESTAMP } = types.builtins;
  if (oid === INT8 || oid === NUMERIC) return Number;
  if (oid === TIMESTAMP) return withMilliseconds;
  return types.getTypeParser(oid, 'text') as (value: string) => unknown;
}

/** `2026-01-31 12:00:00.1` → `2026-01-31 12:00:00.100`: PostgreSQL leaves out zeros at the end. */
function withMilliseconds(text: string): string {
  const [time = '', fraction = ''] = text.split('.');
  return `${time}.${fraction.padEnd(3, '0')}`;
}

function streamOf(client: Client): { destroy: () => void } {
  return (client as unknown as { connection: { stream: { destroy: () => void } } }).connection.stream;
}
