import { setTimeout as delay } from 'node:timers/promises';
import type { Ledger } from '../support/faults/ledger';
import { startLoad } from '../support/faults/load';
import { expectBack, expectOutage } from '../support/faults/outage';
import { expectLedgerExact, expectWhole } from '../support/faults/stored';
import { TcpProxy } from '../support/faults/tcp-proxy';
import { endSpawned, startSpawnedServer } from '../support/spawned-server';
import { createPostgresDatabase, type TemporaryDatabase } from '../support/temporary-database';

/** Without any answer, a connection is given up after 5 s, or 8 for what may take long, and unused ones 2 s later. */
const GIVEN_UP_AFTER_MS = 10_500;

let database: TemporaryDatabase;
let proxy: TcpProxy;

beforeEach(async () => {
  database = await createPostgresDatabase(process.env.TEST_DATABASE_URL!);
  proxy = await TcpProxy.start((database.env as { DATABASE_URL: string }).DATABASE_URL);
});

afterEach(async () => {
  await endSpawned();
  await proxy.close();
  await database.remove();
});

describe('A network on which everything takes 100 ms, each way,', () => {
  test('makes everything slower, and nothing fails', async () => {
    const server = await startSpawnedServer({ env: { DATABASE_URL: proxy.url } });
    const load = startLoad(server.port, { clients: 16 });
    await load.acknowledged(20);
    expect((await server.call('/api/errors')).status).toBe(200);
    expect((await server.call('/api/errors/1')).status).toBe(200);
    proxy.delayMs = 100;

    const statuses = new Set<number>();
    const end = Date.now() + 3_000;
    while (Date.now() < end) {
      for (const path of ['/health/ready', '/api/errors', '/api/errors/1'])
        statuses.add((await server.call(path)).status);
    }
    await load.stop();

    expect(statuses).toEqual(new Set([200]));
    expect(load.ledger.refusals).toEqual([]);
    expect(load.ledger.acknowledged).toBeGreaterThan(100);
    await expectLedgerExact(load.ledger, database);
    await expectWhole(database);
    expect(server.stderr()).toBe('');
  });
});

describe('A network that falls silent, on which connections neither answer nor break,', () => {
  test('has everything refused within seconds, and reports are taken again when it is back', async () => {
    const server = await startSpawnedServer({ env: { DATABASE_URL: proxy.url } });
    const load = startLoad(server.port, { clients: 16 });
    await load.acknowledged(50);
    expect((await server.call('/api/errors')).status).toBe(200);
    expect((await server.call('/api/errors/1')).status).toBe(200);

    proxy.silent = true;
    const silentAt = Date.now();
    const listing = server.call('/api/errors');
    await delay(1_000);
    expect((await server.call('/health')).status).toBe(200);
    const askedAt = Date.now();
    expect((await server.call('/health/ready')).status).toBe(503);
    expect(Date.now() - askedAt).toBeLessThan(1_000);
    expect((await listing).status).toBe(503);
    await delay(GIVEN_UP_AFTER_MS - (Date.now() - silentAt));
    await expectOutage(server, 500);
    proxy.silent = false;
    await expectBack(server, load.ledger);
    await load.acknowledged(50);
    await load.stop();

    await expectKept(load.ledger);
    expect(server.stderr().split('\n').length).toBeLessThan(10);
  });

  test('while they are being made has everything refused at once, and does not keep them from being made when it is back', async () => {
    const server = await startSpawnedServer({ env: { DATABASE_URL: proxy.url } });
    const load = startLoad(server.port, { clients: 16 });
    await load.acknowledged(50);
    expect((await server.call('/api/errors')).status).toBe(200);
    expect((await server.call('/api/errors/1')).status).toBe(200);

    proxy.silent = true;
    proxy.cut();
    await delay(100);
    await expectOutage(server, 3_500);
    proxy.silent = false;
    await expectBack(server, load.ledger);
    await load.stop();

    await expectKept(load.ledger);
  });
});

/** Whoever was refused may try again in a few seconds, and is not stored. */
async function expectKept(ledger: Ledger): Promise<void> {
  for (const { status, retryAfter } of ledger.refusals) expect([status, retryAfter]).toEqual([503, '5']);
  await expectLedgerExact(ledger, database);
  await expectWhole(database);
}
