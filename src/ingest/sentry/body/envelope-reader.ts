import { BadRequestException } from '@nestjs/common';
import { parseJsonObject } from '../../../common/parse-json';
import type { RefusedException } from '../../../common/refused-exception';
import { tooLarge } from './body-refusals';
import { type EnvelopeHeader, readEnvelopeHeader } from './envelope-header';
import { LONGEST_HEADER, LONGEST_LINE, LONGEST_MEASURED, LONGEST_TYPE, MOST_ITEMS } from './envelope-limits';
import { KeptItems } from './kept-items';

const LINE_FEED = 0x0a;

/**
 * Reads an envelope piece by piece: a header line, then for each item a header line and a payload, which is as long as
 * its header says or ends with the line. It holds header lines and the items that are kept, and nothing else: an
 * attachment passes through. Linear in what comes in.
 *
 * States: `envelope` and `item` gather a header line; `measured` and `line` are in a payload; `after` expects the line
 * feed that ends a measured payload.
 */
export class EnvelopeReader {
  /** null until its line is complete */
  header: EnvelopeHeader | null = null;
  /** those that are complete, and what was left out */
  readonly items = new KeptItems();
  private state: 'envelope' | 'item' | 'measured' | 'line' | 'after' = 'envelope';
  private pieces: Buffer[] = [];
  private held = 0;
  private countItems = 0;
  private type = '';
  /** of a payload: what is still to come when it is measured, else what may still come */
  private remaining = 0;
  private isKept = false;
  /** bytes of empty lines since the last item */
  private blank = 0;

  /** About how many bytes it holds. */
  get heldBytes(): number {
    return this.held + this.items.heldBytes;
  }

  /**
   * Takes the next piece. After it has thrown, it takes no more; `items` are complete all the same.
   * @throws BadRequestException for what is no envelope, RefusedException 413 for what is too large
   */
  push(piece: Buffer): void {
    let at = 0;
    while (at < piece.length) {
      if (this.state === 'measured') at = this.takeMeasured(piece, at);
      else if (this.state === 'after') at = this.takeLineFeed(piece, at);
      else if (this.state === 'item' && this.held === 0 && isBlank(piece[at])) at = this.skipBlank(piece, at);
      else at = this.takeLine(piece, at);
    }
  }

  /** To be called when nothing more comes. @throws BadRequestException when something is missing */
  end(): void {
    const isInHeader = this.state === 'envelope' || this.state === 'item';
    if (isInHeader && this.held > 0) this.endHeader();
    if (this.state === 'measured') {
      throw new BadRequestException(
        `The envelope ends ${this.remaining} bytes before item ${this.countItems} is as long as its header says`,
      );
    }
    if (this.state === 'line') this.endItem();
    if (this.header === null) throw new BadRequestException('The envelope is empty');
  }

  /** Between items there may be empty lines, and there are some at the end of many envelopes. */
  private skipBlank(piece: Buffer, start: number): number {
    let at = start;
    while (at < piece.length && isBlank(piece[at])) at += 1;
    this.blank += at - start;
    if (this.blank > LONGEST_HEADER) throw headerTooLong();
    return at;
  }

  private takeLine(piece: Buffer, start: number): number {
    const found = piece.indexOf(LINE_FEED, start);
    const end = found < 0 ? piece.length : found;
    if (this.state !== 'line') this.holdHeader(piece.subarray(start, end));
    else this.takeOfLine(piece.subarray(start, end));
    if (found < 0) return end;
    if (this.state === 'line') this.endItem();
    else this.endHeader();
    return end + 1;
  }

  private takeOfLine(bytes: Buffer): void {
    this.remaining -= bytes.length;
    if (this.remaining < 0)
      throw this.itemTooLarge(LONGEST_LINE, ' when its header does not say how long it is');
    if (this.isKept) this.hold(bytes);
  }

  private takeMeasured(piece: Buffer, start: number): number {
    const end = Math.min(piece.length, start + this.remaining);
    if (this.isKept) this.hold(piece.subarray(start, end));
    this.remaining -= end - start;
    if (this.remaining === 0) this.endItem();
    return end;
  }

  private takeLineFeed(piece: Buffer, at: number): number {
    if (piece[at] !== LINE_FEED) {
      throw new BadRequestException(
        `Item ${this.countItems} of the envelope is longer than its header says, or its length is wrong`,
      );
    }
    this.state = 'item';
    return at + 1;
  }

  private holdHeader(bytes: Buffer): void {
    if (this.held + bytes.length > LONGEST_HEADER) throw headerTooLong();
    this.keep(bytes);
  }

  /** Leaves out what is too large to be kept, or refuses all of the envelope. */
  private hold(bytes: Buffer): void {
    this.isKept = this.items.hasRoom(this.type, this.held + bytes.length);
    if (this.isKept) this.keep(bytes);
    else this.release();
  }

  private keep(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.pieces.push(bytes);
    this.held += bytes.length;
  }

  private release(): string {
    const [first = Buffer.alloc(0)] = this.pieces;
    const text = (this.pieces.length > 1 ? Buffer.concat(this.pieces) : first).toString('utf8');
    this.pieces = [];
    this.held = 0;
    return text;
  }

  private endHeader(): void {
    const text = this.release();
    if (this.state === 'envelope') {
      this.header = readEnvelopeHeader(parseJsonObject(text, 'The header of the envelope'));
      this.state = 'item';
    } else {
      this.beginItem(text);
    }
  }

  private beginItem(text: string): void {
    this.blank = 0;
    this.countItems += 1;
    if (this.countItems > MOST_ITEMS) {
      throw tooLarge('number of items', `An envelope must have at most ${MOST_ITEMS} items`);
    }
    const { type, length } = parseJsonObject(text, `The header of item ${this.countItems} of the envelope`);
    this.type = typeof type === 'string' && type !== '' ? type.slice(0, LONGEST_TYPE) : 'without type';
    this.isKept = this.items.begin(this.type);
    if (length === undefined || length === null) {
      this.state = 'line';
      this.remaining = LONGEST_LINE;
      return;
    }
    if (typeof length !== 'number' || !Number.isSafeInteger(length) || length < 0) {
      throw new BadRequestException(
        `The length of item ${this.countItems} of the envelope must be a whole number`,
      );
    }
    if (this.isKept) this.isKept = this.items.hasRoom(this.type, length);
    if (length > LONGEST_MEASURED) throw this.itemTooLarge(LONGEST_MEASURED);
    this.remaining = length;
    this.state = 'measured';
    if (length === 0) this.endItem();
  }

  private endItem(): void {
    this.state = this.state === 'measured' ? 'after' : 'item';
    if (!this.isKept) return;
    const bytes = this.held;
    this.items.add(this.type, this.release(), bytes);
  }

  private itemTooLarge(mostBytes: number, when = ''): RefusedException {
    const most = `${mostBytes / (1024 * 1024)} MiB`;
    return tooLarge('item', `Item ${this.countItems} of the envelope must be at most ${most}${when}`);
  }
}

/** White space of JSON. */
function isBlank(byte: number | undefined): boolean {
  return byte === LINE_FEED || byte === 0x20 || byte === 0x0d || byte === 0x09;
}

function headerTooLong(): RefusedException {
  return tooLarge('header line', `A header line of an envelope must be at most ${LONGEST_HEADER} bytes`);
}
