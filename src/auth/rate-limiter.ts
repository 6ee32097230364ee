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
}

/** Counts requests a minute and client: a minute begins with the first request and then starts anew. */
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

  /** Counts a request. */
  async count(request: IncomingMessage): Promise<RateLimitState> {
    try {
      return this.toState(await this.store.consume(this.clientOf(request)), false);
    } catch (refused) {
      if (refused instanceof RateLimiterRes) return this.toState(refused, true);
      throw refused;
    }
  }

  private toState({ remainingPoints, msBeforeNext }: RateLimiterRes, exceeded: boolean): RateLimitState {
    // A clock that was set back would promise longer than a minute.
    const seconds = Math.min(WINDOW_SECONDS, Math.max(1, Math.ceil(msBeforeNext / 1000)));
    const headers: Record<string, string> = {
      'X-RateLimit-Limit': String(this.limit),
      'X-RateLimit-Remaining': String(Math.max(0, remainingPoints)),
      'X-RateLimit-Reset': String(seconds),
    };
    if (!exceeded) return { exceeded: null, headers };
    headers['Retry-After'] = String(seconds);
    const sentence = `Too many requests: at most ${this.limit} a minute from one address; try again in ${seconds} seconds`;
    return { exceeded: sentence, headers };
  }

  private clientOf(request: IncomingMessage): string {
    // A connection that was reset meanwhile has no address any more, whatever the types say.
    const address = proxyAddr(request, (_address, hop) => hop < this.trustedHops) as string | undefined;
    return networkOf(withoutPort(address ?? ''));
  }
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
