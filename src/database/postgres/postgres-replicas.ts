import { Logger, OnApplicationShutdown } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import type { Client, Notification } from 'pg';
import { withinTime } from '../../common/within-time';
import { type ReplicaListener, Replicas } from '../replicas';
import { PostgresLink } from './postgres-link';

/** First of the two numbers of advisory locks for jobs; it means nothing, but is nobody else's. */
const JOB_LOCKS = 5010;
/** What is being told when the process ends is waited for, but not longer. */
const LAST_WORDS_MS = 1_000;

/**
 * Replicas that share a PostgreSQL database: they tell each other by NOTIFY, and a job is kept by an advisory lock, which
 * ends with the connection of whoever has it.
 */
export class PostgresReplicas extends Replicas implements OnApplicationShutdown {
  private readonly logger = new Logger('Replicas');
  private readonly id = randomUUID();
  private readonly link: PostgresLink;
  private readonly listeners = new Map<string, ReplicaListener>();
  private listeningOn: Client | null = null;
  /** what is on its way to the others */
  private readonly telling = new Set<Promise<unknown>>();

  constructor(url: string) {
    super();
    this.link = new PostgresLink(url, { name: 'error-tracker replica', statementTimeoutMs: 4_000 });
    this.link.onChange(() => void this.listenAgain());
  }

  tell(topic: string, message: string): void {
    const told = this.query('SELECT pg_notify($1, $2)', [channelOf(topic), `${this.id} ${message}`])
      .catch((error: unknown) => this.logger.debug(`Other replicas were not told: ${String(error)}`))
      .finally(() => this.telling.delete(told));
    this.telling.add(told);
  }

  hear(topic: string, listener: ReplicaListener): void {
    this.listeners.set(channelOf(topic), listener);
    void this.listenAgain();
  }

  async onlyOne(job: string, work: () => Promise<unknown>): Promise<boolean> {
    const lock = [JOB_LOCKS, job];
    const { rows } = await this.query('SELECT pg_try_advisory_lock($1, hashtext($2)) AS locked', lock);
    if (!(rows[0] as { locked: boolean }).locked) return false;
    try {
      await work();
    } finally {
      // With the connection, the lock is gone already.
      await this.query('SELECT pg_advisory_unlock($1, hashtext($2))', lock).catch(() => undefined);
    }
    return true;
  }

  async onApplicationShutdown(): Promise<void> {
    // A command ends as soon as its work is done.
    await withinTime(LAST_WORDS_MS, Promise.all(this.telling)).catch(() => undefined);
    await this.link.close();
  }

  /** On each new connection; what was told before it was there is missed. */
  private async listenAgain(): Promise<void> {
    if (this.link.obstacle !== null || this.listeners.size === 0) return;
    try {
      const client = await this.link.getClient();
      const isNew = client !== this.listeningOn;
      if (isNew) client.on('notification', (notification) => this.onNotification(notification));
      const wasListening = this.listeningOn !== null;
      this.listeningOn = client;
      for (const channel of this.listeners.keys()) await this.query(`LISTEN ${channel}`);
      if (isNew && wasListening) for (const listener of this.listeners.values()) listener.onMissed();
    } catch (error) {
      // The next connection comes with another call.
      this.logger.debug(`Other replicas are not heard: ${String(error)}`);
    }
  }

  private onNotification({ channel, payload = '' }: Notification): void {
    const [sender, message] = [payload.slice(0, this.id.length), payload.slice(this.id.length + 1)];
    if (sender !== this.id) this.listeners.get(channel)?.onMessage(message);
  }

  private query(text: string, values: unknown[] = []) {
    return this.link.query({ text, values });
  }
}

/** A name without quotes: `error_tracker_errors`. */
function channelOf(topic: string): string {
  return `error_tracker_${topic}`;
}
