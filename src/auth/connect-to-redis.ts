import { Redis } from 'ioredis';
import type { RedisAddress } from '../config/parse-redis-url';

/** Redis answers in well under a millisecond; a pause of this process must not look like silence. */
const ANSWER_TIMEOUT_MS = 250;
const CONNECT_TIMEOUT_MS = 5_000;
/** A server that does not answer does not take part in closing a connection either. */
const CLOSE_TIMEOUT_MS = 200;
const FIRST_RETRY_MS = 200;
const LONGEST_RETRY_MS = 30_000;
/** A connection that held for so long was a good one: the next loss is tried again soon. */
const STEADY_MS = 60_000;

/**
 * A client that refuses at once while it is not connected, keeps nothing for later, and connects again by itself, from
 * one failure to the next after twice the time. It connects first when `connect` is called.
 */
export function connectToRedis({ host, port, username, password, database, tls }: RedisAddress): Redis {
  let failures = 0;
  let readyAt = Infinity;
  const redis = new Redis({
    host,
    port,
    username,
    password,
    db: database,
    ...(tls && { tls: {} }),
    lazyConnect: true,
    commandTimeout: ANSWER_TIMEOUT_MS,
    connectTimeout: CONNECT_TIMEOUT_MS,
    disconnectTimeout: CLOSE_TIMEOUT_MS,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    // It would ask for INFO, which a user may not be allowed to, and which tells less than a trial.
    enableReadyCheck: false,
    disableClientInfo: true,
    retryStrategy: () => {
      if (performance.now() - readyAt > STEADY_MS) failures = 0;
      readyAt = Infinity;
      return Math.min(FIRST_RETRY_MS * 2 ** failures++, LONGEST_RETRY_MS);
    },
  });
  redis.on('ready', () => (readyAt = performance.now()));
  return redis;
}
