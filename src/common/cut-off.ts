import { BadRequestException } from '@nestjs/common';
import type { Readable } from 'node:stream';

/**
 * Whether a body broke off, or its client left, before it was read to its end. Its events are past then: who only waits
 * for them waits for ever.
 */
export function isCutOff(body: Readable): boolean {
  return body.destroyed && !body.readableEnded;
}

export function cutOff(): BadRequestException {
  return new BadRequestException('The body ended before it was complete');
}
