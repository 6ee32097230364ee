import { setTimeout as delay } from 'node:timers/promises';
import { startLoad } from '../support/faults/load';
import { expectLedgerKept, expectWhole } from '../support/faults/stored';
import { TcpProxy } from '../support/faults/tcp-proxy';
import { PostgresCluster } from '../support/postgres/postgres-cluster';
import { endSpawned, startSpawnedServer } from '../support/spawned-server';
import { createPostgresDatabase, type TemporaryDatabase } from '../support/temporary-database';

let cluster: PostgresCluster;
let database: TemporaryDatabase;
let proxy: TcpProxy;

beforeAll(async () => {
  cluster = await PostgresCluster.start();
});

beforeEach(async () => {
  database = await createPostgresDatabase(cluster.url);
  proxy = await TcpProxy.start((database.env as { DATABASE_URL: string }).DATABASE_URL);
});

afterEach(async () => {
  await endSpawned();
  await proxy.close();
  await database.remove();
});

afterAll(() => cluster.remove());

describe('PostgreSQL that', () => {
  test('has fallen silent does not keep a server from ending within 10 s of SIGTERM', async () => {
    const server = await startSpawnedServer({ env: { DATABASE_URL: proxy.url } });
    const load = startLoad(server.port, { clients: 16 });
    await load.acknowledged(50);
    expect((await server.call('/api/errors')).status).toBe(200);

    proxy.silent = true;
    const reading = server.call('/api/errors').catch(() => null);
    await delay(300);
    const stoppedAt = Date.now();
    server.kill('SIGTERM');
    const { code } = await server.ended;
    const tookMs = Date.now() - stoppedAt;
    await load.stop();
    await reading;

    expect(code).toBe(0);
    expect(tookMs).toBeLessThan(10_000);
  });

  test('was killed does not keep a server from ending within 10 s of SIGTERM', async () => {
    const server = await startSpawnedServer({ env: { ...database.env } });
    const load = startLoad(server.port, { clients: 16 });
    await load.acknowledged(100);

    await cluster.kill();
    await delay(300);
    const stoppedAt = Date.now();
    server.kill('SIGTERM');
    const { code } = await server.ended;
    const tookMs = Date.now() - stoppedAt;
    await load.stop();
    await cluster.start();

    expect(code).toBe(0);
    expect(tookMs).toBeLessThan(10_000);
    await expectLedgerKept(load.ledger, database);
    await expectWhole(database);
  });
});
