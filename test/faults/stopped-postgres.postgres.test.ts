import { setTimeout as delay } from 'node:timers/promises';
import { startLoad } from '../support/faults/load';
import { expectBack, expectOutage } from '../support/faults/outage';
import { memoryOf } from '../support/faults/memory';
import { reportOf, sendReport } from '../support/faults/send-report';
import { expectLedgerExact, expectWhole } from '../support/faults/stored';
import { until } from '../support/faults/until';
import { listen } from '../support/live-events';
import { PostgresCluster } from '../support/postgres/postgres-cluster';
import { endSpawned, type SpawnedServer, startSpawnedServer } from '../support/spawned-server';
import { createPostgresDatabase, type TemporaryDatabase } from '../support/temporary-database';

let cluster: PostgresCluster;
let database: TemporaryDatabase;

beforeAll(async () => {
  cluster = await PostgresCluster.start();
});

beforeEach(async () => {
  database = await createPostgresDatabase(cluster.url);
});

afterEach(async () => {
  await endSpawned();
  await database.remove();
});

afterAll(() => cluster.remove());

describe('PostgreSQL that', () => {
  test.each([
    ['is restarted', () => cluster.stop('fast')],
    ['is shut down in the middle of everything', () => cluster.stop('immediate')],
    ['is killed', () => cluster.kill()],
  ])(
    '%s under load has everything refused at once with 503 until it is back; what was acknowledged is stored once, what was refused is not',
    async (_what, stop) => {
      const server = await startSpawnedServer({ env: { ...database.env } });
      const load = startLoad(server.port, { clients: 16 });
      await load.acknowledged(100);
      // The other thread that reads is not asked before there is nothing to read.
      expect((await server.call('/api/errors/1')).status).toBe(200);

      await stop();
      await expectOutage(server, 1_500);
      await cluster.start();
      await expectBack(server, load.ledger);
      await load.acknowledged(100);
      await load.stop();

      const refusals = load.ledger.refusals.map(({ status, retryAfter }) => `${status} ${retryAfter}`);
      expect(new Set(refusals)).toEqual(new Set(['503 5']));
      await expectLedgerExact(load.ledger, database);
      await expectWhole(database);
      expect(server.stderr().match(/Reports are answered with 503: /g)).toHaveLength(1);
      expect(server.stdout().match(/Reports are stored again/g)).toHaveLength(1);
      expect(server.stderr().split('\n').length).toBeLessThan(10);
    },
  );

  test('comes back finds replicas that hear each other again, and that have not grown', async () => {
    const [server, other] = (await Promise.all(
      [1, 2].map(() => startSpawnedServer({ env: { ...database.env } })),
    )) as [SpawnedServer, SpawnedServer];
    const listener = await listen(other.url);
    const load = startLoad(server.port, { clients: 64, changes: () => ({ extra: 'x'.repeat(100_000) }) });
    await load.acknowledged(100);
    const beforeMb = memoryOf(server.pid).peakMb;

    await cluster.kill();
    await delay(3_000);
    await cluster.start();
    await Promise.all([expectBack(server, load.ledger), expectBack(other, load.ledger)]);
    await load.stop();
    await delay(1_500);
    const heard = listener.messages().length;
    await sendReport(server.port, reportOf('after the outage', { project: 'afterwards' }));
    await until(
      () =>
        listener
          .messages()
          .slice(heard)
          .some(({ changes }) => changes.some(({ project }) => project === 'afterwards')),
      5_000,
    );
    await listener.close();

    expect(memoryOf(server.pid).peakMb - beforeMb).toBeLessThan(100);
  });
});
