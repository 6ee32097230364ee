import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { startLoad } from '../support/faults/load';
import { expectBack, expectOutage } from '../support/faults/outage';
import { expectLedgerExact, expectWhole } from '../support/faults/stored';
import { PostgresCluster } from '../support/postgres/postgres-cluster';
import { endSpawned, spawnProgram, startSpawnedServer } from '../support/spawned-server';
import { createPostgresDatabase, type TemporaryDatabase } from '../support/temporary-database';
import { API_KEY } from '../support/test-server';

let cluster: PostgresCluster;
let database: TemporaryDatabase;
let env: { DATABASE_URL: string };
const others: Client[] = [];

beforeAll(async () => {
  cluster = await PostgresCluster.start({ max_connections: '20' });
  await cluster.query('CREATE ROLE tracker LOGIN');
  await cluster.query('CREATE ROLE other LOGIN');
});

beforeEach(async () => {
  database = await createPostgresDatabase(cluster.url);
  env = { DATABASE_URL: urlOf('tracker') };
  await cluster.query(`ALTER DATABASE ${new URL(env.DATABASE_URL).pathname.slice(1)} OWNER TO tracker`);
});

afterEach(async () => {
  await endSpawned();
  await endOthers();
  await database.remove();
});

afterAll(() => cluster.remove());

describe('PostgreSQL that takes no more connections', () => {
  test.each([
    ['of this user', () => Promise.resolve(), () => limitUser(-1)],
    [
      'of anybody',
      async () => {
        await connectOthers();
        await limitUser(-1);
      },
      endOthers,
    ],
  ])('%s, has everything refused at once until it does', async (_whose, fill, free) => {
    const server = await startSpawnedServer({ env });
    const load = startLoad(server.port, { clients: 16 });
    await load.acknowledged(50);

    await limitUser(0);
    await cluster.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'tracker'");
    await delay(100);
    await fill();
    await expectOutage(server, 1_000);
    await free();
    await expectBack(server, load.ledger);
    await load.stop();

    await expectLedgerExact(load.ledger, database);
    await expectWhole(database);
    expect(server.stderr()).toMatch(/cannot be used: .*too many (connections|clients)/);
  });

  test('keeps a server waiting that is about to start, and it starts as soon as it can', async () => {
    await limitUser(0);
    const program = spawnProgram({ env: { API_KEY, HOST: '127.0.0.1', PORT: '0', ...env } });
    await program.waitFor(/Waiting for PostgreSQL at .*too many connections for role "tracker"/);
    await limitUser(-1);
    await program.waitFor(/listens on/);
  });
});

async function limitUser(connections: number): Promise<void> {
  await cluster.query(`ALTER ROLE tracker CONNECTION LIMIT ${connections}`);
}

/** Takes all that there are, but for those that are kept for superusers. */
async function connectOthers(): Promise<void> {
  for (;;) {
    const client = new Client({ connectionString: urlOf('other') });
    client.on('error', () => undefined);
    try {
      await client.connect();
      others.push(client);
    } catch {
      return;
    }
  }
}

async function endOthers(): Promise<void> {
  await Promise.all(others.splice(0).map((client) => client.end()));
}

function urlOf(role: string): string {
  const url = new URL((database.env as { DATABASE_URL: string }).DATABASE_URL);
  url.username = role;
  return url.href;
}
