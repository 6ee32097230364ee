import { until } from '../support/faults/until';
import { type MadeKey, makeKey, reportWithKey } from '../support/ingest-keys';
import { endSpawned, runProgram } from '../support/spawned-server';
import { type TemporaryDatabase, temporaryDatabase } from '../support/temporary-database';
import { DATABASE } from '../support/test-database';
import { startTestServer, type TestServer } from '../support/test-server';

const KEY_LINE = /^[0-9a-f]{32}\n$/;
const NEW_FILE_LINE =
  /^Database: \/.+\.db, which was made just now: a server must have the same DATABASE_PATH /;
const POSTGRES_LINE = /^Database: [^@]+$/;

describe('error-tracker keys', () => {
  let database: TemporaryDatabase;
  let server: TestServer | null = null;

  beforeEach(async () => (database = await temporaryDatabase()));

  afterEach(async () => {
    await server?.close();
    server = null;
    await endSpawned();
    await database.remove();
  });

  const keysWith = (env: Record<string, string>, ...args: string[]) =>
    runProgram({ args: ['keys', ...args], env: { ...database.env, ...env } });
  const keys = (...args: string[]) => keysWith({}, ...args);
  const start = async () => (server = await startTestServer({ ...database.env }));

  it('create makes project and key without a server, prints the key for scripts and the DSN beside it', async () => {
    const { code, stdout, stderr } = await keys('create', 'Ünï 🛒', '--name', 'web', '--limit', '60');
    expect([code, stdout]).toEqual([0, expect.stringMatching(KEY_LINE)]);

    const running = await start();
    const { projects } = (await running.call('/api/projects/details')).body;
    expect(projects).toEqual([
      {
        id: expect.any(Number),
        name: 'Ünï 🛒',
        allowed_origins: [],
        keys: [expect.objectContaining({ key: stdout.trim(), name: 'web', rate_limit_per_minute: 60 })],
      },
    ]);
    expect(stderr.split('\n')).toEqual([
      expect.stringMatching(DATABASE === 'sqlite' ? NEW_FILE_LINE : POSTGRES_LINE),
      `DSN for Sentry SDKs: http://${stdout.trim()}@localhost:5010/${projects[0].id}`,
      'DSNs begin with BASE_URL, by default http://localhost:5010: set it to where clients reach the server',
      '',
    ]);
    expect((await running.call('/api/projects')).body.projects).toEqual([]);
    expect((await reportWithKey(running, stdout.trim(), { project: 'Ünï 🛒' })).status).toBe(201);
  });

  it('create makes a key that a running server takes at once', async () => {
    const running = await start();
    const old = await makeKey(running, 'shop');
    expect((await reportWithKey(running, old.key)).status).toBe(201);
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    const { stdout, stderr } = await keys('create', 'shop');
    const key = stdout.trim();
    expect(stderr).toMatch(/^Database: [^@,]+\n/);
    expect((await reportWithKey(running, key)).status).toBe(200);
  });

  it('revoke ends a key, in a running server, too', async () => {
    const running = await start();
    const { key } = await makeKey(running, 'shop');
    expect((await reportWithKey(running, key)).status).toBe(201);
    expect(await keys('revoke', key)).toMatchObject({
      code: 0,
      stdout: 'Revoked a key of the project "shop"\n',
    });
    // Nobody tells a server with SQLite, which looks by itself every ten seconds.
    const patienceMs = DATABASE === 'postgres' ? 1_500 : 13_000;
    await until(async () => (await reportWithKey(running, key)).status === 401, patienceMs);
    expect(await keys('revoke', key)).toMatchObject({
      code: 0,
      stdout: 'The key of "shop" was revoked before\n',
    });
  });

  it('list shows a line for each key in force, whatever the names are', async () => {
    const running = await start();
    const hostile = await makeKey(running, 'a\nforged  line', {
      name: 'x\u001b[31m',
      rate_limit_per_minute: 5,
    });
    const revoked = await makeKey(running, 'shop');
    await running.call(`${revoked.path}/revoke`, { method: 'POST' });
    const kept = await makeKey(running, 'shop');

    const BASE_URL = 'https://example.com/errors';
    const { code, stdout, stderr } = await keysWith({ BASE_URL }, 'list');
    expect([code, stderr]).toEqual([0, '']);
    const dsn = (made: MadeKey) => `https://${made.key}@example.com/errors/${made.projectId}`;
    expect(stdout.split('\n')).toEqual([
      `${hostile.key}  project ${hostile.projectId} "a\\nforged  line"  "x\\u001b[31m"  5 a minute  never used  ${dsn(hostile)}`,
      `${kept.key}  project ${kept.projectId} "shop"  "default"  never used  ${dsn(kept)}`,
      '',
    ]);
    expect((await keysWith({ BASE_URL }, 'list', 'shop')).stdout).toBe(`${stdout.split('\n')[1]}\n`);
  });

  it.each([
    [['list', 'no such'], 1, 'There is no project "no such"\n'],
    [['revoke', 'f'.repeat(32)], 1, 'There is no such ingest key\n'],
    [['create', 'x'.repeat(101)], 1, 'name must be a string of 1 to 100 characters\n'],
    [['create', 'shop', '--limit', 'many'], 1, '--limit must be a whole number from 0 to 1000000\n'],
    [['create', 'shop', '--name', ''], 1, '--name must be a string of 1 to 100 characters\n'],
    [[], 2, 'keys needs one of create, list and revoke after it\n'],
    [['delete', 'shop'], 2, 'keys needs one of create, list and revoke after it\n'],
    [['create'], 2, 'keys create needs the name of a project\n'],
    [['revoke'], 2, 'keys revoke needs the key\n'],
    [['list', 'shop', 'billing'], 2, 'Unknown argument billing\n'],
    [['list', '--limit', '5'], 2, '--name and --limit belong to keys create\n'],
  ])('%j is refused', async (args, code, message) => {
    await (await start()).close();
    server = null;
    const ended = await keys(...args);
    expect(ended.code).toBe(code);
    expect(ended.stderr).toContain(message);
    expect(ended.stdout).toBe('');
  });
});
