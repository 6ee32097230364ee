import { BadRequestException, Injectable } from '@nestjs/common';
import type { IncomingMessage } from 'node:http';
import { inflateSync } from 'node:zlib';
import { ArrivingBytes } from '../../../common/arriving-bytes';
import { RefusedException } from '../../../common/refused-exception';
import { tooLarge } from './body-refusals';
import { readPieces } from './body-source';
import type { EnvelopeHeader } from './envelope-header';
import { EnvelopeReader } from './envelope-reader';
import { collectPieces } from './flow-pieces';
import type { EnvelopeItem } from './kept-items';
import type { SentryRoute } from '../sentry-path';

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

/** Is asked as soon as the header of an envelope is there, before the rest is read. */
type AdmitHeader = (header: EnvelopeHeader) => Promise<void> | void;

const LARGEST_EVENT = 1024 * 1024;
/** Base64 makes four of three. */
const LARGEST_STORE_BODY = Math.ceil(LARGEST_EVENT / 3) * 4;
const LARGEST_SECURITY_BODY = 64 * 1024;
/** Of bodies that arrive without a key in front, all together. */
const MOST_OF_STRANGERS = 4 * 1024 * 1024;
const OPENING_BRACE = 0x7b;

/** Reads the bodies of Sentry's routes, whatever their Content-Type: many clients send a wrong one, or none. */
@Injectable()
export class SentryBodies {
  /** Of those who have not shown a key: they shall not take the room of those who have. */
  private readonly ofStrangers = new ArrivingBytes(MOST_OF_STRANGERS);

  constructor(private readonly ofClients: ArrivingBytes) {}

  /**
   * @param isStranger whether the key, if there is one, is within
   * @param admit for envelopes, which may have their key within
   * @throws HttpException for what cannot be read, and what `admit` throws; UnavailableError when too much is arriving
   */
  async read(
    route: SentryRoute,
    request: IncomingMessage,
    isStranger: boolean,
    admit: AdmitHeader,
  ): Promise<SentryBody> {
    if (route === 'security') {
      return asItem('raw_security', await this.collect(request, LARGEST_SECURITY_BODY));
    }
    if (route === 'envelope' || isEnvelope(request)) {
      return this.readEnvelope(request, isStranger ? this.ofStrangers : this.ofClients, admit);
    }
    return asItem('event', decodeStored(await this.collect(request, LARGEST_STORE_BODY)));
  }

  /**
   * Reads an envelope that is small.
   * @throws HttpException when it is larger than that, or none
   */
  async readSmall(request: IncomingMessage, mostBytes: number): Promise<SentryBody> {
    const reader = new EnvelopeReader();
    reader.push(await this.collect(request, mostBytes));
    reader.end();
    return toBody(reader, null);
  }

  private async readEnvelope(
    request: IncomingMessage,
    arriving: ArrivingBytes,
    admit: AdmitHeader,
  ): Promise<SentryBody> {
    const reader = new EnvelopeReader();
    const state = { isAsked: false, held: 0 };
    const ask = ({ header }: EnvelopeReader) => {
      if (state.isAsked || header === null) return undefined;
      state.isAsked = true;
      return admit(header);
    };
    let brokenOff: string | null = null;
    try {
      await readPieces(request, arriving, (piece) => {
        reader.push(piece);
        holdMore(arriving, reader.heldBytes - state.held, reader.heldBytes);
        state.held = reader.heldBytes;
        return ask(reader);
      });
      reader.end();
      // A header without a line feed is there only now.
      await ask(reader);
    } catch (error) {
      // An event that is there in whole is kept, however large what comes with it.
      const isTooLarge = error instanceof RefusedException && error.reason === 'too-large';
      if (!isTooLarge || !reader.items.hasEvent) throw error;
      brokenOff = error.message;
      await ask(reader);
    } finally {
      arriving.release(state.held);
    }
    return toBody(reader, brokenOff);
  }

  private collect(request: IncomingMessage, mostBytes: number): Promise<Buffer> {
    return collectPieces(this.ofClients, mostBytes, (take) => readPieces(request, this.ofClients, take));
  }
}

function toBody({ header, items }: EnvelopeReader, brokenOff: string | null): SentryBody {
  return { header, items: items.all, leftOut: items.leftOut, brokenOff };
}

function holdMore(arriving: ArrivingBytes, bytes: number, size: number): void {
  if (bytes > 0) arriving.hold(bytes, size);
  else arriving.release(-bytes);
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
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw eventTooLarge();
    throw new BadRequestException('The body is neither JSON nor base64 of JSON, packed with zlib or not');
  }
}

function requireSize(event: Buffer): Buffer {
  if (event.length > LARGEST_EVENT) throw eventTooLarge();
  return event;
}

function eventTooLarge(): RefusedException {
  return tooLarge('event', `The event must be at most ${LARGEST_EVENT} bytes`);
}
