import { setTimeout as delay } from 'node:timers/promises';
import { startLoad } from '../support/faults/load';
import { expectBack } from '../support/faults/outage';
import { expectLedgerExact, expectWhole } from '../support/faults/stored';
import { endSpawned, type SpawnedServer, startSpawnedServer } from '../support/spawned-server';
import { type TemporaryDatabase, temporaryDatabase } from '../support/temporary-database';
import type { TestDatabase } from '../support/test-database';

/** Locks are waited for 2 s, by what comes first; all that queued up behind is refused with it. */
const REFUSED_AFTER_MS = 4_500;

let database: TemporaryDatabase;
let locking: TestDatabase;
let server: SpawnedServer;

beforeEach(async () => {
  database = await temporaryDatabase();
  locking = database.open();
  server = await startSpawnedServer({ env: { ...database.env } });
});

afterEach(async () => {
  await locking.close();
  await endSpawned();
  await database.remove();
});

describe('Another session that locks', () => {
  test.each([
    ['the table of errors against everything', 'LOCK TABLE errors IN ACCESS EXCLUSIVE MODE', 8],
    // Of several errors, a batch of others would now and then be stored in between.
    ['the row of an error that is reported all the time', 'SELECT id FROM errors WHERE id = 1 FOR UPDATE', 1],
    ['the row of the writer', 'SELECT id FROM report_writers FOR UPDATE', 8],
  ])('%s for seconds has reports refused in time, and nothing piles up', async (_what, sql, errors) => {
    const takesMs: number[] = [];
    let turn = 0;
    const load = startLoad(server.port, { clients: 16, nextName: () => `error-${turn++ % errors}` });
    await load.acknowledged(50);

    const unlock = await locking.hold(sql);
    const lockedAt = Date.now();
    while (Date.now() - lockedAt < 5_000) {
      const askedAt = Date.now();
      expect((await server.call('/health')).status).toBe(200);
      const { status } = await server.call('/api/errors');
      expect([200, 503]).toContain(status);
      takesMs.push(Date.now() - askedAt);
      await delay(50);
    }
    expect(load.ledger.refusals.length).toBeGreaterThan(16);
    await unlock();
    await expectBack(server, load.ledger);
    await load.stop();

    expect(Math.max(...takesMs)).toBeLessThan(REFUSED_AFTER_MS);
    for (const { status, retryAfter } of load.ledger.refusals)
      expect([status, retryAfter]).toEqual([503, '5']);
    await expectLedgerExact(load.ledger, database);
    await expectWhole(database);
    expect(server.stderr().match(/Reports are answered with 503: /g)).toHaveLength(1);
  });
});
