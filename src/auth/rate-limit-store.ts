import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible';
import type { AppConfig } from '../config/app-config';
import { parseRedisUrl } from '../config/parse-redis-url';

export const WINDOW_SECONDS = 60;

/** How clients are counted: the points are the limit of an address. */
export interface CountOptions {
  points: number;
  duration: number;
}

/** Where requests are counted. */
export abstract class RateLimitStore {
  /**
   * Counts a request of an address.
   * @throws RateLimiterRes when it is one too many
   */
  abstract consume(client: string): Promise<RateLimiterRes>;

  /**
   * Counts a request of somebody whose limit is another one.
   * @param name that no address has
   */
  abstract add(name: string): Promise<RateLimiterRes>;
}

/** Counts in the memory of this process. */
class OwnCounts extends RateLimitStore {
  private readonly limiter: RateLimiterMemory;

  constructor(options: CountOptions) {
    super();
    this.limiter = new RateLimiterMemory(options);
  }

  consume(client: string): Promise<RateLimiterRes> {
    return this.limiter.consume(client);
  }

  add(name: string): Promise<RateLimiterRes> {
    return this.limiter.penalty(name);
  }
}

/** In memory, or with REDIS_URL in Redis; the client for Redis takes memory that a server without it never needs. */
export async function makeRateLimitStore(config: AppConfig): Promise<RateLimitStore> {
  const options = { points: config.rateLimitPerMinute, duration: WINDOW_SECONDS };
  const address = config.redisUrl === undefined ? null : parseRedisUrl(config.redisUrl);
  if (address === null) return new OwnCounts(options);
  const { SharedCounts } = await import('./shared-counts');
  return new SharedCounts(address, options);
}
