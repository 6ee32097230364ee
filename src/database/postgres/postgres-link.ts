import type { Client } from 'pg';
import { setTimeout as pause } from 'node:timers/promises';
import { connectTo, type LinkSettings, streamOf } from './connect-to-host';
import { parsePostgresAddress, type PostgresAddress } from './postgres-address';
import { ConnectionLostError } from './postgres-failure';

/** Between two attempts to connect, doubling up to the last: whoever waits is back within a few seconds. */
const FIRST_PAUSE_MS = 50;
const LAST_PAUSE_MS = 1_000;

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

  private lost(cause: unknown): ConnectionLostError {
    return new ConnectionLostError(this.address.shown, cause);
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}
