import { Injectable } from '@nestjs/common';
import { normalizeIp, ThrottlerStorageService } from '@nestjs/throttler';
import type { IncomingMessage } from 'node:http';
import proxyAddr from 'proxy-addr';
import { AppConfig } from '../config/app-config';

const WINDOW_MS = 60_000;

/** How one request stands against the limit. */
export interface RateLimitState {
  exceeded: boolean;
  /** when exceeded: seconds until the next request may pass */
  retryAfter: number;
  /** headers for the answer */
  headers: Record<string, string>;
}

/** Counts requests a minute and client address. */
@Injectable()
export class RateLimiter {
  private readonly limit: number;
  private readonly trustedHops: number;

  constructor(
    config: AppConfig,
    private readonly hits: ThrottlerStorageService,
  ) {
    this.limit = config.rateLimitPerMinute;
    this.trustedHops = config.trustProxy;
  }

  /** Counts a request, or returns null when there is no limit. */
  async count(request: IncomingMessage): Promise<RateLimitState | null> {
    if (this.limit === 0) return null;
    const { totalHits, timeToExpire, isBlocked, timeToBlockExpire } = await this.hits.increment(
      this.clientOf(request),
      WINDOW_MS,
      this.limit,
      0,
      'minute',
    );
    const retryAfter = Math.max(1, timeToBlockExpire);
    const headers: Record<string, string> = {
      'X-RateLimit-Limit': String(this.limit),
      'X-RateLimit-Remaining': String(Math.max(0, this.limit - totalHits)),
      'X-RateLimit-Reset': String(isBlocked ? retryAfter : timeToExpire),
    };
    if (isBlocked) headers['Retry-After'] = String(retryAfter);
    return { exceeded: isBlocked, retryAfter, headers };
  }

  /** One client: an IPv4 address, or the /64 network that one IPv6 subscriber has to itself. */
  private clientOf(request: IncomingMessage): string {
    return normalizeIp(proxyAddr(request, (_address, hop) => hop < this.trustedHops));
  }

  /** The sentence for the client that asked too often. */
  describe(state: RateLimitState): string {
    return `Too many requests: at most ${this.limit} a minute from one address; try again in ${state.retryAfter} seconds`;
  }
}
