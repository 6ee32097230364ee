import { BadRequestException, PayloadTooLargeException, UnsupportedMediaTypeException } from '@nestjs/common';
import type { IncomingMessage } from 'node:http';

import type { Readable } from 'node:stream';
import {
  createGunzip,
  createInflate,
  createInflateRaw,
  type Gunzip,
  gunzipSync,
  type Inflate,
} from 'node:zlib';
import { type ArrivingBytes, DECODER_BYTES } from '../../common/arriving-bytes';
import { unpackBrotli } from './unpack-brotli';

/** What goes over the wire at most when it is compressed, and what comes out of it at most. */
const MOST_COMPRESSED_BYTES = 20 * 1024 * 1024;
const MOST_BYTES = 100 * 1024 * 1024;
/** Beyond so much, what grows more than twentyfold is no report. A gigabyte of zeros is stopped here. */
const UNSUSPICIOUS_BYTES = 20 * 1024 * 1024;
const LARGEST_RATIO = 20;
/** Small bodies are unpacked at once: a stream of its own takes four times as long. */
const SMALL_COMPRESSED_BYTES = 32 * 1024;
const SMALL_BYTES = 512 * 1024;
/** Brotli is unpacked on this thread. */
const MOST_BROTLI_BYTES = 1024 * 1024;
const IN_CHUNKS = { chunkSize: 64 * 1024 };

type Encoding = 'identity' | 'gzip' | 'deflate' | 'br';
type Decoder = Gunzip | Inflate;

/** Gets the pieces of a body; when it returns a promise, the next one waits for it. */
export type TakePiece = (piece: Buffer) => Promise<void> | void;

/**
 * Passes a body on piece by piece, unpacked, and holds none of it. What is still sent after a refusal is dropped, so that
 * the client can read the answer.
 * @param arriving counts what is held to unpack it
 * @throws what `take` throws; UnavailableError when too much is arriving at once; 400 when the body breaks off or its compression is broken, 413 when it is too large,
 *   415 for another encoding
 */
export async function readPieces(
  request: IncomingMessage,
  arriving: ArrivingBytes,
  take: TakePiece,
): Promise<void> {
  const encoding = readEncoding(request.headers['content-encoding']);
  const announced = Number(request.headers['content-length']);
  const most = mostOverWire(encoding);
  if (announced > most) throw tooLarge(most);
  const isSmall = encoding === 'gzip' && announced <= SMALL_COMPRESSED_BYTES;
  try {
    if (encoding === 'identity') await flow(request, limited(most, take));
    else if (encoding === 'br') await unpackBrotli(await collect(request, arriving, most), take);
    else if (isSmall) await unpackSmall(await collect(request, arriving, most), take);
    else await unpack(request, encoding, arriving, take);
  } finally {
    request.resume();
  }
}

function mostOverWire(encoding: Encoding): number {
  if (encoding === 'br') return MOST_BROTLI_BYTES;
  return encoding === 'identity' ? MOST_BYTES : MOST_COMPRESSED_BYTES;
}

function readEncoding(contentEncoding: string | undefined): Encoding {
  const encoding = contentEncoding?.trim().toLowerCase() ?? '';
  // Some old clients write the charset here.
  if (encoding === '' || encoding === 'identity' || encoding === 'utf-8') return 'identity';
  if (encoding === 'gzip' || encoding === 'x-gzip') return 'gzip';
  if (encoding === 'deflate' || encoding === 'br') return encoding;
  throw new UnsupportedMediaTypeException('The Content-Encoding must be gzip, deflate, br or identity');
}

