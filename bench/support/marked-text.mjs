import { Buffer } from 'node:buffer';
import { constants, crc32, deflateRawSync } from 'node:zlib';

export const GZIP_HEAD = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]);
/** Ends a deflate stream of which every block so far was flushed. */
export const LAST_BLOCK = Buffer.from([1, 0, 0, 0xff, 0xff]);

/**
 * A text with marks, each of which stands for something else of the same length; all of it is ASCII. Packed, what stands
 * between them is compressed once and a mark is a block that is not compressed: only the checksum is left to do for each.
 * @returns `fill(values)`, which gives the bytes with a value, by mark, for each mark
 */
export function markText(text, marks, isGzip) {
  const parts = text.split(new RegExp(`(${marks.join('|')})`));
  const plain = parts.map((part, i) => toPart(part, i % 2 === 1));
  const whole = joinParts(plain);
  if (!isGzip) return { fill: (values) => fillParts(whole, values) };
  const packed = joinParts(parts.flatMap((part, i) => packPart(part, i % 2 === 1)));
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(whole.bytes.length, 4);
  return {
    fill(values) {
      trailer.writeUInt32LE(crc32(fillParts(whole, values)), 0);
      return Buffer.concat([GZIP_HEAD, fillParts(packed, values), LAST_BLOCK, trailer]);
    },
  };
}

function toPart(text, isMark) {
  return { bytes: Buffer.from(text), mark: isMark ? text : null };
}

function packPart(text, isMark) {
  if (!isMark) {
    const packed = deflateRawSync(text, { finishFlush: constants.Z_SYNC_FLUSH });
    return [{ bytes: packed, mark: null }];
  }
  const head = Buffer.from([0, text.length, 0, ~text.length & 0xff, 0xff]);
  return [{ bytes: head, mark: null }, toPart(text, true)];
}

/** @returns all bytes, and the offset of each mark in them */
function joinParts(parts) {
  const marks = [];
  let offset = 0;
  for (const { bytes, mark } of parts) {
    if (mark !== null) marks.push({ mark, offset });
    offset += bytes.length;
  }
  return { bytes: Buffer.concat(parts.map(({ bytes }) => bytes)), marks };
}

function fillParts({ bytes, marks }, values) {
  const filled = Buffer.from(bytes);
  for (const { mark, offset } of marks) filled.latin1Write(values[mark], offset);
  return filled;
}
