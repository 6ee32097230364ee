import { setImmediate as nextTurn } from 'node:timers/promises';
import { bodyTooLarge, brokenCompression } from './body-refusals';
import type { TakePiece } from './flow-pieces';

/** What comes out of it at most, at 3 ms a megabyte of this thread's time; others have their turn after each piece. */
const MOST_BYTES = 8 * 1024 * 1024;
const PIECE_BYTES = 64 * 1024;
const ENDS = 1;
const NEEDS_INPUT = 2;
/** Beyond the standard there is a form with windows of up to a gigabyte, which the decoder would allocate. */
const LARGE_WINDOW = 0x11;
const LOW_SEVEN_BITS = 0x7f;

/**
 * Unpacks a body with a decoder in WebAssembly: that of Node 20 has a memory-safety bug that stays unfixed. Its library
 * is loaded by the first such body.
 * @param take gets what comes out, piece by piece
 * @throws RefusedException 400 when it is broken, 413 when too much comes out
 */
export async function unpackBrotli(body: Buffer, take: TakePiece): Promise<void> {
  if (((body[0] ?? 0) & LOW_SEVEN_BITS) === LARGE_WINDOW) throw brokenCompression();
  const { DecompressStream } = await import('brotli-wasm');
  const decoder = new DecompressStream();
  try {
    let left = body;
    for (let bytes = 0; ;) {
      const result = decompress(decoder, left);
      left = left.subarray(result.input_offset);
      bytes += result.buf.length;
      if (bytes > MOST_BYTES) throw bodyTooLarge(MOST_BYTES);
      await take(Buffer.from(result.buf));
      await nextTurn();
      if (result.code === ENDS) return;
      if (result.code === NEEDS_INPUT && left.length === 0) throw brokenCompression();
    }
  } finally {
    decoder.free();
  }
}

function decompress(decoder: Pick<import('brotli-wasm').DecompressStream, 'decompress'>, input: Buffer) {
  try {
    return decoder.decompress(input, PIECE_BYTES);
  } catch {
    throw brokenCompression();
  }
}
