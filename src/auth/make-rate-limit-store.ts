import type { AppConfig } from '../config/app-config';
import { parseRedisUrl } from '../config/parse-redis-url';
import { OwnCounts, type RateLimitStore, WINDOW_SECONDS } from './rate-limit-store';

/** In memory, or with REDIS_URL in Redis; the client for Redis takes memory that a server without it never needs. */
export async function makeRateLimitStore(config: AppConfig): Promise<RateLimitStore> {
  const options = { points: config.rateLimitPerMinute, duration: WINDOW_SECONDS };
  const address = config.redisUrl === undefined ? null : parseRedisUrl(config.redisUrl);
  if (address === null) return new OwnCounts(options);
  const { SharedCounts } = await import('./shared-counts');
  return new SharedCounts(address, options);
}
