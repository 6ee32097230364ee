import type { Client, QueryConfig, QueryResult } from 'pg';
import { setTimeout as pause } from 'node:timers/promises';
import { withinTime } from '../../common/within-time';
import { connectTo, endNow, type LinkSettings, makeClient, open } from './connect-to-host';
import { parsePostgresAddress, type PostgresAddress } from './postgres-address';
import { ConnectionLostError, endsConnection, NotConnectedError } from './postgres-failure';

/** Between two attempts to connect, doubling up to the last: whoever waits is back within a few seconds. */
const FIRST_PAUSE_MS = 50;
const LAST_PAUSE_MS = 1_000;
/** A server that does not answer for so long after its own limit is out of reach, though nothing says so. */
const GRACE_MS = 1_000;
/** How often it is asked by another connection, while an answer takes longer, whether the server is there still. */
const ASK_AGAIN_MS = 5_000;
/** What takes no time at all is answered within this time. */
const VERIFY_TIMEOUT_MS = 2_000;
/** How long a server may take to say goodbye. */
const GOODBYE_MS = 500;

/**
 * One connection to PostgreSQL that is made again whenever it is lost, to the host that takes writes.
 *
 * States: *connecting* (the first time: whoever asks waits until every host has been tried once), *up*, *down* (lost;
 * `obstacle` says why, and attempts go on until it is up again), *closed*.
 * Guarantee: whoever asks is answered within the limit of the settings, however the connection is lost.
 */
export class PostgresLink {
  obstacle: Error | null = null;
  private readonly address: PostgresAddress;
  private client: Client | null = null;
  private usedUrl = '';
  /** how many answers are awaited */
  private waiting = 0;
  private connecting: Client | null = null;
  private closed = false;
  private readonly listeners: (() => void)[] = [];
  /** resolved when it is up for the first time, or is known not to be */
  private readonly tried: Promise<void>;
  /** resolved when it is up again, or closed */
  private settled: Promise<void> = Promise.resolve();
  private settle: () => void = () => undefined;

  constructor(
    url: string,
    private readonly settings: LinkSettings,
  ) {
    const address = parsePostgresAddress(url);
    if (!address) throw new Error('DATABASE_URL is no address of PostgreSQL');
    this.address = address;
    this.tried = new Promise((resolve) => this.onChange(resolve));
    this.reconnect();
  }

  /** Has a listener called whenever the connection is lost, or there again. */
  onChange(listener: () => void): void {
    this.listeners.push(listener);
  }

  /** @throws NotConnectedError while the connection is down */
  async getClient(): Promise<Client> {
    if (this.obstacle === null && this.client === null) await this.tried;
    if (this.client === null) throw this.obstacle ?? this.unconnected(new Error('there is no connection'));
    return this.client;
  }

  /** Whether this is the connection that there is. */
  has(client: Client): boolean {
    return this.client === client;
  }

  /**
   * @param within the connection whose transaction it belongs to
   * @throws what the server answers; NotConnectedError when nothing was sent; ConnectionLostError when the connection was
   *   lost before the answer, or with it the transaction
   */
  async query(
    query: QueryConfig,
    within: Client | null = null,
    limitMs = this.settings.statementTimeoutMs + GRACE_MS,
  ): Promise<QueryResult> {
    const client = await this.getClient();
    // One that was lost between two statements may be there again by now, and knows nothing of the transaction.
    if (within !== null && !this.has(within)) {
      throw new ConnectionLostError(this.address.shown, new Error('it was in the middle of a transaction'));
    }
    const timer = setTimeout(() => this.drop(client, new Error(`no answer within ${limitMs} ms`)), limitMs);
    const asking =
      limitMs > ASK_AGAIN_MS ? setInterval(() => void this.askAgain(client), ASK_AGAIN_MS) : undefined;
    this.waiting += 1;
    try {
      return await client.query(query);
    } catch (error) {
      if (!endsConnection(error)) throw error;
      this.drop(client, error);
      throw new ConnectionLostError(this.address.shown, error);
    } finally {
      this.waiting -= 1;
      clearTimeout(timer);
      clearInterval(asking);
    }
  }

  /** Finds out whether a connection that nobody uses is there still: another one has just broken. Never rejects. */
  async verify(): Promise<void> {
    const { client } = this;
    if (client === null || this.waiting > 0) return;
    await this.query({ text: 'SELECT 1' }, null, VERIFY_TIMEOUT_MS).catch(() => undefined);
  }

  /**
   * Waits until the connection is there again.
   * @throws NotConnectedError when that takes longer, or it is closed
   */
  async whenUp(patienceMs: number): Promise<void> {
    const stop = new AbortController();
    await Promise.race([this.settled, pause(patienceMs, undefined, { signal: stop.signal, ref: false })]);
    stop.abort();
    await this.getClient();
  }

  async close(): Promise<void> {
    if (this.closed) return;
    const { client, connecting } = this;
    this.closed = true;
    this.client = null;
    this.obstacle = this.unconnected(new Error('the connection is closed'));
    this.settle();
    this.tell();
    if (connecting) endNow(connecting);
    if (client) await withinTime(GOODBYE_MS, client.end()).catch(() => endNow(client));
  }

  /** A server that takes its time is told from one that has fallen silent. */
  private async askAgain(client: Client): Promise<void> {
    try {
      const other = await connectTo(this.usedUrl, this.settings);
      void other.end();
    } catch (error) {
      if (endsConnection(error)) this.drop(client, error);
    }
  }

  /** Ends a connection that is of no use any more. */
  drop(client: Client, cause: unknown): void {
    if (this.client !== client) return;
    this.client = null;
    // Without a goodbye, which would wait for a server that does not answer.
    endNow(client);
    this.reconnect();
    this.setObstacle(cause);
  }

  private reconnect(): void {
    this.settled = new Promise((resolve) => (this.settle = resolve));
    void this.connect();
  }

  /** Never rejects. */
  private async connect(): Promise<void> {
    for (let pauseMs = FIRST_PAUSE_MS; !this.closed; pauseMs = Math.min(pauseMs * 2, LAST_PAUSE_MS)) {
      const failures: string[] = [];
      for (const url of this.address.urls) {
        const failure = await this.tryHost(url);
        if (failure === null) return;
        failures.push(failure);
      }
      this.setObstacle(new Error(failures.join('; ')));
      await pause(pauseMs, undefined, { ref: false });
    }
  }

  /** @returns why it cannot be connected to; null when there is nothing more to do */
  private async tryHost(url: string): Promise<string | null> {
    if (this.closed) return null;
    try {
      this.connecting = makeClient(url, this.settings);
      this.use(await open(this.connecting, this.settings), url);
      return null;
    } catch (error) {
      return (error as Error).message;
    }
  }

  private use(client: Client, url: string): void {
    this.connecting = null;
    this.usedUrl = url;
    if (this.closed) {
      endNow(client);
      return;
    }
    this.client = client;
    this.obstacle = null;
    client.on('error', (error) => this.drop(client, error));
    client.on('end', () => this.drop(client, new Error('the server has closed the connection')));
    this.settle();
    this.tell();
  }

  private setObstacle(cause: unknown): void {
    if (this.closed) return;
    this.obstacle = this.unconnected(cause);
    this.tell();
  }

  private unconnected(cause: unknown): NotConnectedError {
    return new NotConnectedError(this.address.shown, cause);
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}
