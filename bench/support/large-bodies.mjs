import { Buffer } from 'node:buffer';
import { randomFillSync } from 'node:crypto';
import { constants, crc32, deflateRawSync, gzipSync } from 'node:zlib';
import { makeEnvelopes } from './envelopes.mjs';
import { GZIP_HEAD, LAST_BLOCK } from './marked-text.mjs';

const MIB = 1024 * 1024;
const BOMB_BYTES = 1024 * MIB;
const ATTACHMENT_BYTES = 15 * MIB;
/** Nothing in it is too large for itself, so that only what comes out of it in all can stop it. */
const BOMB_START = Buffer.from(`{}\n{"type":"attachment","length":${100 * MIB}}\n`);
/** Ends with its line. */
const LINE_START = Buffer.from('{}\n{"type":"attachment"}\n');

/**
 * Bodies that cost the server more than the client, or are larger than what is kept of them.
 * @returns for each name a function that makes it ready to be sent often: what that returns gives the next body, as
 *   buffers in turn
 */
export const LARGE_BODIES = {
  'envelope of 2 KB': (run) => makeSmall(run),
  'bomb of 1,025 members': () => bombOf(makeMembers(BOMB_START)),
  'bomb without a length': () => bombOf(makeMembers(LINE_START)),
  'bomb in one stream': () => bombOf(makeLongStream()),
  ...attachments('random bytes', false),
  ...attachments('random bytes', true),
  ...attachments('zeros', false),
  ...attachments('zeros', true),
};

export function isPacked(name) {
  return name.startsWith('bomb') || name.endsWith('gzip');
}

function attachments(content, isGzip) {
  const name = (place) => `15 MiB of ${content}, event ${place}${isGzip ? ', gzip' : ''}`;
  return Object.fromEntries(
    ['first', 'last'].map((place) => [name(place), (run) => makeAttached(run, content, place, isGzip)]),
  );
}

function makeSmall(run) {
  const next = makeEnvelopes('new', 2_048, run, false);
  return () => [next()];
}

function bombOf(parts) {
  return () => parts;
}

function makeMembers(start) {
  return [gzipSync(start), repeat(gzipSync(Buffer.alloc(MIB)))];
}

function repeat(mebibyte) {
  return Buffer.concat(Array.from({ length: BOMB_BYTES / MIB }, () => mebibyte));
}

/** The same as one member, whose checksum is right. */
function makeLongStream() {
  const zeros = Buffer.alloc(MIB);
  const pack = (bytes) => deflateRawSync(bytes, { finishFlush: constants.Z_FULL_FLUSH });
  let checksum = crc32(BOMB_START);
  for (let i = 0; i < BOMB_BYTES / MIB; i++) checksum = crc32(zeros, checksum);
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(checksum, 0);
  trailer.writeUInt32LE(BOMB_BYTES + BOMB_START.length, 4);
  return [GZIP_HEAD, pack(BOMB_START), repeat(pack(zeros)), LAST_BLOCK, trailer];
}

/** An envelope of 2 KB with an attachment; packed, what differs from one to the next is a member of its own. */
function makeAttached(run, content, place, isGzip) {
  const payload = Buffer.alloc(ATTACHMENT_BYTES);
  if (content === 'random bytes') randomFillSync(payload);
  const pack = (bytes) => (isGzip ? gzipSync(bytes, { level: 1 }) : bytes);
  const item = [Buffer.from(`\n{"type":"attachment","length":${ATTACHMENT_BYTES}}\n`), payload];
  const packedItem = pack(Buffer.concat(item));
  const next = makeEnvelopes('new', 2_048, run, false);
  return () => {
    const envelope = next();
    if (place === 'first') return [pack(envelope), packedItem];
    const endOfHeader = envelope.indexOf('\n');
    return [pack(envelope.subarray(0, endOfHeader)), packedItem, pack(envelope.subarray(endOfHeader))];
  };
}
