import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible';

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
export class OwnCounts extends RateLimitStore {
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
