import { Injectable } from '@nestjs/common';
import ipaddr from 'ipaddr.js';
import type { IncomingMessage } from 'node:http';
import proxyAddr from 'proxy-addr';
import { RateLimiterRes } from 'rate-limiter-flexible';
import { AppConfig } from '../config/app-config';
import { RateLimitStore, WINDOW_SECONDS } from './rate-limit-store';

/** How one request stands against the limit. */
export interface RateLimitState {
  /** the sentence for a client that asked too often; null for one that did not */
  exceeded: string | null;
  /** for the answer */
  headers: Record<string, string>;
  /** how many more it may be */
  remaining: number;
}

/** Counts requests a minute and client, or ingest key: a minute begins with the first request and then starts anew. */
@Injectable()
export class RateLimiter {
  private readonly limit: number;
  private readonly trustedHops: number;

  constructor(
    config: AppConfig,
    private readonly store: RateLimitStore,
  ) {
    this.limit = config.rateLimitPerMinute;
    this.trustedHops = config.trustProxy;
  }

  get isOff(): boolean {
    return this.limit === 0;
  }

  /** Counts a request of an address. */
  async count(request: IncomingMessage): Promise<RateLimitState> {
    try {
      const { remainingPoints, msBeforeNext } = await this.store.consume(this.clientOf(request));
      return toState(this.limit, remainingPoints, msBeforeNext, null);
    } catch (refused) {
      if (!(refused instanceof RateLimiterRes)) throw refused;
      return toState(this.limit, 0, refused.msBeforeNext, 'from one address');
    }
  }

  /**
   * Counts a request with an ingest key, whatever address it comes from.
   * @param limit requests a minute
   */
  async countKey(id: number, limit: number): Promise<RateLimitState> {
    const { consumedPoints, msBeforeNext } = await this.store.add(`ingest-key-${id}`);
    const isExceeded = consumedPoints > limit;
    return toState(limit, limit - consumedPoints, msBeforeNext, isExceeded ? 'with this ingest key' : null);
  }

  private clientOf(request: IncomingMessage): string {
    // A connection that was reset meanwhile has no address any more, whatever the types say.
    const address = proxyAddr(request, (_address, hop) => hop < this.trustedHops) as string | undefined;
    return networkOf(withoutPort(address ?? ''));
  }
}

/** @param exceededBy what has asked too often */
function toState(
  limit: number,
  left: number,
  msBeforeNext: number,
  exceededBy: string | null,
): RateLimitState {
  // A clock that was set back would promise longer than a minute.
  const seconds = Math.min(WINDOW_SECONDS, Math.max(1, Math.ceil(msBeforeNext / 1000)));
  const remaining = Math.max(0, left);
  const headers: Record<string, string> = {
    'X-RateLimit-Limit': String(limit),
    'X-RateLimit-Remaining': String(remaining),
    'X-RateLimit-Reset': String(seconds),
  };
  if (exceededBy === null) return { exceeded: null, headers, remaining };
  headers['Retry-After'] = String(seconds);
  const exceeded = `Too many requests: at most ${limit} a minute ${exceededBy}; try again in ${seconds} seconds`;
  return { exceeded, headers, remaining };
}

/** Some proxies write the client's port too: `192.0.2.1:5678`, `[2001:db8::1]:5678`. */
function withoutPort(address: string): string {
  return (
    /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(address)?.[1] ?? /^\[([^\]]*)\](?::\d+)?$/.exec(address)?.[1] ?? address
  );
}

/** An IPv4 address, or the /64 network that one IPv6 subscriber has to itself; text that is neither stays as it is. */
function networkOf(address: string): string {
  if (!address.includes(':') || !ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address);
  if (parsed instanceof ipaddr.IPv4) return parsed.toString();
  return parsed.parts
    .slice(0, 4)
    .map((part) => part.toString(16))
    .join(':');
}
