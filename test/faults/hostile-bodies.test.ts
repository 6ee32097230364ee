import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { memoryOf } from '../support/faults/memory';
import { RawConnection, rawHead } from '../support/faults/raw-report';
import { reportOf, sendReport } from '../support/faults/send-report';
import { expectWhole, readCounts } from '../support/faults/stored';
import { endSpawned, type SpawnedServer, startSpawnedServer } from '../support/spawned-server';
import { type TemporaryDatabase, temporaryDatabase } from '../support/temporary-database';

const MEBIBYTE = 1024 * 1024;

let database: TemporaryDatabase;
let server: SpawnedServer;

beforeEach(async () => {
  database = await temporaryDatabase();
  server = await startSpawnedServer({ env: { ...database.env } });
});

afterEach(async () => {
  await endSpawned();
  await database.remove();
});

describe('Of hundreds at a time,', () => {
  test('gzip bombs are refused in bounded memory, and the server goes on', async () => {
    const bomb = gzipSync(Buffer.alloc(100 * MEBIBYTE, 0x20), { level: 9 });

    const statuses = await Promise.all(
      Array.from({ length: 200 }, async () => {
        const connection = await RawConnection.open(server.port);
        connection.socket.write(Buffer.concat([rawHead(bomb.length, 'Content-Encoding: gzip\r\n'), bomb]));
        const [answer] = await connection.answered(1);
        connection.socket.destroy();
        return answer?.status;
      }),
    );

    // So many at once are more than may arrive together: some are told to come again.
    expect([...new Set(statuses)].filter((status) => status !== 413 && status !== 503)).toEqual([]);
    expect(statuses).toContain(413);
    expect(memoryOf(server.pid).peakMb).toBeLessThan(300);
    expect(await sendReport(server.port, reportOf('afterwards'))).toMatchObject({ status: 201 });
  });

  test.each([
    ['plain', '', Buffer.from('{"project": "shop", "message": "'.padEnd(100_000, 'x'))],
    ['compressed', 'Content-Encoding: gzip\r\n', gzipSync(Buffer.alloc(5_000_000, 0x20)).subarray(0, 2_000)],
  ])(
    'uploads (%s) that are broken off again and again store nothing and hold no memory',
    async (_kind, headers, half) => {
      // What the process needs at such a moment it keeps for the next; further uploads must not add to it.
      for (let round = 0; round < 8; round++) await breakOffUploads(headers, half);
      const before = memoryOf(server.pid).nowMb;
      for (let round = 0; round < 8; round++) await breakOffUploads(headers, half);

      expect(memoryOf(server.pid).nowMb - before).toBeLessThan(100);
      expect((await readCounts(database)).size).toBe(0);
      expect(await sendReport(server.port, reportOf('afterwards'))).toMatchObject({ status: 201 });
      expect(server.stderr()).toBe('');
      await expectWhole(database);
    },
  );

  test('a thousand large uploads that stop before their last byte are held in bounded memory', async () => {
    const body = Buffer.alloc(250_000, 0x20);
    const unfinished = Buffer.concat([rawHead(body.length + 1), body]);
    const connections = await Promise.all(
      Array.from({ length: 1_000 }, () => RawConnection.open(server.port)),
    );

    for (const { socket } of connections) socket.write(unfinished);
    await server.call('/health');
    await delay(2_000);
    const { peakMb } = memoryOf(server.pid);
    for (const { socket } of connections) socket.resetAndDestroy();
    await Promise.all(connections.map(({ closed }) => closed));

    expect(await sendReport(server.port, reportOf('afterwards'))).toMatchObject({ status: 201 });
    expect(peakMb).toBeLessThan(250);
  });

  async function breakOffUploads(headers: string, half: Buffer): Promise<void> {
    const connections = await Promise.all(Array.from({ length: 200 }, () => RawConnection.open(server.port)));
    for (const { socket } of connections) socket.write(Buffer.concat([rawHead(200_000, headers), half]));
    await server.call('/health');
    await delay(100);
    for (const { socket } of connections) socket.resetAndDestroy();
    await Promise.all(connections.map(({ closed }) => closed));
  }
});
