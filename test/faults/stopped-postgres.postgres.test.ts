import { startLoad } from '../support/faults/load';
import { expectBack, expectOutage } from '../support/faults/outage';
import { expectLedgerExact, expectWhole } from '../support/faults/stored';
import { PostgresCluster } from '../support/postgres/postgres-cluster';
import { endSpawned, startSpawnedServer } from '../support/spawned-server';
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
});
