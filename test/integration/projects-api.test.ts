import { randomBytes } from 'node:crypto';
import { makeKey } from '../support/ingest-keys';
import { aReport } from '../support/reports';
import { startTestServer, type TestServer } from '../support/test-server';

const KEY = /^[0-9a-f]{32}$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

describe('projects', () => {
  let server: TestServer;
  beforeAll(async () => (server = await startTestServer()));
  afterAll(() => server.close());

  it('are made by hand, and listed by name only after they have reported', async () => {
    const made = await server.call('/api/projects', { json: { name: 'by hand' } });
    expect(made.status).toBe(201);
    expect(made.body).toEqual({ id: expect.any(Number), name: 'by hand', allowed_origins: [], keys: [] });
    expect((await server.call('/api/projects')).body.projects).not.toContain('by hand');
    expect((await server.call('/api/projects/overview')).body.total).toBe(0);

    await server.call('/api/errors', { json: aReport({ project: 'by hand' }) });
    expect((await server.call('/api/projects')).body.projects).toContain('by hand');
    expect((await server.call(`/api/projects/${made.body.id}`)).body).toEqual(made.body);
  });

  it('are made by their first report, with an id of their own', async () => {
    await server.call('/api/errors', { json: aReport({ project: 'reported' }) });
    const { body } = await server.call('/api/projects/details?name=reported');
    expect(body).toEqual({
      projects: [{ id: expect.any(Number), name: 'reported', allowed_origins: [], keys: [] }],
      total: 1,
      limit: 50,
      offset: 0,
    });
    const again = await server.call('/api/projects', { json: { name: 'reported' } });
    expect(again.status).toBe(409);
    expect(again.body.detail).toBe(
      `There is a project of this name already, with the id ${body.projects[0].id}`,
    );
  });

  it('have ids one after the other, whatever is reported, made or made again in between', async () => {
    const make = (name: string) => server.call('/api/projects', { json: { name } });
    const report = async (project: string, number: number) => {
      const json = aReport({ project, exception_type: `Error${number}` });
      expect((await server.call('/api/errors', { json })).status).toBe(201);
    };
    const { id } = (await make('first in line')).body as { id: number };
    for (let number = 0; number < 20; number++) await report('first in line', number);
    expect((await make('first in line')).status).toBe(409);
    await report('second in line', 0);

    expect((await make('third in line')).body.id).toBe(id + 2);
    expect((await server.call('/api/projects')).body.projects).toEqual(
      expect.arrayContaining(['first in line', 'second in line']),
    );
  });

  it.each([
    'Ünïted "🛒" \\ </script>',
    '🛒'.repeat(100),
    ' blanks around ',
    'details',
    '%2f',
    "'; DROP TABLE",
  ])('may be called %j', async (name) => {
    const made = await server.call('/api/projects', { json: { name } });
    expect(made.status).toBe(201);
    expect(made.body.name).toBe(name);
    const { key } = await makeKey(server, name);
    const report = await fetch(`${server.url}/api/errors`, {
      method: 'POST',
      headers: { 'X-Ingest-Key': key, 'Content-Type': 'application/json' },
      body: JSON.stringify(aReport({ project: name })),
    });
    expect(report.status).toBe(201);
  });

  it.each([
    [{}, 'name must be a string of 1 to 100 characters'],
    [{ name: '' }, 'name must be a string of 1 to 100 characters'],
    [{ name: 7 }, 'name must be a string of 1 to 100 characters'],
    [{ name: null }, 'name must be a string of 1 to 100 characters'],
    [{ name: ['shop'] }, 'name must be a string of 1 to 100 characters'],
    [{ name: '🛒'.repeat(101) }, 'name must be a string of 1 to 100 characters'],
    [{ name: 'x', allowed_origins: 'https://a.example.com' }, /^allowed_origins must be a list/],
    [{ name: 'x', allowed_origins: [null] }, /^allowed_origins\[0\] must be an origin/],
    [['x'], 'The body must be a JSON object'],
    ['x', 'The body must be a JSON object'],
  ])('%j is none', async (json, detail) => {
    const { status, body } = await server.call('/api/projects', { json });
    expect([status, body.detail]).toEqual([
      400,
      typeof detail === 'string' ? detail : expect.stringMatching(detail),
    ]);
  });

  it('are read and changed as JSON of a bounded size only', async () => {
    const call = (body: string, type = 'application/json') =>
      server.call('/api/projects', { body, headers: { 'Content-Type': type } });
    expect((await call('{')).status).toBe(400);
    expect((await call('')).status).toBe(400);
    expect((await call('{"name":"x"}', 'text/plain')).status).toBe(415);
    expect((await call(JSON.stringify({ name: 'x'.repeat(200_000) }))).status).toBe(413);
    expect((await call('['.repeat(100) + ']'.repeat(100))).status).toBe(400);
  });

  it('have allowed origins, in the form in which browsers send them', async () => {
    const { projectId } = await makeKey(server, 'with origins');
    const allowed_origins = ['https://Shop.example.com:443/', 'https://*.example.com', '*'];
    const { status, body } = await server.call(`/api/projects/${projectId}`, {
      method: 'PATCH',
      json: { allowed_origins },
    });
    expect(status).toBe(200);
    expect(body.allowed_origins).toEqual(['https://shop.example.com', 'https://*.example.com', '*']);
    expect((await server.call(`/api/projects/${projectId}`)).body).toEqual(body);
    for (const json of [{}, { allowed_origins: null }, { allowed_origins: ['shop'] }]) {
      const refused = await server.call(`/api/projects/${projectId}`, { method: 'PATCH', json });
      expect(refused.status).toBe(400);
    }
    const emptied = await server.call(`/api/projects/${projectId}`, {
      method: 'PATCH',
      json: { allowed_origins: [] },
    });
    expect(emptied.body.allowed_origins).toEqual([]);
  });

  it.each(['0', '999999', '9007199254740993', '99999999999999999999'])(
    'with the id %s are 404',
    async (id) => {
      const json = { allowed_origins: [] };
      for (const [path, options] of [
        [`/api/projects/${id}`, {}],
        [`/api/projects/${id}`, { method: 'PATCH', json }],
        [`/api/projects/${id}/keys`, { json: {} }],
        [`/api/projects/${id}/keys/1`, { method: 'PATCH', json: { name: 'x' } }],
        [`/api/projects/${id}/keys/1/revoke`, { method: 'POST' }],
      ] as const) {
        const { status, body } = await server.call(path, options);
        expect(status).toBe(404);
        expect(body.detail).toMatch(/^(There is no project|The project \d+ has no ingest key)/);
      }
    },
  );

  it.each(['x', '-1', '1.5', '0x1', '1e3', '%20', 'keys'])('with the id %s are 400', async (id) => {
    expect(await server.call(`/api/projects/${id}`)).toMatchObject({
      status: 400,
      body: { detail: 'id must be a whole number' },
    });
    const { projectId } = await makeKey(server, 'ids');
    expect(
      await server.call(`/api/projects/${projectId}/keys/${id}/revoke`, { method: 'POST' }),
    ).toMatchObject({
      status: 400,
      body: { detail: 'key_id must be a whole number' },
    });
  });

  it('are listed page by page, and the overview has its path', async () => {
    for (const name of ['page a', 'page c', 'Page B']) await makeKey(server, name);
    const all = (await server.call('/api/projects/details?limit=200')).body;
    const names = all.projects.map(({ name }: { name: string }) => name);
    expect(names.filter((name: string) => /^page/i.test(name))).toEqual(['page a', 'Page B', 'page c']);
    expect(all.total).toBe(names.length);
    const page = (await server.call('/api/projects/details?limit=2&offset=1')).body;
    expect(page.projects).toEqual(all.projects.slice(1, 3));
    expect((await server.call('/api/projects/details?limit=0')).status).toBe(400);
    expect((await server.call('/api/projects/details?name=a&name=b')).status).toBe(400);
    expect((await server.call('/api/projects/overview')).body.counts).toBe('24h');
  });
});

