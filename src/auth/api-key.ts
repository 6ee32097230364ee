import { Injectable, UnauthorizedException } from '@nestjs/common';
import { hash, timingSafeEqual } from 'node:crypto';
import { RefusedException } from '../common/refused-exception';
import { AppConfig } from '../config/app-config';

/** Knows the API key, as a digest. */
@Injectable()
export class ApiKey {
  private readonly digest: Buffer;

  constructor(config: AppConfig) {
    this.digest = digestOf(config.apiKey);
  }

  /**
   * Digests are compared in constant time, so that the time of the answer tells nothing about the key.
   * @param given value of the `X-API-Key` header
   * @throws RefusedException 401 when it is missing or wrong
   */
  check(given: string | string[] | undefined): void {
    if (given === undefined || given === '')
      throw new RefusedException(401, 'no-key', 'The X-API-Key header is missing');
    if (typeof given !== 'string' || !this.isRight(given))
      throw new RefusedException(401, 'wrong-api-key', 'The key in the X-API-Key header is wrong');
  }

  /**
   * The same for a key that comes as `Bearer …`.
   * @param given value of the `Authorization` header
   * @throws UnauthorizedException when it is missing or wrong
   */
  checkBearer(given: string | undefined): void {
    const key = /^Bearer +(\S+)$/i.exec(given ?? '')?.[1];
    if (key === undefined)
      throw new UnauthorizedException('The key is missing: send X-API-Key, or Authorization with Bearer');
    if (!this.isRight(key)) throw new UnauthorizedException('The key in the Authorization header is wrong');
  }

  private isRight(key: string): boolean {
    return timingSafeEqual(digestOf(key), this.digest);
  }
}

function digestOf(text: string): Buffer {
  return hash('sha256', text, 'buffer');
}
