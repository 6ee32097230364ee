import { Injectable } from '@nestjs/common';
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { ArrivingBytes, DECODER_BYTES } from './arriving-bytes';
import { cutOff, isCutOff } from './cut-off';
import { RefusedException } from './refused-exception';

/** Reads the bodies of JSON requests, compressed with gzip or not, and never holds more than the limits. */
@Injectable()
export class BodyReader {
  constructor(private readonly arriving: ArrivingBytes) {}

  /**
   * Brotli is refused before any decoder sees it: Node 20's has a memory-safety bug that stays unfixed.
   * @param maxBytes the largest body, before and after decompression
   * @param isTextTaken whether `text/plain` is taken for JSON, too
   * @returns the text, without byte order mark; bytes that are no UTF-8 become U+FFFD
   * @throws 400 when the compression is broken, 413 when the body is too large, 415 for another type or encoding;
   *   UnavailableError when too much is arriving at once
   */
  async readJsonText(request: IncomingMessage, maxBytes: number, isTextTaken = false): Promise<string> {
    if (isCutOff(request)) throw cutOff();
    requireJson(request.headers['content-type'], isTextTaken);
    const gzipped = isGzip(request.headers['content-encoding']);
    if (Number(request.headers['content-length']) > maxBytes) throw tooLarge(maxBytes);
    const announced = Number(request.headers['content-length']) || 0;
    const body = gzipped
      ? await this.gunzip(request, maxBytes)
      : await this.collect(request, announced, maxBytes);
    const text = body.toString('utf8');
    return text.startsWith('\uFEFF') ? text.slice(1) : text;
  }

  private async gunzip(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
    const decoder = createGunzip();
    request.on('error', () => decoder.destroy());
    request.on('aborted', () => decoder.destroy());
    try {
      return await this.collect(request.pipe(decoder), DECODER_BYTES, maxBytes);
    } catch (error) {
      request.unpipe(decoder);
      if (isZlibError(error)) throw new RefusedException(400, 'compression', 'The body is not valid gzip');
      throw error;
    } finally {
      decoder.destroy();
      request.resume();
    }
  }

  /**
   * The stream flows on after a refusal: what is still sent is dropped, so that the client can read the answer.
   * @param announced length that is held from the start, so that of many at once the first are taken whole
   */
  private collect(stream: Readable, announced: number, maxBytes: number): Promise<Buffer> {
    this.arriving.hold(announced, announced);
    return new Promise((resolve, reject) => {
      const chunks: Buffer[] = [];
      let size = 0;
      let held = announced;
      let settled = false;
      const settle = (finish: () => void) => {
        if (settled) return;
        settled = true;
        this.arriving.release(held);
        finish();
        chunks.length = 0;
      };
      stream.on('data', (chunk: Buffer) => {
        if (settled) return;
        size += chunk.length;
        if (size > maxBytes) {
          settle(() => reject(tooLarge(maxBytes)));
          return;
        }
        const more = Math.max(0, size - held);
        const refusal = this.arriving.tryToHold(more, size);
        if (refusal) {
          settle(() => reject(refusal));
          return;
        }
        held += more;
        chunks.push(chunk);
      });
      stream.on('end', () =>
        settle(() => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks))),
      );
      stream.on('error', (error: NodeJS.ErrnoException) =>
        settle(() => reject(error.code === 'ECONNRESET' ? cutOff() : error)),
      );
      // An error costs a stack trace: only for a stream that really broke off.
      stream.on('close', () => settled || settle(() => reject(cutOff())));
    });
  }
}

function requireJson(contentType: string | undefined, isTextTaken: boolean): void {
  const [type = '', ...parameters] = (contentType ?? '').toLowerCase().split(';');
  if (type.trim() !== 'application/json' && !(isTextTaken && type.trim() === 'text/plain')) {
    throw new RefusedException(415, 'malformed', 'The Content-Type must be application/json');
  }
  const charset = parameters
    .map((parameter) => /^\s*charset\s*=\s*"?([^"]*?)"?\s*$/.exec(parameter)?.[1])
    .find(Boolean);
  if (charset && !['utf-8', 'utf8', 'us-ascii'].includes(charset)) {
    throw new RefusedException(415, 'malformed', 'The charset must be utf-8');
  }
}

function isGzip(contentEncoding: string | undefined): boolean {
  const encoding = contentEncoding?.trim().toLowerCase() ?? '';
  if (encoding === '' || encoding === 'identity') return false;
  if (encoding === 'gzip' || encoding === 'x-gzip') return true;
  throw new RefusedException(415, 'encoding', 'The Content-Encoding must be gzip or identity', {
    detail: encoding,
  });
}

function isZlibError(error: unknown): boolean {
  return String((error as NodeJS.ErrnoException).code).startsWith('Z_');
}

function tooLarge(maxBytes: number): RefusedException {
  const sentence = `The body must be at most ${maxBytes} bytes (${maxBytes / 1024} KiB)`;
  return new RefusedException(413, 'too-large', sentence, { detail: 'body' });
}
