import { HttpException, Injectable } from '@nestjs/common';
import type { IncomingMessage } from 'node:http';
import { ApiKey } from './api-key';
import { RateLimiter } from './rate-limiter';

/** What every request has to pass that is not public. */
@Injectable()
export class Access {
  constructor(
    private readonly limiter: RateLimiter,
    private readonly apiKey: ApiKey,
  ) {}

  /**
   * Counts the request before it looks at the key, so that guessing keys is limited too.
   * @param setHeaders gets the rate-limit headers, which belong to every answer
   * @param acceptsBearer whether the key may also come as `Authorization: Bearer …`
   * @throws HttpException 429 over the limit, 401 without the right key
   */
  async admit(
    request: IncomingMessage,
    setHeaders: (headers: Record<string, string>) => void,
    acceptsBearer = false,
  ): Promise<void> {
    const state = this.limiter.isOff ? null : await this.limiter.count(request);
    if (state) setHeaders(state.headers);
    if (state?.exceeded) throw new HttpException(state.exceeded, 429);
    const { 'x-api-key': key, authorization } = request.headers;
    if (acceptsBearer && key === undefined) this.apiKey.checkBearer(authorization);
    else this.apiKey.check(key);
  }
}
