import { RefusedException } from '../../../common/refused-exception';

const MIB = 1024 * 1024;

/** @param what the ledger says was too large */
export function tooLarge(what: string, sentence: string): RefusedException {
  return new RefusedException(413, 'too-large', sentence, { detail: what });
}

export function bodyTooLarge(mostBytes: number): RefusedException {
  const most = mostBytes % MIB === 0 ? `${mostBytes / MIB} MiB` : `${mostBytes} bytes`;
  return tooLarge('body', `The body must be at most ${most}`);
}

export function brokenCompression(): RefusedException {
  return new RefusedException(400, 'compression', 'The compression of the body is broken');
}
