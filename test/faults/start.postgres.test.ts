import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { PostgresCluster, WITHOUT_FSYNC } from '../support/postgres/postgres-cluster';
import { PostgresTestDatabase } from '../support/postgres/postgres-database';
import { endSpawned, runProgram, spawnProgram, startSpawnedServer } from '../support/spawned-server';
import { API_KEY } from '../support/test-server';

const SECRET = 'a-secret-of-the-address';

let cluster: PostgresCluster;
let databases = 0;

beforeAll(async () => {
  cluster = await PostgresCluster.start(WITHOUT_FSYNC);
  await cluster.query(`CREATE ROLE tracker LOGIN PASSWORD '${SECRET}'`);
});

afterEach(endSpawned);
afterAll(() => cluster.remove());

describe('A server whose PostgreSQL', () => {
  test('is not there yet says that it waits, and starts when it comes', async () => {
    const env = envOf(await makeDatabase());
    await cluster.stop();
    const program = spawnProgram({ env });
    await program.waitFor(/WARN {2}\[Database\] Waiting for PostgreSQL at \S+: connect ECONNREFUSED/);

    await delay(1_000);
    await cluster.start();
    await program.waitFor(/listens on/);

    expect(program.stderr().match(/Waiting for PostgreSQL/g)).toHaveLength(1);
  });

  test('is not there ends at once when it is told to', async () => {
    const env = envOf(await makeDatabase());
    await cluster.stop();
    const program = spawnProgram({ env });
    await program.waitFor(/Waiting for PostgreSQL/);

    const toldAt = Date.now();
    program.kill('SIGTERM');
    const { code } = await program.ended;
    const tookMs = Date.now() - toldAt;
    await cluster.start();

    expect(code).toBe(0);
    expect(tookMs).toBeLessThan(1_000);
  });

  test.each<[string, string, () => Promise<string>]>([
    [
      'does not take the password',
      'password authentication failed for user "tracker"',
      async () => {
        await cluster.requirePassword('tracker');
        return urlOf(await makeDatabase(), `tracker:wrong-${SECRET}`);
      },
    ],
    [
      'does not know the user',
      'role "nobody" does not exist',
      async () => urlOf(await makeDatabase(), `nobody:${SECRET}`),
    ],
    [
      'has no such database',
      'database "missing" does not exist',
      () => Promise.resolve(urlOf('missing', `postgres:${SECRET}`)),
    ],
    [
      'lets the user make no tables',
      'permission denied',
      async () => {
        const name = await makeDatabase();
        await ask(name, 'REVOKE CREATE ON SCHEMA public FROM PUBLIC');
        return urlOf(name, `tracker:${SECRET}`);
      },
    ],
    [
      'holds the database of another program',
      'is the database of another program: it has a table errors that this program did not make',
      async () => {
        const name = await makeDatabase();
        await ask(name, 'CREATE TABLE errors (id integer)');
        return urlOf(name, `postgres:${SECRET}`);
      },
    ],
    [
      'holds a database of another encoding',
      "has the encoding SQL_ASCII: create the database with ENCODING 'UTF8'",
      async () => urlOf(await makeDatabase("ENCODING 'SQL_ASCII' TEMPLATE template0"), `postgres:${SECRET}`),
    ],
  ])('%s ends with one sentence that says so, and no secret', async (_what, sentence, prepare) => {
    const url = await prepare();
    const startedAt = Date.now();
    const { code, stdout, stderr } = await runProgram({ env: { ...envOf(''), DATABASE_URL: url } });

    expect(code).toBe(1);
    expect(Date.now() - startedAt).toBeLessThan(10_000);
    expect(stderr.trim().split('\n')).toEqual([expect.stringContaining(sentence)]);
    expect(stdout + stderr).not.toContain(SECRET);
  });
});

describe('Replicas that start', () => {
  test('at the same moment on an empty database all start, and one of them migrates it', async () => {
    const name = await makeDatabase();
    const servers = await Promise.all([1, 2, 3, 4].map(() => startSpawnedServer({ env: envOf(name) })));

    for (const server of servers) expect((await server.call('/health/ready')).status).toBe(200);
    const database = new PostgresTestDatabase(urlOf(name));
    const names = (await database.all<{ name: string }>('SELECT name FROM migrations')).map(
      (row) => row.name,
    );
    await database.close();
    expect(new Set(names).size).toBe(names.length);
    expect(servers.map((server) => server.stderr())).toEqual(['', '', '', '']);
  });

  test('while another one migrates say that they wait, and go on when it has', async () => {
    const name = await makeDatabase();
    const other = new Client({ connectionString: urlOf(name) });
    await other.connect();
    await other.query('SELECT pg_advisory_lock(50100001)');

    const program = spawnProgram({ env: envOf(name) });
    await program.waitFor(/Waiting for another server that prepares/);
    await delay(1_000);
    expect(program.stdout()).not.toMatch(/listens on/);
    await other.end();
    await program.waitFor(/listens on/);
  });
});

/** @returns its name */
async function makeDatabase(options = ''): Promise<string> {
  const name = `database_${++databases}`;
  await cluster.query(`CREATE DATABASE ${name} ${options}`);
  return name;
}

async function ask(name: string, sql: string): Promise<void> {
  const database = new PostgresTestDatabase(urlOf(name));
  await database.run(sql);
  await database.close();
}

function urlOf(name: string, user = 'postgres'): string {
  return `postgres://${user}@127.0.0.1:${cluster.port}/${name}`;
}

function envOf(name: string) {
  return { API_KEY, HOST: '127.0.0.1', PORT: '0', DATABASE_URL: urlOf(name, `postgres:${SECRET}`) };
}
