import { gzipSync } from 'node:zlib';
import { anEnvelope } from '../support/events';
import { until } from '../support/faults/until';
import { makeKey, type MadeKey, reportWithKey, send } from '../support/ingest-keys';
import { aReport } from '../support/reports';
import { RestartedServer } from '../support/restarted-server';
import { startTestServer, type TestServer } from '../support/test-server';

interface Entry {
  project_id: number | null;
  project: string | null;
  outcome: string;
  reason: string;
  detail: string | null;
  client: string | null;
  count: number;
  first_at: string;
  last_at: string;
  explanation: string;
  remedy: string;
}

const JSON_TYPE = { 'Content-Type': 'application/json' };
const SHOP = 'https://shop.example.com';
const EVIL = 'https://evil.example';
/** What is sent, and must stand nowhere in the ledger. */
const SECRET = 'hunter2';
const WRONG_KEY = 'f'.repeat(32);

async function list(server: Pick<TestServer, 'call'>, query = 'limit=200'): Promise<Entry[]> {
  const { status, body } = await server.call(`/api/ledger?${query}`);
  expect(status).toBe(200);
  return body.entries as Entry[];
}

/** What is noted is written a second later. */
const untilListed = (server: TestServer, holds: (entries: Entry[]) => boolean) =>
  until(async () => holds(await list(server)), 5_000);

