import Database from 'better-sqlite3';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Outcome } from '../support/faults/ledger';
import { startLoad } from '../support/faults/load';
import { memoryOf } from '../support/faults/memory';
import { reportOf, sendReport } from '../support/faults/send-report';
import { expectLedgerKept, expectWhole, readCounts } from '../support/faults/stored';
import { endSpawned, type SpawnedServer, startSpawnedServer } from '../support/spawned-server';
import { temporaryFolder } from '../support/temporary-folder';

let folder: ReturnType<typeof temporaryFolder>;
let path: string;
let server: SpawnedServer;
let other: Database.Database;

beforeEach(async () => {
  folder = temporaryFolder();
  path = join(folder.path, 'errors.db');
  server = await startSpawnedServer({ env: { DATABASE_PATH: path } });
  await sendReport(server.port, reportOf('first'));
  other = new Database(path, { timeout: 5_000 });
});

afterEach(async () => {
  other.close();
  await endSpawned();
  folder.remove();
});

describe('A file that another process has locked for seconds', () => {
  test('has reports refused with 503 while everything else answers, then takes them again by itself', async () => {
    const load = startLoad(server.port, { clients: 8 });
    await load.acknowledged(50);

    other.exec('BEGIN IMMEDIATE');
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
    other.exec('ROLLBACK');
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
    expectLedgerKept(ledger, path, { before: new Map([['first', 1]]) });
    expectWhole(path);
    expect(server.stderr().match(/Reports are answered with 503: database is locked\n/g)).toHaveLength(1);
    expect(server.stdout().match(/Reports are stored again\n/g)).toHaveLength(1);
  });

  test.each([
    ['ASCII', 'x'.repeat(250_000)],
    ['Cyrillic', 'ж'.repeat(125_000)],
  ])(
    'lets only so many large reports (%s) wait: the rest is refused at once, in bounded memory',
    async (_kind, text) => {
      other.exec('BEGIN IMMEDIATE');
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
      other.exec('ROLLBACK');
      const answers = await Promise.all(sending);

      expect(refusedWhileLocked).toBe(true);
      expect(answers.map(({ kind }) => kind)).not.toContain('unanswered');
      for (const outcome of answers.filter(isTooMany)) {
        expect(outcome).toMatchObject({ status: 503, retryAfter: '1' });
      }
      const acknowledged = answers.filter(({ kind }) => kind === 'acknowledged');
      expect(readCounts(path).size).toBe(1 + acknowledged.length);
      expect(await sendReport(server.port, reportOf('afterwards'))).toMatchObject({ status: 201 });
      expectWhole(path);
      // 75 MB pass through at once; what is dropped of them stays until the next collection.
      expect(memoryOf(server.pid).peakMb).toBeLessThan(320);
    },
  );

  test('does not keep a second SIGTERM from ending the server at once, without a crash; what was acknowledged is there', async () => {
    const load = startLoad(server.port, { clients: 8 });
    await load.acknowledged(50);
    other.exec('BEGIN IMMEDIATE');
    await delay(300);

    server.kill('SIGTERM');
    await server.waitFor(/SIGTERM: finishing/);
    const secondAt = Date.now();
    server.kill('SIGTERM');
    const { signal } = await server.ended;
    const endedMs = Date.now() - secondAt;
    await load.stop();
    other.exec('ROLLBACK');

    expect(signal).not.toBe('SIGABRT');
    expect(endedMs).toBeLessThan(1_000);
    expectLedgerKept(load.ledger, path, { before: new Map([['first', 1]]) });
    expectWhole(path);
  });
});
