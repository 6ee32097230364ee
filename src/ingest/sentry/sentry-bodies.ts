import { BadRequestException, HttpException, Injectable, PayloadTooLargeException } from '@nestjs/common';
import type { IncomingMessage } from 'node:http';
import { inflateSync } from 'node:zlib';
import { ArrivingBytes } from '../../common/arriving-bytes';
import { readPieces } from './body-source';
import { type EnvelopeHeader, type EnvelopeItem, EnvelopeReader } from './envelope-reader';
import type { SentryRoute } from './sentry-path';

/** What came in a request. */
export interface SentryBody {
  /** null for what is no envelope */
  header: EnvelopeHeader | null;
  items: readonly EnvelopeItem[];
  /** how many items of each type were left out */
  leftOut: ReadonlyMap<string, number>;
  /** why what came after the event was not read; null when all was */
  brokenOff: string | null;
}

type AdmitHeader = (header: EnvelopeHeader) => Promise<void>;

const LARGEST_EVENT = 1024 * 1024;
/** Base64 makes four of three. */
const LARGEST_STORE_BODY = (LARGEST_EVENT / 3) * 4 + 4;
const LARGEST_SECURITY_BODY = 64 * 1024;
const OPENING_BRACE = 0x7b;

/** Reads the bodies of Sentry's routes, whatever their Content-Type: many clients send a wrong one, or none. */
@Injectable()
export class SentryBodies {
  constructor(private readonly arriving: ArrivingBytes) {}

  /**
   * @param admit for an envelope that has its key within: is asked as soon as its header is there, before the rest
   * @throws HttpException for what cannot be read, and what `admit` throws; UnavailableError when too much is arriving
   */
  async read(route: SentryRoute, request: IncomingMessage, admit: AdmitHeader | null): Promise<SentryBody> {
    if (route === 'security') {
      return asItem('raw_security', await this.collect(request, LARGEST_SECURITY_BODY));
    }
    if (route === 'envelope' || isEnvelope(request)) return this.readEnvelope(request, admit);
    return asItem('event', decodeStored(await this.collect(request, LARGEST_STORE_BODY)));
  }

  private async readEnvelope(request: IncomingMessage, admit: AdmitHeader | null): Promise<SentryBody> {
    const reader = new EnvelopeReader();
    let asked = admit === null;
    let held = 0;
    let brokenOff: string | null = null;
    try {
      await readPieces(request, this.arriving, (piece) => {
        reader.push(piece);
        if (reader.heldBytes > held) this.arriving.hold(reader.heldBytes - held, reader.heldBytes);
        else this.arriving.release(held - reader.heldBytes);
        held = reader.heldBytes;
        if (asked || reader.header === null) return undefined;
        asked = true;
        return admit?.(reader.header);
      });
      reader.end();
      if (!asked && reader.header) await admit?.(reader.header);
    } catch (error) {
      // An event that is there in whole is kept, however large what comes with it.
      if (!(error instanceof PayloadTooLargeException) || !reader.hasEvent || !asked) throw error;
      brokenOff = error.message;
    } finally {
      this.arriving.release(held);
    }
    return { header: reader.header, items: reader.items, leftOut: reader.leftOut, brokenOff };
  }

  private async collect(request: IncomingMessage, mostBytes: number): Promise<Buffer> {
    const pieces: Buffer[] = [];
    let held = 0;
    try {
      await readPieces(request, this.arriving, (piece) => {
        if (held + piece.length > mostBytes) {
          throw new PayloadTooLargeException(`The body must be at most ${Math.floor(mostBytes)} bytes`);
        }
        this.arriving.hold(piece.length, held + piece.length);
        held += piece.length;
        pieces.push(piece);
      });
      return Buffer.concat(pieces);
    } finally {
      this.arriving.release(held);
    }
  }
}

function asItem(type: string, bytes: Buffer): SentryBody {
  const payload = bytes.toString('utf8');
  if (payload.trim() === '') throw new BadRequestException('The body is empty');
  return { header: null, items: [{ type, payload }], leftOut: new Map(), brokenOff: null };
}

function isEnvelope({ headers }: IncomingMessage): boolean {
  return headers['content-type']?.toLowerCase().startsWith('application/x-sentry-envelope') ?? false;
}

/** JSON, or base64 of JSON, or base64 of JSON that is packed with zlib. */
function decodeStored(body: Buffer): Buffer {
  const start = body.subarray(0, 100).toString('latin1').trimStart();
  if (start === '' || start.startsWith('{')) return requireSize(body);
  const decoded = Buffer.from(body.toString('latin1'), 'base64');
  if (decoded[0] === OPENING_BRACE) return requireSize(decoded);
  try {
    return inflateSync(decoded, { maxOutputLength: LARGEST_EVENT });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge();
    throw new BadRequestException('The body is neither JSON nor base64 of JSON, packed with zlib or not');
  }
}

function requireSize(event: Buffer): Buffer {
  if (event.length > LARGEST_EVENT) throw tooLarge();
  return event;
}

function tooLarge(): HttpException {
  return new PayloadTooLargeException(`The event must be at most ${LARGEST_EVENT} bytes`);
}