describe('the ledger', () => {
  let server: TestServer;
  let shop: MadeKey;
  let limited: MadeKey;

  beforeAll(async () => {
    server = await startTestServer({ RATE_LIMIT_PER_MINUTE: '1000', TRUST_PROXY: '1' });
    shop = await makeKey(server, 'shop', { origins: [SHOP] });
    limited = await makeKey(server, 'limited', { rate_limit_per_minute: 1 });
  });
  afterAll(() => server.close());

  it('tells of each refusal why, of which project, by whom, and how often', async () => {
    const agent = (name: string) => ({ 'User-Agent': name });
    const withKey = (body: string | Uint8Array, headers: Record<string, string>) =>
      send(server, `/api/errors?key=${shop.key}`, { headers: { ...JSON_TYPE, ...headers }, body });
    const secret = { message: SECRET, extra: { password: SECRET } };
    const text = JSON.stringify(aReport(secret));
    const revoked = await makeKey(server, 'shop');
    await server.call(`${revoked.path}/revoke`, { method: 'POST' });
    await reportWithKey(server, limited.key, { project: 'limited' });
    const fromBusyAddress = () => reportWithKey(server, shop.key, {}, { 'X-Forwarded-For': '192.0.2.9' });
    while ((await fromBusyAddress()).headers.get('x-ratelimit-remaining') !== '0');

    const cases: [expected: Partial<Entry>, status: number, attempt: () => Promise<{ status: number }>][] = [
      [
        { project_id: null, reason: 'unknown-key', detail: null, client: 'revoked', count: 6 },
        401,
        async () => {
          await reportWithKey(server, WRONG_KEY, secret, agent('wrong'));
          return reportWithKey(server, revoked.key, secret, agent('revoked'));
        },
      ],
      [
        { project_id: null, reason: 'wrong-api-key', detail: null, client: 'wrong key' },
        401,
        () =>
          send(server, '/api/errors', {
            headers: { 'X-API-Key': SECRET, ...agent('wrong key') },
            body: text,
          }),
      ],
      [
        { project_id: shop.projectId, reason: 'misplaced-key', detail: null, client: 'misplaced' },
        401,
        () =>
          send(server, '/api/errors', {
            headers: { 'X-API-Key': shop.key, ...agent('misplaced') },
            body: text,
          }),
      ],
      [
        { project_id: null, reason: 'no-key', detail: null, client: 'keyless' },
        401,
        () => send(server, '/api/errors', { headers: { ...JSON_TYPE, ...agent('keyless') }, body: text }),
      ],
      [
        {
          project_id: shop.projectId,
          reason: 'other-project',
          detail: 'the report names the project billing',
        },
        403,
        () => reportWithKey(server, shop.key, { ...secret, project: 'billing' }),
      ],
      [
        { project_id: shop.projectId, reason: 'origin', detail: EVIL },
        403,
        () => reportWithKey(server, shop.key, secret, { Origin: EVIL }),
      ],
      [
        { project_id: null, reason: 'origin', detail: 'https://preflight.example' },
        403,
        () =>
          send(server, '/api/errors', {
            method: 'OPTIONS',
            headers: { Origin: 'https://preflight.example', 'Access-Control-Request-Method': 'POST' },
          }),
      ],
      [
        { project_id: limited.projectId, reason: 'key-limit', detail: 'at most 1 a minute' },
        429,
        () => reportWithKey(server, limited.key, { project: 'limited' }),
      ],
      [{ project_id: shop.projectId, reason: 'address-limit', detail: null }, 429, () => fromBusyAddress()],
      [
        { project_id: shop.projectId, reason: 'malformed', detail: 'exception_type must be a string' },
        400,
        () => reportWithKey(server, shop.key, { ...secret, exception_type: [SECRET] }),
      ],
      [
        { project_id: shop.projectId, reason: 'malformed', detail: 'The body is not valid JSON' },
        400,
        () => withKey(text.slice(0, -1), {}),
      ],
      [
        {
          project_id: shop.projectId,
          reason: 'malformed',
          detail: 'The Content-Type must be application/json',
        },
        415,
        () => withKey(text, { 'Content-Type': 'text/html' }),
      ],
      [
        { project_id: shop.projectId, reason: 'too-large', detail: 'body' },
        413,
        () => withKey(SECRET.repeat(40_000), {}),
      ],
      [
        { project_id: shop.projectId, reason: 'encoding', detail: 'br' },
        415,
        () => withKey(text, { 'Content-Encoding': 'br' }),
      ],
      [
        { project_id: shop.projectId, reason: 'compression', detail: null },
        400,
        () => withKey(gzipSync(text).subarray(0, -20), { 'Content-Encoding': 'gzip' }),
      ],
      [
        { project_id: null, reason: 'malformed', detail: 'message is required', client: 'admin' },
        400,
        () => server.call('/api/errors', { json: aReport({ message: undefined }), headers: agent('admin') }),
      ],
    ];
    const startedAt = Date.now();
    for (const [{ reason }, status, attempt] of cases) {
      for (let time = 0; time < 3; time++)
        expect([reason, (await attempt()).status]).toEqual([reason, status]);
    }
    const isThere = (expected: Partial<Entry>) => (entry: Entry) =>
      Object.entries({ outcome: 'refused', count: 3, ...expected }).every(
        ([name, value]) => entry[name as keyof Entry] === value,
      );
    await untilListed(server, (entries) =>
      cases.every(([expected]) => entries.some(isThere(expected))),
    ).catch(async () => {
      const entries = await list(server);
      expect(entries).toEqual(cases.map(([expected]) => expect.objectContaining(expected)));
    });

    const entries = await list(server);
    expect(entries).toHaveLength(cases.length);
    for (const { project, project_id: id, first_at: first, last_at: last, explanation, remedy } of entries) {
      expect(project).toBe({ [shop.projectId]: 'shop', [limited.projectId]: 'limited' }[id ?? 0] ?? null);
      expect(Date.parse(first)).toBeGreaterThanOrEqual(startedAt);
      expect(Date.parse(last)).toBeGreaterThanOrEqual(Date.parse(first));
      expect([explanation, remedy]).toEqual([expect.stringMatching(/\.$/), expect.stringMatching(/\.$/)]);
    }
    const times = entries.map(({ last_at: at }) => at);
    expect(times).toEqual([...times].sort().reverse());
    const everything = JSON.stringify(await server.database.all('SELECT * FROM ingest_ledger'));
    for (const hidden of [SECRET, WRONG_KEY, shop.key, limited.key, revoked.key])
      expect(everything).not.toContain(hidden);

    expect((await list(server, `project_id=${limited.projectId}`)).map(({ reason }) => reason)).toEqual([
      'key-limit',
    ]);
    expect((await list(server, 'project_id=0')).every(({ project_id: id }) => id === null)).toBe(true);
    expect(await list(server, 'limit=2')).toEqual(entries.slice(0, 2));
  });

  it('does not tell of reports that are stored, nor of what whoever has the API key is told anyway', async () => {
    const before = await list(server);
    await reportWithKey(server, shop.key);
    await server.call('/api/errors', { json: aReport() });
    await server.call('/api/errors?limit=x');
    await server.call('/api/projects', { json: {} });
    // Notes are written in the order of their coming.
    await reportWithKey(server, shop.key, { project: 'last' });
    await untilListed(server, (entries) => entries.some(({ detail }) => detail?.endsWith(' last') === true));
    expect((await list(server)).slice(1)).toEqual(before);
  });

  it('holds ten of each project and reason, and 30 days of them, and cuts what is long', async () => {
    const others = (entries: Entry[]) => entries.filter(({ reason }) => reason !== 'other-project');
    const ago = (days: number) =>
      new Date(Date.now() - days * 86_400_000).toISOString().replace('T', ' ').replace('Z', '');
    const row = { project_id: 0, reason: 'cut', client: '', n: 4, first_at: ago(60) };
    await server.database.insert('ingest_ledger', [
      { ...row, told_apart_by: '1', detail: 'too old', last_at: ago(30.1) },
      { ...row, told_apart_by: '2', detail: 'not yet', last_at: ago(29.9) },
    ]);
    const before = others(await list(server));
    expect(before.at(-1)).toMatchObject({ detail: 'not yet', outcome: 'truncated', count: 4 });
    for (let part = 0; part < 2; part++) {
      for (let i = 0; i < 30; i++) {
        const agent = `${part}-${i}-${'long '.repeat(1_000)}`;
        await reportWithKey(server, shop.key, { project: 'billing' }, { 'User-Agent': agent });
      }
      await untilListed(server, (entries) =>
        entries.some(({ client }) => client?.startsWith(`${part}-29-`) === true),
      );
    }
    const entries = await list(server);
    const found = entries.filter(({ reason }) => reason === 'other-project');
    expect(found).toHaveLength(10);
    // Of those of one millisecond any may stay.
    for (const { client } of found) expect(client).toMatch(/^1-(1[5-9]|2\d)-long/);
    for (const { client } of found) expect(client).toHaveLength(100);
    expect(others(entries)).toEqual(before);
    const stored = await server.database.all<{ reason: string; detail: string }>(
      'SELECT reason, detail FROM ingest_ledger',
    );
    expect(stored.filter(({ reason }) => reason === 'other-project')).toHaveLength(10);
    expect(stored.filter(({ reason }) => reason === 'cut').map(({ detail }) => detail)).toEqual(['not yet']);
  });

  it('has one entry for what strangers without a key send to a project, whatever they call themselves', async () => {
    const { key, projectId: id } = await makeKey(server, 'flooded', { origins: [SHOP] });
    const quiet = await makeKey(server, 'quiet');
    const store = (project: number, query: string, headers: Record<string, string> = {}) =>
      send(server, `/api/${project}/store/?${query}`, { headers: { ...JSON_TYPE, ...headers }, body: '{}' });
    // A tunnel: the envelope itself would have the key.
    const tunnel = (project: number, agent: string) =>
      send(server, `/api/${project}/envelope/`, { headers: { 'User-Agent': agent }, body: '{"dsn"' });
    await store(id, `sentry_key=${key}&sentry_client=own`, { Origin: EVIL });
    await send(server, `/api/${id}/envelope/?sentry_key=${key}&sentry_client=own`, { body: '{"dsn"' });
    for (let i = 0; i < 40; i++) {
      const client = `sentry_client=flood${i}`;
      const { status } = await store(id, `sentry_key=${WRONG_KEY.replace('f', String(i % 10))}&${client}`);
      expect(status).toBe(403);
      await store(id, '', { 'User-Agent': `flood${i}` });
      await store(987_000 + i, `sentry_key=${WRONG_KEY}&${client}`);
      await tunnel(id, `flood${i}`);
    }
    await store(quiet.projectId, `sentry_key=${WRONG_KEY}&sentry_client=mine`);
    const of = async (project: number) =>
      (await list(server, `project_id=${project}&limit=200`)).map(
        ({ reason, detail, client, count }) => `${count} ${reason} ${client} ${detail}`,
      );
    await untilListed(server, (entries) => entries.some(({ project }) => project === 'quiet'));
    expect(await of(quiet.projectId)).toEqual(['1 unknown-key mine null']);
    expect((await of(id)).sort()).toEqual([
      expect.stringMatching(/^1 malformed own /),
      `1 origin own ${EVIL}`,
      expect.stringMatching(/^40 malformed flood39 /),
      '40 no-key flood39 null',
      '40 unknown-key flood39 null',
    ]);
    expect(await of(0)).toContain('40 unknown-project flood39 project 987039');
  });

  it('says what a Sentry client with a key has wrong', async () => {
    const { key, projectId: id } = await makeKey(server, 'wrong id', { rate_limit_per_minute: 1 });
    const store = (project: number) =>
      send(server, `/api/${project}/store/?sentry_key=${key}`, {
        headers: { ...JSON_TYPE, 'User-Agent': 'mine' },
        body: '{"message":"x"}',
      });
    expect((await store(999)).status).toBe(403);
    expect((await store(id)).status).toBe(200);
    expect((await store(id)).status).toBe(429);
    const of = async () =>
      (await list(server, `project_id=${id}`)).map(({ reason, detail }) => `${reason} ${detail}`).sort();
    await untilListed(server, (entries) => entries.some(({ project }) => project === 'wrong id'));
    expect(await of()).toEqual([
      'key-limit at most 1 a minute',
      'other-project the address names the project 999',
    ]);
  });

  it('tells what a client says that it dropped, but not what it was asked not to send', async () => {
    const { key, projectId: id } = await makeKey(server, 'dropping');
    const envelope = (type: string, payload: object) =>
      send(server, `/api/${id}/envelope/?sentry_key=${key}`, { body: anEnvelope({}, [type, payload]) });
    const { headers } = await envelope('session', { sid: '1' });
    const unkept = headers.get('x-sentry-rate-limits')!.split(':')[1]!.split(';');
    expect(unkept).toContain('session');
    const dropped = [...unkept, 'error', 'attachment'].map((category) => ({
      reason: 'ratelimit_backoff',
      category,
      quantity: 3,
    }));
    const sampled = { reason: 'sample_rate', category: 'session', quantity: 2 };
    await envelope('client_report', { discarded_events: [...dropped, sampled] });
    await untilListed(server, (entries) =>
      entries.some(({ project, outcome }) => project === 'dropping' && outcome === 'lost'),
    );
    const lost = (await list(server, `project_id=${id}`)).filter(({ outcome }) => outcome === 'lost');
    expect(lost.map(({ detail, count }) => `${detail} ${count}`).sort()).toEqual([
      'ratelimit_backoff: attachment 3',
      'ratelimit_backoff: error 3',
      'sample_rate: session 2',
    ]);
  });

  it('tells that the database could not take a report, once it can be written again', async () => {
    const unlock = await server.database.lock();
    const { status } = await reportWithKey(server, shop.key);
    await unlock();
    expect(status).toBe(503);
    await until(
      async () =>
        (await list(server)).some(({ reason, project }) => reason === 'unavailable' && project === 'shop'),
      5_000,
    );
  });

  it.each([
    ['project_id=-1', 400, 'project_id must be a whole number of at least 0'],
    ['project_id=', 400, 'project_id must be a whole number of at least 0'],
    ['project_id=1&project_id=2', 400, 'project_id must be a whole number of at least 0'],
    ['limit=0', 400, 'limit must be a whole number from 1 to 200'],
    ['limit=201', 400, 'limit must be a whole number from 1 to 200'],
    ['project_id=999', 404, 'There is no project 999'],
    ['project_id=999999999999999', 404, 'There is no project 999999999999999'],
  ])('refuses ?%s with %i', async (query, status, detail) => {
    expect(await server.call(`/api/ledger?${query}`)).toMatchObject({ status, body: { detail } });
  });

  it('is read with the API key alone', async () => {
    const { status } = await send(server, `/api/ledger?key=${shop.key}`, { method: 'GET' });
    expect(status).toBe(401);
  });
});

it('the ledger is kept when the server stops at once after a refusal, and counts on after it', async () => {
  const servers = new RestartedServer();
  const refuse = (server: TestServer) => reportWithKey(server, WRONG_KEY, {}, { 'User-Agent': 'restarted' });
  await refuse(await servers.start());
  await servers.stop();
  const server = await servers.start();
  const [entry] = await list(server);
  expect(entry).toMatchObject({ reason: 'unknown-key', client: 'restarted', count: 1 });
  await refuse(server);
  await untilListed(server, ([again]) => again?.count === 2 && again.first_at === entry?.first_at);
  expect((await list(server))[0]!.last_at > entry!.last_at).toBe(true);
  await servers.end();
});
