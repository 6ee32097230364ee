import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { cutReports, type Moment, MOMENTS } from '../support/faults/cut-reports';
import type { Ledger } from '../support/faults/ledger';
import { startLoad } from '../support/faults/load';
import { expectBack } from '../support/faults/outage';
import { until } from '../support/faults/until';
import { expectLedgerExact, expectWhole } from '../support/faults/stored';
import { TcpProxy } from '../support/faults/tcp-proxy';
import { endSpawned, startSpawnedServer } from '../support/spawned-server';
import { createPostgresDatabase, type TemporaryDatabase } from '../support/temporary-database';

let database: TemporaryDatabase;
let address: string;
let proxy: TcpProxy;

beforeEach(async () => {
  database = await createPostgresDatabase(process.env.TEST_DATABASE_URL!);
  address = (database.env as { DATABASE_URL: string }).DATABASE_URL;
  proxy = await TcpProxy.start(address);
});

afterEach(async () => {
  await endSpawned();
  await proxy.close();
  await database.remove();
});

describe('Connections of PostgreSQL that', () => {
  test('are ended every 20 ms by the server cost no report: each that was acknowledged is stored once, each that was refused is not', async () => {
    const server = await startSpawnedServer({ env: { DATABASE_URL: address } });
    const load = startLoad(server.port, { clients: 16 });
    await load.acknowledged(50);

    const ended = await endWriters(20, 3_000);
    await expectBack(server, load.ledger);
    await load.stop();

    expect(ended).toBeGreaterThan(20);
    await expectKept(load.ledger);
  });

  test.each<[string, Moment[], number]>([
    ['when a batch is committed, so that its answer is lost,', ['before the answer passes'], 0.3],
    [
      'before, while and after a batch is sent',
      ['before it is sent', 'while it is sent', 'after it is sent'],
      0.3,
    ],
    ['with most batches, again and again with the same ones', MOMENTS, 0.85],
  ])('break %s cost no report', async (_when, moments, share) => {
    const server = await startSpawnedServer({ env: { DATABASE_URL: proxy.url } });
    const load = startLoad(server.port, { clients: 16 });
    await load.acknowledged(50);

    const cuts = cutReports(proxy, share, moments);
    await delay(2_000);
    // Which one a batch meets is left to chance.
    await until(() => moments.every((moment) => cuts[moment] > 3), 20_000);
    proxy.fromClient = () => false;
    await expectBack(server, load.ledger);
    await load.stop();

    await expectKept(load.ledger);
  });

  test('break with the first batches of a writer cost no report', async () => {
    cutReports(proxy, 0.7);
    const server = await startSpawnedServer({ env: { DATABASE_URL: proxy.url } });
    const load = startLoad(server.port, { clients: 16 });
    await load.acknowledged(20);
    await load.stop();

    await expectKept(load.ledger);
  });
});

/** @returns how many connections of writers were ended */
async function endWriters(everyMs: number, durationMs: number): Promise<number> {
  const client = new Client({ connectionString: address });
  await client.connect();
  let ended = 0;
  const end = Date.now() + durationMs;
  while (Date.now() < end) {
    const { rowCount } = await client.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND application_name = 'error-tracker writer'`,
    );
    ended += rowCount ?? 0;
    await delay(everyMs);
  }
  await client.end();
  return ended;
}

/** Whoever comes while there is no connection is refused; nobody is left without an answer. */
async function expectKept(ledger: Ledger): Promise<void> {
  for (const { status, retryAfter } of ledger.refusals) expect([status, retryAfter]).toEqual([503, '5']);
  await expectLedgerExact(ledger, database);
  await expectWhole(database);
}
