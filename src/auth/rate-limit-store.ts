import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible';
import type { AppConfig } from '../config/app-config';
import { parseRedisUrl } from '../config/parse-redis-url';

export const WINDOW_SECONDS = 60;

/** Where requests are counted. */
export abstract class RateLimitStore {
  /**
   * Counts a request of a client.
   * @throws RateLimiterRes when it is one too many
   */
  abstract consume(client: string): Promise<RateLimiterRes>;
}

/** In memory, or with REDIS_URL in Redis; the client for Redis takes memory that a server without it never needs. */
export async function makeRateLimitStore(config: AppConfig): Promise<RateLimitStore> {
  const options = { points: config.rateLimitPerMinute, duration: WINDOW_SECONDS };
  const address = config.redisUrl === undefined ? null : parseRedisUrl(config.redisUrl);
  if (address === null || config.rateLimitPerMinute === 0) return new RateLimiterMemory(options);
  const { SharedCounts } = await import('./shared-counts');
  return new SharedCounts(address, options);
}
