import { setTimeout as delay } from 'node:timers/promises';
import { startLoad } from '../../support/faults/load';
import { expectBack, expectOutage } from '../../support/faults/outage';
import { expectLedgerExact, expectWhole } from '../../support/faults/stored';
import { TcpProxy } from '../../support/faults/tcp-proxy';
import { until } from '../../support/faults/until';
import { PostgresCluster } from '../../support/postgres/postgres-cluster';
import { PostgresTestDatabase } from '../../support/postgres/postgres-database';
import { endSpawned, startSpawnedServer } from '../../support/spawned-server';
import { createPostgresDatabase } from '../../support/temporary-database';

let primary: PostgresCluster;
let standby: PostgresCluster;
let proxy: TcpProxy;

beforeAll(async () => {
  primary = await PostgresCluster.start();
  standby = await primary.startStandby();
  proxy = await TcpProxy.start(primary.url);
  await primary.set({ synchronous_standby_names: 'standby' });
  await until(async () => {
    const { rows } = await primary.query("SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync'");
    return rows.length === 1;
  }, 10_000);
});

afterAll(async () => {
  await endSpawned();
  await proxy.close();
  await Promise.all([primary.remove(), standby.remove()]);
});

test('A primary that falls silent without a word is given up, and its standby is found as soon as it is promoted', async () => {
  const database = await createPostgresDatabase(primary.url);
  const { pathname } = new URL((database.env as { DATABASE_URL: string }).DATABASE_URL);
  const hosts = `${new URL(proxy.url).host},127.0.0.1:${standby.port}`;
  const env = { DATABASE_URL: `postgres://postgres@${hosts}${pathname}` };
  const server = await startSpawnedServer({ env });
  const load = startLoad(server.port, { clients: 16 });
  await load.acknowledged(100);
  for (const path of ['/api/errors', '/api/errors/1']) expect((await server.call(path)).status).toBe(200);

  proxy.silent = true;
  const reading = ['/api/errors', '/api/errors/1'].map((path) => server.call(path));
  await delay(11_000);
  for (const { status } of await Promise.all(reading)) expect(status).toBe(503);
  await expectOutage(server, 1_000);
  await standby.promote();
  await expectBack(server, load.ledger);
  await load.acknowledged(100);
  await load.stop();

  const stored = {
    env,
    open: () => new PostgresTestDatabase(`postgres://postgres@127.0.0.1:${standby.port}${pathname}`),
  };
  await expectLedgerExact(load.ledger, stored);
  await expectWhole(stored);
}, 60_000);
