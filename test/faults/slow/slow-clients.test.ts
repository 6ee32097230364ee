import { Agent } from 'node:http';
import { memoryOf } from '../../support/faults/memory';
import { RawConnection, rawReport } from '../../support/faults/raw-report';
import { reportOf, sendReport } from '../../support/faults/send-report';
import { readCounts } from '../../support/faults/stored';
import { endSpawned, startSpawnedServer } from '../../support/spawned-server';
import { type TemporaryDatabase, temporaryDatabase } from '../../support/temporary-database';

let database: TemporaryDatabase;

beforeAll(async () => {
  database = await temporaryDatabase();
});
afterEach(endSpawned);
afterAll(() => database.remove());

describe('Two hundred connections that send one byte a second', () => {
  test('slow nobody down, hold little memory, and are cut off', async () => {
    const server = await startSpawnedServer({ env: { ...database.env } });
    const agent = new Agent({ keepAlive: true });
    await medianOf(200, server.port, agent);
    const quietMs = await medianOf(200, server.port, agent);
    const quietMb = memoryOf(server.pid).nowMb;

    const request = rawReport(reportOf('slow', { extra: 'x'.repeat(500) }));
    const headEnd = request.indexOf('\r\n\r\n') + 4;
    const startedAt = Date.now();
    const connections = await Promise.all(Array.from({ length: 200 }, () => RawConnection.open(server.port)));
    /** half of them are slow in their head, half in their body */
    const slow = connections.map((connection, index) => ({ connection, inBody: index % 2 === 1, sent: 0 }));
    for (const client of slow) {
      if (!client.inBody) continue;
      client.connection.socket.write(request.subarray(0, headEnd));
      client.sent = headEnd;
    }
    const trickle = setInterval(() => {
      for (const client of slow) {
        if (!client.connection.socket.writable) continue;
        client.connection.socket.write(request.subarray(client.sent, client.sent + 1));
        client.sent += 1;
      }
    }, 1_000);
    const ends = slow.map(async ({ connection, inBody }) => {
      await connection.closed;
      return { inBody, ms: Date.now() - startedAt, statuses: connection.answers.map(({ status }) => status) };
    });

    await new Promise((resolve) => setTimeout(resolve, 3_000));
    const busyMs = await medianOf(200, server.port, agent);
    const busyMb = memoryOf(server.pid).nowMb;
    const ended = await Promise.all(ends);
    clearInterval(trickle);
    agent.destroy();

    // Below a millisecond, the clock and the machine's moods are what is measured.
    expect(busyMs).toBeLessThan(5 * Math.max(quietMs, 1));
    expect(busyMb - quietMb).toBeLessThan(50);
    for (const { inBody, ms, statuses } of ended) {
      expect(statuses).toEqual([408]);
      expect(ms).toBeLessThan(inBody ? 45_000 : 20_000);
    }
    expect((await readCounts(database)).get('slow')).toBe(undefined);
  }, 90_000);
});

async function medianOf(reports: number, port: number, agent: Agent): Promise<number> {
  const times: number[] = [];
  for (let index = 0; index < reports; index++) {
    const startedAt = performance.now();
    expect(await sendReport(port, reportOf('normal'), { agent })).toMatchObject({ kind: 'acknowledged' });
    times.push(performance.now() - startedAt);
  }
  return times.sort((a, b) => a - b)[Math.floor(reports / 2)]!;
}
