import { until } from '../support/faults/until';
import { makeKey, reportWithKey } from '../support/ingest-keys';
import { type TemporaryDatabase, temporaryDatabase } from '../support/temporary-database';
import { startTestServer, type TestServer } from '../support/test-server';

/** Well below the ten seconds after which a replica looks by itself. */
const SOON_MS = 2_000;

describe('ingest keys of several replicas', () => {
  let database: TemporaryDatabase;
  let first: TestServer;
  let second: TestServer;

  beforeEach(async () => {
    database = await temporaryDatabase();
    [first, second] = await Promise.all([
      startTestServer({ ...database.env }),
      startTestServer({ ...database.env }),
    ]);
  });

  afterEach(async () => {
    await Promise.all([first.close(), second.close()]);
    await database.remove();
  });

  it('stop working everywhere when they are revoked at one', async () => {
    const { key, path } = await makeKey(first, 'shop');
    for (const replica of [first, second]) {
      expect((await reportWithKey(replica, key)).status).toBeLessThan(300);
    }
    await first.call(`${path}/revoke`, { method: 'POST' });
    expect((await reportWithKey(first, key)).status).toBe(401);
    await until(async () => (await reportWithKey(second, key)).status === 401, SOON_MS);
  });

  it('work everywhere soon after they are made at one', async () => {
    const known = await makeKey(first, 'shop');
    expect((await reportWithKey(second, known.key)).status).toBe(201);
    const { key } = await makeKey(first, 'shop');
    await until(async () => (await reportWithKey(second, key)).status === 200, SOON_MS);
  });

  it('may be used by pages as soon as an origin is allowed at another', async () => {
    const { key, projectId } = await makeKey(first, 'shop');
    const origin = { Origin: 'https://shop.example.com' };
    expect((await reportWithKey(second, key, {}, origin)).status).toBe(403);
    await first.call(`/api/projects/${projectId}`, {
      method: 'PATCH',
      json: { allowed_origins: [origin.Origin] },
    });
    await until(async () => (await reportWithKey(second, key, {}, origin)).status === 201, SOON_MS);
  });

  it('are made a hundred for a project at most, at both together', async () => {
    const { projectId } = await makeKey(first, 'shop');
    const made = await Promise.all(
      Array.from({ length: 110 }, (_, i) =>
        (i % 2 === 0 ? first : second).call(`/api/projects/${projectId}/keys`, { json: {} }),
      ),
    );
    expect(made.filter(({ status }) => status === 201)).toHaveLength(99);
    expect(made.filter(({ status }) => status === 409)).toHaveLength(11);
  });

  it('are noted as used by whichever replica takes a report, once a minute', async () => {
    const { key, projectId } = await makeKey(first, 'shop');
    const lastUsed = async () =>
      (await first.call(`/api/projects/${projectId}`)).body.keys[0].last_used_at as string | null;
    await reportWithKey(second, key);
    await until(async () => (await lastUsed()) !== null, 5_000);
    const noted = await lastUsed();
    await reportWithKey(first, key);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(await lastUsed()).toBe(noted);
  });

  it('go on working at a replica whose other connection was lost and made again', async () => {
    const { key, path } = await makeKey(first, 'shop');
    expect((await reportWithKey(second, key)).status).toBe(201);
    await first.database.all(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'error-tracker replica'",
    );
    await first.call(`${path}/revoke`, { method: 'POST' });
    // What was told meanwhile is missed, and looked up when the connection is there again.
    await until(async () => (await reportWithKey(second, key)).status === 401, 8_000);
  });
});
