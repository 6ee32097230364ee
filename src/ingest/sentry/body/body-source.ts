import type { IncomingMessage } from 'node:http';
import {
  createGunzip,
  createInflate,
  createInflateRaw,
  type Gunzip,
  gunzipSync,
  type Inflate,
} from 'node:zlib';
import { type ArrivingBytes, DECODER_BYTES } from '../../../common/arriving-bytes';
import { isCutOff } from '../../../common/cut-off';
import { RefusedException } from '../../../common/refused-exception';
import { bodyTooLarge, brokenCompression } from './body-refusals';
import { collectPieces, flowPieces, limited, type TakePiece } from './flow-pieces';
import { unpackBrotli } from './unpack-brotli';

type Encoding = 'identity' | 'gzip' | 'deflate' | 'br';
type Decoder = Gunzip | Inflate;

const MIB = 1024 * 1024;

/** What comes out of a body at most. */
const MOST_BYTES = 100 * MIB;
/** What goes over the wire at most; brotli is unpacked on this thread. */
const MOST_OVER_WIRE: Record<Encoding, number> = {
  identity: MOST_BYTES,
  gzip: 20 * MIB,
  deflate: 20 * MIB,
  br: MIB,
};
/** Beyond so much, what grows more than twentyfold is no report. A gigabyte of zeros is stopped here. */
const UNSUSPICIOUS_BYTES = 20 * MIB;
const LARGEST_RATIO = 20;
/** Small bodies are unpacked at once: a stream of its own takes four times as long. */
const SMALL_COMPRESSED_BYTES = 32 * 1024;
const SMALL_BYTES = 512 * 1024;
const IN_CHUNKS = { chunkSize: 64 * 1024 };
const LONGEST_SHOWN = 50;

/**
 * Passes a body on piece by piece, unpacked. What is still sent after a refusal is dropped, so that the client can read
 * the answer.
 * @param arriving counts what is held to unpack it
 * @throws what `take` throws; 400 when the body breaks off or its compression is broken, 413 when it is too large, 415
 *   for another encoding; UnavailableError when too much is arriving at once
 */
export async function readPieces(
  request: IncomingMessage,
  arriving: ArrivingBytes,
  take: TakePiece,
): Promise<void> {
  const encoding = readEncoding(request.headers['content-encoding']);
  const announced = Number(request.headers['content-length']);
  const most = MOST_OVER_WIRE[encoding];
  if (announced > most) throw bodyTooLarge(most);
  const flow = (takeAsSent: TakePiece) => flowPieces(request, takeAsSent);
  try {
    if (encoding === 'identity') await flow(limited(most, take));
    else if (encoding === 'br') await unpackBrotli(await collectPieces(arriving, most, flow), take);
    else if (encoding === 'gzip' && announced <= SMALL_COMPRESSED_BYTES)
      await unpackSmall(await collectPieces(arriving, most, flow), take);
    else await unpack(request, encoding, arriving, take);
  } finally {
    request.resume();
  }
}

/** Whether what a body begins with can be read before it is there in whole. */
export function showsItsStart({ headers }: IncomingMessage): boolean {
  return headers['content-encoding']?.trim().toLowerCase() !== 'br';
}

function readEncoding(contentEncoding: string | undefined): Encoding {
  const encoding = contentEncoding?.trim().toLowerCase() ?? '';
  // Some old clients write the charset here.
  if (encoding === '' || encoding === 'utf-8') return 'identity';
  if (encoding === 'x-gzip') return 'gzip';
  if (Object.hasOwn(MOST_OVER_WIRE, encoding)) return encoding as Encoding;
  const sentence = 'The Content-Encoding must be gzip, deflate, br or identity';
  throw new RefusedException(415, 'encoding', sentence, { detail: encoding.slice(0, LONGEST_SHOWN) });
}

async function unpackSmall(body: Buffer, take: TakePiece): Promise<void> {
  let unpacked: Buffer;
  try {
    unpacked = gunzipSync(body, { maxOutputLength: SMALL_BYTES });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_BUFFER_TOO_LARGE') throw brokenCompression();
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
  try {
    const decoder = encoding === 'gzip' ? createGunzip(IN_CHUNKS) : await createInflateFor(request);
    const stop = () => decoder.destroy();
    request.on('error', stop).on('close', () => request.readableEnded || stop());
    if (isCutOff(request)) stop();
    await passOn(request.pipe(decoder), take);
  } finally {
    arriving.release(DECODER_BYTES);
    request.unpipe();
  }
}

/** The name stands for two forms: which one it is, the first two bytes tell. */
async function createInflateFor(request: IncomingMessage): Promise<Decoder> {
  const [first = 0, second = 0] = await peek(request, 2);
  const isZlib = (first & 0x0f) === 8 && (first * 256 + second) % 31 === 0;
  return isZlib ? createInflate(IN_CHUNKS) : createInflateRaw(IN_CHUNKS);
}

/** @returns the first bytes, which stay in the stream; none when it ends before */
function peek(request: IncomingMessage, bytes: number): Promise<Buffer> {
  return new Promise((resolve) => {
    const finish = (head: Buffer) => {
      request.off('readable', look).off('close', giveUp).off('end', giveUp);
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
    if (isCutOff(request)) giveUp();
  });
}

async function passOn(decoder: Decoder, take: TakePiece): Promise<void> {
  let bytes = 0;
  try {
    await flowPieces(decoder, (piece) => {
      bytes += piece.length;
      const isBomb = bytes > UNSUSPICIOUS_BYTES && bytes > LARGEST_RATIO * decoder.bytesWritten;
      if (isBomb || bytes > MOST_BYTES) throw bodyTooLarge(isBomb ? UNSUSPICIOUS_BYTES : MOST_BYTES);
      if (decoder.bytesWritten > MOST_OVER_WIRE.gzip) throw bodyTooLarge(MOST_OVER_WIRE.gzip);
      return take(piece);
    });
  } finally {
    decoder.destroy();
  }
}
