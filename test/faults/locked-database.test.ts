import { setTimeout as delay } from 'node:timers/promises';
import type { Outcome } from '../support/faults/ledger';
import { startLoad } from '../support/faults/load';
import { memoryOf } from '../support/faults/memory';
import { reportOf, sendReport } from '../support/faults/send-report';
import { expectLedgerKept, expectWhole, readCounts } from '../support/faults/stored';
import { endSpawned, type SpawnedServer, startSpawnedServer } from '../support/spawned-server';
import { type TemporaryDatabase, temporaryDatabase } from '../support/temporary-database';
import { LOCKED, type TestDatabase } from '../support/test-database';

let database: TemporaryDatabase;
let server: SpawnedServer;
let locking: TestDatabase;

beforeEach(async () => {
  database = await temporaryDatabase();
  server = await startSpawnedServer({ env: { ...database.env } });
  await sendReport(server.port, reportOf('first'));
  locking = database.open();
});

afterEach(async () => {
  await locking.close();
  await endSpawned();
  await database.remove();
});

describe('A database that another process has locked for seconds', () => {
  test('has reports refused with 503 while everything else answers, then takes them again by itself', async () => {
    const load = startLoad(server.port, { clients: 8 });
    await load.acknowledged(50);

    const unlock = await locking.lock();
    const lockedAt = Date.now();
    let slowestMs = 0;
    while (Date.now() - lockedAt < 3_500) {
      for (const route of ['/health', '/api/errors', '/api/projects']) {
        const askedAt = Date.now();
        expect(await server.call(route)).toMatchObject({ status: 200 });
        slowestMs = Math.max(slowestMs, Date.now() - askedAt);
      }
      await delay(50);
    }
    const resolving = await server.call('/api/errors/1/resolve', { method: 'POST' });
    await unlock();
    await server.waitFor(/Reports are stored again/);
    await load.acknowledged(50);
    await load.stop();

    expect(slowestMs).toBeLessThan(1_000);
    expect(resolving.status).toBe(503);
    expect(resolving.headers.get('retry-after')).toBe('5');
    const { ledger } = load;
    expect(ledger.unanswered).toBe(0);
    expect(new Set(ledger.refusals.map(({ status, retryAfter }) => `${status} ${retryAfter}`))).toEqual(
      new Set(['503 5']),
    );
    await expectLedgerKept(ledger, database, { before: new Map([['first', 1]]) });
    await expectWhole(database);
    expect(
      server.stderr().match(new RegExp(`Reports are answered with 503: ${LOCKED}\\n`, 'g')),
    ).toHaveLength(1);
    expect(server.stdout().match(/Reports are stored again\n/g)).toHaveLength(1);
  });

  test.each([
    ['ASCII', 'x'.repeat(250_000)],
    ['Cyrillic', 'ж'.repeat(125_000)],
  ])(
    'lets only so many large reports (%s) wait: the rest is refused at once, in bounded memory',
    async (_kind, text) => {
      const unlock = await locking.lock();
      let onRefused: (refused: true) => void;
      const firstRefusal = new Promise<true>((resolve) => (onRefused = resolve));
      const isTooMany = (outcome: Outcome) =>
        outcome.kind === 'refused' && outcome.detail.startsWith('Too many reports');

      const sending = Array.from({ length: 300 }, async (_, index) => {
        const outcome = await sendReport(server.port, reportOf(`large-${index}`, { extra: text }));
        if (isTooMany(outcome)) onRefused(true);
        return outcome;
      });
      const refusedWhileLocked = await Promise.race([firstRefusal, delay(10_000, false, { ref: false })]);
      await delay(500);
      await unlock();
      const answers = await Promise.all(sending);

      expect(refusedWhileLocked).toBe(true);
      expect(answers.map(({ kind }) => kind)).not.toContain('unanswered');
      for (const outcome of answers.filter(isTooMany)) {
        expect(outcome).toMatchObject({ status: 503, retryAfter: '1' });
      }
      const acknowledged = answers.filter(({ kind }) => kind === 'acknowledged');
      expect((await readCounts(database)).size).toBe(1 + acknowledged.length);
      expect(await sendReport(server.port, reportOf('afterwards'))).toMatchObject({ status: 201 });
      await expectWhole(database);
      // 75 MB pass through at once; what is dropped of them stays until the next collection.
      expect(memoryOf(server.pid).peakMb).toBeLessThan(320);
    },
  );

  test('does not keep a second SIGTERM from ending the server at once, without a crash; what was acknowledged is there', async () => {
    const load = startLoad(server.port, { clients: 8 });
    await load.acknowledged(50);
    const unlock = await locking.lock();
    await delay(300);

    server.kill('SIGTERM');
    await server.waitFor(/SIGTERM: finishing/);
    const secondAt = Date.now();
    server.kill('SIGTERM');
    const { signal } = await server.ended;
    const endedMs = Date.now() - secondAt;
    await load.stop();
    await unlock();

    expect(signal).not.toBe('SIGABRT');
    expect(endedMs).toBeLessThan(1_000);
    await expectLedgerKept(load.ledger, database, { before: new Map([['first', 1]]) });
    await expectWhole(database);
  });
});
