import { Injectable, UnauthorizedException } from '@nestjs/common';
import { hash, timingSafeEqual } from 'node:crypto';
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
   * @throws UnauthorizedException when it is missing or wrong
   */
  check(given: string | string[] | undefined): void {
    if (given === undefined || given === '')
      throw new UnauthorizedException('The X-API-Key header is missing');
    if (typeof given !== 'string' || !timingSafeEqual(digestOf(given), this.digest)) {
      throw new UnauthorizedException('The key in the X-API-Key header is wrong');
    }
  }
}

function digestOf(text: string): Buffer {
  return hash('sha256', text, 'buffer');
}
