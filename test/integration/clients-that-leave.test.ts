import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { ArrivingBytes } from '../../src/common/arriving-bytes';
import { BodyReader } from '../../src/common/body-reader';
import { readPieces } from '../../src/ingest/sentry/body/body-source';

const ALL_THERE_IS = 16 * 1024 * 1024;

type Read = (request: IncomingMessage, arriving: ArrivingBytes) => Promise<unknown>;

const ofEvents: Read = (request, arriving) => readPieces(request, arriving, () => undefined);
const ofReports: Read = (request, arriving) => new BodyReader(arriving).readJsonText(request, 256 * 1024);

describe('a client that leaves before its body is complete', () => {
  // What a body begins with: enough of it that a decoder is at work.
  const begun = gzipSync('x'.repeat(100_000));

  describe.each<[string, Read, string, Uint8Array]>([
    ['an event as it is', ofEvents, 'identity', Buffer.from('{}')],
    ['an event in gzip', ofEvents, 'gzip', begun],
    ['an event in deflate', ofEvents, 'deflate', Buffer.from('x')],
    ['an event in deflate, in the middle', ofEvents, 'deflate', Buffer.from('xxxx')],
    ['an event in brotli', ofEvents, 'br', begun],
    ['a report as it is', ofReports, 'identity', Buffer.from('{}')],
    ['a report in gzip', ofReports, 'gzip', begun],
  ])('%s', (_what, read, encoding, bytes) => {
    test.each<[string, boolean]>([
      ['while it is read', false],
      ['before it is read', true],
    ])('%s ends the reading, and nothing of it is held', async (_when, isGoneBefore) => {
      const arriving = new ArrivingBytes();
      const outcomes: Promise<unknown>[] = [];
      const server = createServer((request) => {
        const reading = (
          isGoneBefore ? once(request, 'close').catch(() => undefined) : Promise.resolve()
        ).then(() => read(request, arriving));
        outcomes.push(reading.catch((error: unknown) => (error as Error).message));
        request.on('error', () => undefined);
      });
      await once(server.listen(0), 'listening');
      const socket = connect((server.address() as AddressInfo).port);
      await once(socket, 'connect');
      socket.write(
        `POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Encoding: ${encoding}\r\n` +
          'Content-Length: 200000\r\n\r\n',
      );
      socket.write(bytes);
      await once(server, 'request');
      await delay(20);
      socket.destroy();

      expect(await outcomes[0]).toMatch(
        /^The (body ended before it was complete|compression of the body is broken)$/,
      );
      expect(arriving.tryToHold(ALL_THERE_IS, ALL_THERE_IS)).toBeNull();
      server.close();
    });
  });
});