describe('ingest keys', () => {
  let server: TestServer;
  beforeAll(async () => (server = await startTestServer({ BASE_URL: 'https://example.com/errors/' })));
  afterAll(() => server.close());

  it('are made with a name and a limit, shown again, renamed and revoked', async () => {
    const { projectId } = await makeKey(server, 'shop');
    const made = await server.call(`/api/projects/${projectId}/keys`, {
      json: { name: ' web 🛒 ', rate_limit_per_minute: 60 },
    });
    expect(made.status).toBe(201);
    expect(made.body).toEqual({
      id: expect.any(Number),
      key: expect.stringMatching(KEY),
      dsn: `https://${made.body.key}@example.com/errors/${projectId}`,
      name: 'web 🛒',
      rate_limit_per_minute: 60,
      created_at: expect.stringMatching(TIME),
      revoked_at: null,
      last_used_at: null,
    });
    const path = `/api/projects/${projectId}/keys/${made.body.id}`;
    const renamed = await server.call(path, { method: 'PATCH', json: { name: 'app' } });
    expect(renamed.body).toEqual({ ...made.body, name: 'app' });
    const limited = await server.call(path, { method: 'PATCH', json: { rate_limit_per_minute: 0 } });
    expect(limited.body).toEqual({ ...made.body, name: 'app', rate_limit_per_minute: 0 });
    const shown = (await server.call(`/api/projects/${projectId}`)).body.keys;
    expect(shown).toHaveLength(2);
    expect(shown[1]).toEqual(limited.body);

    for (let i = 0; i < 2; i++) {
      expect(await server.call(`${path}/revoke`, { method: 'POST' })).toMatchObject({
        status: 200,
        body: { status: 'revoked' },
      });
    }
    const after = (await server.call(`/api/projects/${projectId}`)).body.keys;
    expect(after[0].revoked_at).toBeNull();
    expect(after[1]).toEqual({ ...limited.body, dsn: null, revoked_at: expect.stringMatching(TIME) });
    const listed = (await server.call('/api/projects/details?name=shop')).body.projects[0].keys;
    expect(listed).toEqual([after[0]]);
    expect(listed[0].dsn).toMatch(/^https:.*@example.com/);
  });

  it.each([
    [{ name: '' }, /^name must be/],
    [{ name: '   ' }, /^name must be/],
    [{ name: 'x'.repeat(101) }, /^name must be/],
    [{ name: 7 }, /^name must be/],
    [{ rate_limit_per_minute: -1 }, /^rate_limit_per_minute must be/],
    [{ rate_limit_per_minute: 1.5 }, /^rate_limit_per_minute must be/],
    [{ rate_limit_per_minute: '60' }, /^rate_limit_per_minute must be/],
    [{ rate_limit_per_minute: 1_000_001 }, /^rate_limit_per_minute must be/],
    [[], /^The body must be a JSON object/],
  ])('with %j are refused', async (json, detail) => {
    const { path, projectId } = await makeKey(server, 'refusing');
    for (const [to, method] of [
      [`/api/projects/${projectId}/keys`, 'POST'],
      [path, 'PATCH'],
    ] as const) {
      const { status, body } = await server.call(to, { method, json });
      expect([status, body.detail]).toEqual([400, expect.stringMatching(detail)]);
    }
  });

  it('are changed only as keys of their own project', async () => {
    const mine = await makeKey(server, 'mine');
    const other = await makeKey(server, 'other');
    const path = `/api/projects/${other.projectId}/keys/${mine.id}`;
    expect((await server.call(path, { method: 'PATCH', json: { name: 'x' } })).status).toBe(404);
    expect((await server.call(`${path}/revoke`, { method: 'POST' })).status).toBe(404);
    expect((await server.call(mine.path, { method: 'PATCH', json: {} })).status).toBe(400);
  });

  it('are at most a hundred in force for a project, also when many are made at once', async () => {
    const { projectId, path } = await makeKey(server, 'many keys');
    const made = await Promise.all(
      Array.from({ length: 105 }, () => server.call(`/api/projects/${projectId}/keys`, { json: {} })),
    );
    expect(made.filter(({ status }) => status === 201)).toHaveLength(99);
    expect(made.find(({ status }) => status === 409)?.body.detail).toBe(
      'The project has 100 ingest keys already: revoke one first',
    );
    await server.call(`${path}/revoke`, { method: 'POST' });
    expect((await server.call(`/api/projects/${projectId}/keys`, { json: {} })).status).toBe(201);
  });

  it('that were revoked are shown up to twenty', async () => {
    const { projectId } = await makeKey(server, 'revoking');
    for (let i = 0; i < 25; i++) {
      const { body } = await server.call(`/api/projects/${projectId}/keys`, { json: { name: `n${i}` } });
      await server.call(`/api/projects/${projectId}/keys/${body.id}/revoke`, { method: 'POST' });
    }
    const { keys } = (await server.call(`/api/projects/${projectId}`)).body;
    expect(keys).toHaveLength(21);
    expect(keys[1].name).toBe('n24');
  });

  it('may be ten thousand in all, and the last of them still reports at once', async () => {
    const { projectId } = await makeKey(server, 'crowd');
    const have = await server.database.value<number>(
      'SELECT count(*) FROM ingest_keys WHERE revoked_at IS NULL',
    );
    const rows = Array.from({ length: 9_999 - have }, (_, i) => ({
      key: randomBytes(16).toString('hex'),
      project_id: projectId,
      name: `n${i}`,
      rate_limit_per_minute: 0,
      created_at: '2026-01-01 00:00:00.000',
    }));
    await server.database.insert('ingest_keys', rows);
    const last = await makeKey(server, 'last');
    const startedAt = performance.now();
    const { status } = await server.call('/api/errors', {
      json: aReport({ project: 'last' }),
      headers: { 'X-API-Key': '', 'X-Ingest-Key': last.key },
    });
    // An X-API-Key that is there is what counts, empty or not.
    expect(status).toBe(401);
    const answer = await fetch(`${server.url}/api/errors`, {
      method: 'POST',
      headers: { 'X-Ingest-Key': last.key, 'Content-Type': 'application/json' },
      body: JSON.stringify(aReport({ project: 'last' })),
    });
    expect(answer.status).toBe(201);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
    const refused = await server.call(`/api/projects/${last.projectId}/keys`, { json: {} });
    expect(refused).toMatchObject({
      status: 409,
      body: { detail: 'There are 10000 ingest keys already: revoke one first' },
    });
  });
});
