import type { Readable } from 'node:stream';
import type { ArrivingBytes } from '../../../common/arriving-bytes';
import { cutOff, isCutOff } from '../../../common/cut-off';
import { bodyTooLarge, brokenCompression } from './body-refusals';

/** Gets the pieces of a body; when it returns a promise, the next one waits for it. */
export type TakePiece = (piece: Buffer) => Promise<void> | void;

/**
 * Hands the pieces of a stream on, one after the other, and holds none of them. After it has failed the stream is left
 * as it is.
 * @throws what `take` throws; 400 when the stream breaks off or what unpacks it finds it broken
 */
export function flowPieces(stream: Readable, take: TakePiece): Promise<void> {
  // The stream outlives what it is read for: its listeners may hold this, and not the parameter.
  let taker: TakePiece | null = take;
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void) => {
      if (taker === null) return;
      taker = null;
      finish();
    };
    const fail = (error: Error) => settle(() => reject(error));
    if (isCutOff(stream)) {
      fail(cutOff());
      return;
    }
    stream.on('data', (piece: Buffer) => {
      if (taker === null) return;
      try {
        const waiting = taker(piece);
        if (!waiting) return;
        stream.pause();
        waiting.then(() => stream.resume(), fail);
      } catch (error) {
        fail(error as Error);
      }
    });
    stream.on('end', () => settle(resolve));
    stream.on('error', (error: NodeJS.ErrnoException) => fail(toBodyError(error)));
    // An error costs a stack trace: only for a stream that really broke off.
    stream.on('close', () => taker === null || fail(cutOff()));
  });
}

/** Passes pieces on until there are too many bytes in them. */
export function limited(mostBytes: number, take: TakePiece): TakePiece {
  let bytes = 0;
  return (piece) => {
    bytes += piece.length;
    if (bytes > mostBytes) throw bodyTooLarge(mostBytes);
    return take(piece);
  };
}

/**
 * All that a source of pieces gives, counted as arriving while it does.
 * @param flow starts it with what takes the pieces
 */
export async function collectPieces(
  arriving: ArrivingBytes,
  mostBytes: number,
  flow: (take: TakePiece) => Promise<void>,
): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let held = 0;
  try {
    await flow(
      limited(mostBytes, (piece) => {
        arriving.hold(piece.length, held + piece.length);
        held += piece.length;
        pieces.push(piece);
      }),
    );
    return Buffer.concat(pieces);
  } finally {
    arriving.release(held);
  }
}

function toBodyError(error: NodeJS.ErrnoException): Error {
  if (error.code === 'ECONNRESET') return cutOff();
  return String(error.code).startsWith('Z_') ? brokenCompression() : error;
}