/** Hands the pieces of a stream on, one after the other. */
function flow(stream: Readable, take: TakePiece): Promise<void> {
  return new Promise((resolve, reject) => {
    let isSettled = false;
    const settle = (finish: () => void) => {
      if (isSettled) return;
      isSettled = true;
      finish();
    };
    const fail = (error: Error) => settle(() => reject(error));
    stream.on('data', (piece: Buffer) => {
      if (isSettled) return;
      try {
        const waiting = take(piece);
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
    stream.on('close', () => isSettled || fail(cutOff()));
  });
}

function limited(mostBytes: number, take: TakePiece): TakePiece {
  let bytes = 0;
  return (piece) => {
    bytes += piece.length;
    if (bytes > mostBytes) throw tooLarge(mostBytes);
    return take(piece);
  };
}

/** All of a body that is not large. */
async function collect(
  request: IncomingMessage,
  arriving: ArrivingBytes,
  mostBytes: number,
): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let held = 0;
  try {
    await flow(
      request,
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

async function unpackSmall(body: Buffer, take: TakePiece): Promise<void> {
  let unpacked: Buffer;
  try {
    unpacked = gunzipSync(body, { maxOutputLength: SMALL_BYTES });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_BUFFER_TOO_LARGE') throw toBodyError(error as Error);
    // Piece by piece it can be stopped wherever it becomes too much.
    const decoder = createGunzip(IN_CHUNKS);
    decoder.end(body);
    await passOn(decoder, take);
    return;
  }
  await take(unpacked);
}

async function unpack(
  request: IncomingMessage,
  encoding: 'gzip' | 'deflate',
  arriving: ArrivingBytes,
  take: TakePiece,
): Promise<void> {
  arriving.hold(DECODER_BYTES, DECODER_BYTES);
  const decoder = encoding === 'gzip' ? createGunzip(IN_CHUNKS) : await createInflateFor(request);
  const stop = () => decoder.destroy();
  request.on('error', stop).on('close', () => request.complete || stop());
  try {
    await passOn(request.pipe(decoder), take);
  } finally {
    arriving.release(DECODER_BYTES);
    request.unpipe(decoder);
  }
}

/** The name stands for two forms: which one it is, the first two bytes tell. */
async function createInflateFor(request: IncomingMessage): Promise<Decoder> {
  const [first = 0, second = 0] = await peek(request, 2);
  const isZlib = (first & 0x0f) === 8 && (first * 256 + second) % 31 === 0;
  return isZlib ? createInflate(IN_CHUNKS) : createInflateRaw(IN_CHUNKS);
}

/** @returns the first bytes, which stay in the stream; fewer when it ends before */
function peek(request: IncomingMessage, bytes: number): Promise<Buffer> {
  return new Promise((resolve) => {
    const finish = (head: Buffer) => {
      request.off('readable', look).off('close', giveUp);
      resolve(head);
    };
    const look = () => {
      const head = request.read(bytes) as Buffer | null;
      if (head === null) return;
      request.unshift(head);
      finish(head);
    };
    const giveUp = () => finish(Buffer.alloc(0));
    request.on('readable', look).on('close', giveUp).on('end', giveUp);
  });
}

async function passOn(decoder: Decoder, take: TakePiece): Promise<void> {
  let bytes = 0;
  try {
    await flow(decoder, (piece) => {
      bytes += piece.length;
      const isBomb = bytes > UNSUSPICIOUS_BYTES && bytes > LARGEST_RATIO * decoder.bytesWritten;
      if (isBomb || bytes > MOST_BYTES) throw tooLarge(isBomb ? UNSUSPICIOUS_BYTES : MOST_BYTES);
      if (decoder.bytesWritten > MOST_COMPRESSED_BYTES) throw tooLarge(MOST_COMPRESSED_BYTES);
      return take(piece);
    });
  } finally {
    decoder.destroy();
  }
}

function toBodyError(error: NodeJS.ErrnoException): Error {
  if (error.code === 'ECONNRESET') return cutOff();
  if (!String(error.code).startsWith('Z_')) return error;
  return new BadRequestException('The compression of the body is broken');
}

function cutOff(): BadRequestException {
  return new BadRequestException('The body ended before it was complete');
}

function tooLarge(mostBytes: number): PayloadTooLargeException {
  return new PayloadTooLargeException(`The body must be at most ${mostBytes / 1024 / 1024} MiB`);
}
