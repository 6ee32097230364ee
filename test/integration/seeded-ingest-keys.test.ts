import { captureOutput } from '../support/captured-output';
import { reportWithKey } from '../support/ingest-keys';
import { type TemporaryDatabase, temporaryDatabase } from '../support/temporary-database';
import { startTestServer, type TestServer } from '../support/test-server';

const FIRST = 'a'.repeat(32);
const SECOND = 'b'.repeat(32);

describe('INGEST_KEYS', () => {
  let database: TemporaryDatabase;
  let output: ReturnType<typeof captureOutput>;
  const servers: TestServer[] = [];

  beforeEach(async () => {
    database = await temporaryDatabase();
    output = captureOutput();
  });

  afterEach(async () => {
    output.stop();
    await Promise.all(servers.splice(0).map((server) => server.close()));
    await database.remove();
  });

  const start = async (INGEST_KEYS: string) => {
    const server = await startTestServer({ ...database.env, INGEST_KEYS, LOG_LEVEL: 'info' });
    servers.push(server);
    return server;
  };

  it('are there from the start, once', async () => {
    await start(`shop:${FIRST},Ünï:${SECOND},shop:${FIRST}`);
    const server = await start(`Ünï:${SECOND},shop:${FIRST}`);

    expect((await reportWithKey(server, FIRST, { project: 'shop' })).status).toBe(201);
    expect((await reportWithKey(server, SECOND, { project: 'Ünï' })).status).toBe(201);
    expect((await reportWithKey(server, SECOND, { project: 'shop' })).status).toBe(403);
    expect(await server.database.value('SELECT count(*) FROM ingest_keys')).toBe(2);
    const { projects } = (await server.call('/api/projects/details')).body;
    expect(projects[0]).toMatchObject({ name: 'shop', keys: [{ key: FIRST, name: 'INGEST_KEYS' }] });
    expect(output.text().match(/INGEST_KEYS: stored 2 new keys/g)).toHaveLength(1);
    expect(output.text()).not.toMatch(/a{32}|b{32}/);
    await start(`shop:${'c'.repeat(32)}`);
    expect(output.text()).toContain('INGEST_KEYS: stored 1 new key\n');
  });

  it('that belong to another project already change nothing, and the log says so', async () => {
    await start(`shop:${FIRST}`);
    const server = await start(`billing:${FIRST},billing:${SECOND}`);

    expect((await reportWithKey(server, FIRST, { project: 'shop' })).status).toBe(201);
    expect((await reportWithKey(server, FIRST, { project: 'billing' })).status).toBe(403);
    expect((await reportWithKey(server, SECOND, { project: 'billing' })).status).toBe(201);
    expect(output.text()).toMatch(
      /ERROR \[IngestKeys\] INGEST_KEYS: a key for the project billing is not used, since it belongs to another project/,
    );
    expect(output.text()).not.toMatch(/a{32}/);
  });

  it('that were revoked stay revoked, and the log says so', async () => {
    const first = await start(`shop:${FIRST}`);
    const { id, keys } = (await first.call('/api/projects/details')).body.projects[0];
    await first.call(`/api/projects/${id}/keys/${keys[0].id}/revoke`, { method: 'POST' });
    const server = await start(`shop:${FIRST}`);

    expect((await reportWithKey(server, FIRST, { project: 'shop' })).status).toBe(401);
    expect(output.text()).toMatch(/WARN {2}\[IngestKeys\] .* project shop stays revoked/);
  });

  it('are stored once by replicas that start at the same time', async () => {
    const pairs = Array.from({ length: 50 }, (_, i) => `p${i % 7}:${i.toString(16).padStart(32, '0')}`);
    const [server] = await Promise.all([start(pairs.join()), start([...pairs].reverse().join())]);

    expect(await server.database.value('SELECT count(*) FROM ingest_keys')).toBe(50);
    expect(await server.database.value('SELECT count(*) FROM projects')).toBe(7);
  });
});
