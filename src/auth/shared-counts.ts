import { Logger, OnApplicationShutdown, OnModuleInit } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { withinTime } from '../common/within-time';
import type { RedisAddress } from '../config/parse-redis-url';
import { connectToRedis } from './connect-to-redis';
import { type CountOptions, RateLimitStore } from './rate-limit-store';

const KEY_PREFIX = 'error-tracker:rate';
/** Counted whenever a connection is new, to see that Redis counts; no client is called so. */
const TRIAL_CLIENT = 'trial';
/** Redis that is there has answered by then, so that the first requests are shared too. */
const START_WAIT_MS = 300;

/**
 * Counts requests in Redis, together with all other replicas, and in memory while Redis cannot be used.
 *
 * States: *away* (from the start, and after any failure), *trying* (connected, one count on its way as a trial), *shared*
 * and, for good, *closed*. Only while *shared* does a request wait for Redis: up to the time limit of one count, and the
 * first failure ends the state, so that an outage holds up none but those that were under way when it began.
 *
 * The library's own `insuranceLimiter` would ask Redis again for each request, and keep to itself why it failed.
 */
export class SharedCounts extends RateLimitStore implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger('RateLimit');
  private readonly redis: Redis;
  private readonly shared: RateLimiterRedis;
  private readonly own: RateLimiterMemory;
  private state: 'away' | 'trying' | 'shared' | 'closed' = 'away';
  private isLossTold = false;
  private isStarted = false;
  private onSettled = () => {};

  constructor(
    private readonly address: RedisAddress,
    private readonly options: CountOptions,
  ) {
    super();
    this.redis = connectToRedis(address);
    this.shared = new RateLimiterRedis({ ...options, storeClient: this.redis, keyPrefix: KEY_PREFIX });
    this.own = new RateLimiterMemory(options);
    this.redis.on('ready', () => void this.try());
    this.redis.on('error', (error) => this.lose(error));
    this.redis.on('close', () => this.lose(new Error('the connection was closed')));
  }

  /** Waits a moment for Redis, but starts without it. Where addresses have no limit, there may be nothing to count. */
  async onModuleInit(): Promise<void> {
    if (this.options.points > 0) await this.start();
  }

  private async start(): Promise<void> {
    this.isStarted = true;
    const settled = new Promise<void>((resolve) => (this.onSettled = resolve));
    // Failures come as events, those of later attempts too.
    this.redis.connect().catch(() => undefined);
    await withinTime(START_WAIT_MS, settled).catch(() => undefined);
  }

  onApplicationShutdown(): void {
    this.state = 'closed';
    this.redis.disconnect();
  }

  consume(client: string): Promise<RateLimiterRes> {
    return this.count((limiter) => limiter.consume(client));
  }

  async add(name: string): Promise<RateLimiterRes> {
    if (!this.isStarted) await this.start();
    return this.count((limiter) => limiter.penalty(name));
  }

  private async count(
    countIn: (limiter: RateLimiterRedis | RateLimiterMemory) => Promise<RateLimiterRes>,
  ): Promise<RateLimiterRes> {
    if (this.state !== 'shared') return countIn(this.own);
    try {
      return await countIn(this.shared);
    } catch (failure) {
      if (failure instanceof RateLimiterRes) throw failure;
      this.lose(failure);
      return countIn(this.own);
    }
  }

  private async try(): Promise<void> {
    if (this.state === 'closed') return;
    this.state = 'trying';
    try {
      await this.shared.penalty(TRIAL_CLIENT);
      this.share();
    } catch (failure) {
      this.lose(failure);
    }
  }

  private share(): void {
    // What the connection was set up with may have failed meanwhile, such as choosing the database.
    if (this.state !== 'trying') return;
    this.state = 'shared';
    this.isLossTold = false;
    this.logger.log(`Rate limits are shared by all replicas: Redis at ${this.place} counts`);
    this.onSettled();
  }

  private lose(cause: unknown): void {
    if (this.state === 'closed') return;
    this.state = 'away';
    // A server that answers, but does not count, is tried again with a new connection.
    if (this.redis.status === 'ready') this.redis.disconnect(true);
    if (!this.isLossTold) {
      this.logger.warn(
        `Rate limits are counted per replica: Redis at ${this.place} cannot be used (${describe(cause)})`,
      );
    }
    this.isLossTold = true;
    this.onSettled();
  }

  private get place(): string {
    const { host, port } = this.address;
    return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
  }
}

/** Of what Redis answers only the first word: some answers repeat the command, and a login has the password in it. */
function describe(cause: unknown): string {
  const { name, code, message } = cause as NodeJS.ErrnoException;
  return name === 'ReplyError' ? message.replace(/ .*/s, '') : (code ?? message);
}
