import { gzipSync } from 'node:zlib';
import { until } from '../support/faults/until';
import { makeKey, reportWithKey, send } from '../support/ingest-keys';
import { aReport } from '../support/reports';
import { API_KEY, startTestServer, type TestServer } from '../support/test-server';

const SHOP = 'https://shop.example.com';
const CORS = ['access-control-allow-origin', 'access-control-expose-headers', 'access-control-allow-methods'];

/** Keys and values of the headers that browsers go by. */
function corsOf(headers: Headers): Record<string, string> {
  return Object.fromEntries(
    [...headers].filter(([name]) => name.startsWith('access-control-') || name === 'vary'),
  );
}

describe('a report with an ingest key', () => {
  let server: TestServer;
  beforeAll(async () => (server = await startTestServer()));
  afterAll(() => server.close());

  it('is taken as one with the API key is, and answered the same', async () => {
    const { key } = await makeKey(server, 'same');
    const created = await reportWithKey(server, key, { project: 'same' });
    expect(created).toMatchObject({ status: 201, body: { status: 'created', id: expect.any(Number) } });
    const known = await reportWithKey(server, key, { project: 'same' });
    expect(known).toMatchObject({ status: 200, body: { status: 'existing', count: 2 } });
    const withApiKey = await server.call('/api/errors', { json: aReport({ project: 'same' }) });
    expect(withApiKey.body).toEqual({ ...known.body, count: 3 });
    const { body } = await server.call(`/api/errors/${created.body.id}`);
    expect(body.error).toMatchObject({ project: 'same', source: 'server' });
  });

  it('may be compressed, and may have the key in the address or the path in other spellings', async () => {
    const { key } = await makeKey(server, 'spelled');
    const body = gzipSync(JSON.stringify(aReport({ project: 'spelled' })));
    const headers = { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' };
    expect((await send(server, `/api/errors?key=${key}`, { headers, body })).status).toBe(201);
    expect((await send(server, `/api/errors?a=b&key=${key}&c`, { headers, body })).status).toBe(200);
    expect((await send(server, `/API/errors/?key=${key}`, { headers, body })).status).toBe(200);
  });

  it('for another project is refused, whatever that is, with one sentence that names both', async () => {
    const { key } = await makeKey(server, 'own');
    for (const project of ['Own', 'own ', 'öther "<b>"', 'billing']) {
      expect(await reportWithKey(server, key, { project })).toMatchObject({
        status: 403,
        body: {
          detail: `The ingest key is for the project own, and the report names the project ${project}`,
        },
      });
    }
    expect((await server.call('/api/projects')).body.projects).not.toContain('billing');
  });

  it.each([
    [{ project: undefined }, 'project is required'],
    [{ project: 7 }, 'project must be a string'],
    [{ project: '' }, 'project must not be empty'],
    [{ message: null }, 'message must be a string'],
  ])('with %j is refused as any other', async (changes, detail) => {
    const { key } = await makeKey(server, 'shop');
    expect(await reportWithKey(server, key, changes)).toMatchObject({ status: 400, body: { detail } });
  });

  it.each([
    ['unknown', 'f'.repeat(32)],
    ['in capitals', 'F'.repeat(32)],
    ['too short', 'f'.repeat(31)],
    ['too long', 'f'.repeat(4_000)],
    ['empty', ''],
    ['the API key', API_KEY],
    ['a name of every object', 'constructor'],
    ['an injection', "' OR 1=1 --"],
  ])('whose key is %s is refused', async (_what, key) => {
    const expected = { status: 401, body: { detail: 'The ingest key is unknown or revoked' } };
    expect(await reportWithKey(server, key)).toMatchObject(expected);
    expect(await send(server, `/api/errors?key=${encodeURIComponent(key)}`)).toMatchObject(expected);
  });

  it('whose key is given twice, or under another name, is refused', async () => {
    const { key } = await makeKey(server, 'twice');
    expect((await send(server, `/api/errors?key=${key}&key=${key}`)).status).toBe(401);
    expect((await reportWithKey(server, `${key}, ${key}`)).status).toBe(401);
    expect((await send(server, `/api/errors?Key=${key}`)).body.detail).toBe(
      'The X-API-Key header is missing',
    );
  });

  it('whose key stands in the header of the API key is refused, and told so while the key is in force', async () => {
    // The first request with a key, whose keys have not been read yet.
    const fresh = await startTestServer();
    const { key, path } = await makeKey(fresh, 'misplaced');
    const detailOf = async (
      misplaced: string,
      route = '/api/errors',
      headers: Record<string, string> = {},
    ) => {
      const answer = await send(fresh, route, { headers: { 'X-API-Key': misplaced, ...headers } });
      expect(answer.status).toBe(401);
      for (const name of CORS) expect(answer.headers.get(name)).toBeNull();
      expect(Object.keys(answer.body as object)).toEqual(['detail']);
      return answer.body.detail as string;
    };
    const [told, wrong] = [
      'The X-API-Key header has an ingest key: send that in the X-Ingest-Key header',
      'The key in the X-API-Key header is wrong',
    ];
    expect(await detailOf(key)).toBe(told);
    // Whatever stands in the right places: this header decides.
    expect(await detailOf(key, `/api/errors?key=${key}`, { 'X-Ingest-Key': key })).toBe(told);
    for (const other of ['f'.repeat(32), key.slice(1), `${key}, ${key}`, key.toUpperCase()])
      expect(await detailOf(other)).toBe(wrong);
    expect(await detailOf(key, '/api/errors/bulk')).toBe(wrong);
    await fresh.call(`${path}/revoke`, { method: 'POST' });
    expect(await detailOf(key)).toBe(wrong);
    await fresh.close();
  });

  it('is refused from the moment on at which the key is revoked', async () => {
    const { key, path } = await makeKey(server, 'revoked');
    expect((await reportWithKey(server, key, { project: 'revoked' })).status).toBe(201);
    await server.call(`${path}/revoke`, { method: 'POST' });
    expect((await reportWithKey(server, key, { project: 'revoked' })).status).toBe(401);
  });

  it('is looked at before its body', async () => {
    const body = 'x'.repeat(300_000);
    const headers = { 'Content-Type': 'text/html' };
    expect((await send(server, `/api/errors?key=${'f'.repeat(32)}`, { headers, body })).status).toBe(401);
    const { key } = await makeKey(server, 'large');
    expect((await send(server, `/api/errors?key=${key}`, { headers, body })).status).toBe(415);
    const json = { 'Content-Type': 'application/json' };
    expect((await send(server, `/api/errors?key=${key}`, { headers: json, body })).status).toBe(413);
  });

  it('is noted as a use of the key, a moment later', async () => {
    const { key, projectId } = await makeKey(server, 'used');
    const lastUsed = async () =>
      (await server.call(`/api/projects/${projectId}`)).body.keys[0].last_used_at as string | null;
    expect(await lastUsed()).toBeNull();
    await reportWithKey(server, key, { project: 'used' });
    await until(async () => (await lastUsed()) !== null, 5_000);
    const noted = await lastUsed();
    expect(Math.abs(Date.parse(noted!) - Date.now())).toBeLessThan(10_000);
    await reportWithKey(server, key, { project: 'used' });
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(await lastUsed()).toBe(noted);
  });

  it('costs no read of the database', async () => {
    const { key } = await makeKey(server, 'quick');
    await reportWithKey(server, key, { project: 'quick' });
    const unlock = await server.database.lock();
    // Nothing can be written now, so that a report waits; a wrong one is answered all the same.
    const answer = await reportWithKey(server, key, { project: 'other' });
    await unlock();
    expect(answer.status).toBe(403);
  });

  it.each([
    ['GET', '/api/errors'],
    ['GET', '/api/errors/1'],
    ['GET', '/api/projects'],
    ['GET', '/api/projects/details'],
    ['GET', '/api/projects/1'],
    ['POST', '/api/projects/1/keys'],
    ['POST', '/api/errors/1/resolve'],
    ['DELETE', '/api/errors/1'],
    ['POST', '/api/errors/bulk'],
    ['GET', '/api/status'],
    ['GET', '/api/events'],
    ['POST', '/api/test-alert'],
  ])('is all that the key is good for: %s %s is 401', async (method, path) => {
    const { key } = await makeKey(server, 'write only');
    for (const [suffix, headers] of [
      ['', { 'X-Ingest-Key': key }],
      [`?key=${key}`, {}],
      ['', { 'X-API-Key': key }],
      ['', { Authorization: `Bearer ${key}` }],
    ] as const) {
      const { status, headers: answered } = await send(server, path + suffix, { method, headers });
      expect(status).toBe(401);
      for (const name of CORS) expect(answered.get(name)).toBeNull();
    }
  });
});

describe('a page', () => {
  let server: TestServer;
  beforeAll(async () => (server = await startTestServer()));
  afterAll(() => server.close());

  it.each([
    [[SHOP], SHOP, SHOP],
    [['https://*.example.com'], SHOP, SHOP],
    [['http://localhost:3000', '*'], SHOP, '*'],
    [['*'], 'null', '*'],
    [['capacitor://localhost'], 'capacitor://localhost', 'capacitor://localhost'],
  ])('of an allowed origin may report: %j allow %s', async (origins, origin, answered) => {
    const project = `${origins.join()} ${origin}`;
    const { key } = await makeKey(server, project, { origins });
    const { status, headers, body } = await reportWithKey(server, key, { project }, { Origin: origin });
    expect(status).toBe(201);
    expect(corsOf(headers)).toEqual({
      'access-control-allow-origin': answered,
      'access-control-expose-headers':
        'Retry-After, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset',
      vary: 'Origin',
    });
    // What a page sends is what a browser sends, whatever it says.
    const detail = await server.call(`/api/errors/${body.id}`);
    expect(detail.body.error.source).toBe('browser');
    // It may read why a report is refused, too.
    for (const changes of [{ project: 'another' }, { project: 7 }]) {
      const refused = await reportWithKey(server, key, changes, { Origin: origin });
      expect(refused.status).toBeGreaterThanOrEqual(400);
      expect(refused.headers.get('access-control-allow-origin')).toBe(answered);
    }
  });

  it.each([
    [[], SHOP],
    [[SHOP], 'https://evil.example'],
    [[SHOP], 'null'],
    [[SHOP], ''],
    [[SHOP], 'http://shop.example.com'],
    [['https://*.example.com'], 'https://example.com'],
    [['https://*.example.com'], `https://${'a.'.repeat(3_000)}`],
  ])('of another origin may not: %j refuse %j', async (origins, origin) => {
    const { key } = await makeKey(server, 'closed', {});
    const { projectId } = await makeKey(server, 'closed');
    await server.call(`/api/projects/${projectId}`, { method: 'PATCH', json: { allowed_origins: origins } });
    const { status, headers, body } = await reportWithKey(
      server,
      key,
      { project: 'closed' },
      { Origin: origin },
    );
    expect(status).toBe(403);
    expect(body.detail).toMatch(/^The origin .* is not among the allowed origins of the project closed$/);
    expect(body.detail.length).toBeLessThan(250);
    expect(corsOf(headers)).toEqual({ vary: 'Origin' });
  });

  it('may report from the moment on at which its origin is allowed, and no longer', async () => {
    const { key, projectId } = await makeKey(server, 'changing');
    const report = async () =>
      (await reportWithKey(server, key, { project: 'changing' }, { Origin: 'https://new.example' })).status;
    const allow = (allowed_origins: string[]) =>
      server.call(`/api/projects/${projectId}`, { method: 'PATCH', json: { allowed_origins } });
    expect(await report()).toBe(403);
    await allow(['https://new.example']);
    expect(await report()).toBe(201);
    await allow([]);
    expect(await report()).toBe(403);
  });

  it('may not use the API key, wherever it comes from', async () => {
    await makeKey(server, 'open', { origins: ['*'] });
    const { status, headers } = await server.call('/api/errors', {
      json: aReport(),
      headers: { Origin: SHOP },
    });
    expect(status).toBe(201);
    expect(corsOf(headers)).toEqual({});
  });

  it('with an unknown key is told so without CORS headers', async () => {
    const { status, headers } = await reportWithKey(server, 'f'.repeat(32), {}, { Origin: SHOP });
    expect(status).toBe(401);
    expect(headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('a preflight', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer({ RATE_LIMIT_PER_MINUTE: '20' });
    await makeKey(server, 'shop', { origins: [SHOP, 'https://*.staging.example'] });
  });
  afterAll(() => server.close());

  const ask = (origin: string | null, path = '/api/errors') =>
    send(server, path, {
      method: 'OPTIONS',
      headers: {
        ...(origin !== null && { Origin: origin }),
        'Access-Control-Request-Method': 'POST',
        'Access-Control-Request-Headers': 'content-type,x-ingest-key',
      },
    });

  it.each([SHOP, 'https://a.staging.example'])(
    'from %s is allowed, with nothing else to say',
    async (origin) => {
      for (const path of ['/api/errors', `/api/errors?key=${'f'.repeat(32)}`]) {
        const { status, headers, body } = await ask(origin, path);
        expect([status, body]).toEqual([204, null]);
        expect(corsOf(headers)).toEqual({
          'access-control-allow-origin': origin,
          'access-control-allow-methods': 'POST',
          'access-control-allow-headers': 'Content-Type, Content-Encoding, X-Ingest-Key',
          'access-control-max-age': '3600',
          vary: 'Origin',
        });
      }
    },
  );

  it.each([null, '', 'null', 'https://evil.example', 'https://staging.example'])(
    'from %j is refused without CORS headers',
    async (origin) => {
      const { status, headers, body } = await ask(origin);
      expect(status).toBe(403);
      expect(body.detail).toMatch(/^No project with an ingest key allows reports from the origin/);
      expect(corsOf(headers)).toEqual({});
    },
  );

  it('is not counted by the rate limit', async () => {
    for (let i = 0; i < 30; i++) expect((await ask(SHOP)).status).toBe(204);
  });

  it('for any other route is not allowed', async () => {
    for (const path of ['/api/errors/1', '/api/projects', '/api/errors/bulk', '/']) {
      const answer = await fetch(server.url + path, {
        method: 'OPTIONS',
        headers: { Origin: SHOP, 'Access-Control-Request-Method': 'GET' },
      });
      expect(corsOf(answer.headers)).toEqual({});
    }
  });
});

describe('a beacon', () => {
  let server: TestServer;
  let key: string;
  beforeAll(async () => {
    server = await startTestServer();
    ({ key } = await makeKey(server, 'shop', { origins: [SHOP] }));
  });
  afterAll(() => server.close());

  it.each(['text/plain;charset=UTF-8', 'text/plain', 'Text/Plain; charset="utf-8"', 'application/json'])(
    'with the key in its address may call its JSON %s',
    async (type) => {
      const body = JSON.stringify(aReport({ message: type }));
      const headers = { 'Content-Type': type, Origin: SHOP };
      expect((await send(server, `/api/errors?key=${key}`, { headers, body })).status).toBeLessThan(300);
    },
  );

  it.each([
    'application/x-www-form-urlencoded',
    'text/html',
    'text/plain;charset=latin1',
    'multipart/form-data',
  ])('may not call it %s', async (type) => {
    const headers = { 'Content-Type': type, Origin: SHOP };
    const { status } = await send(server, `/api/errors?key=${key}`, { headers, body: '{}' });
    expect(status).toBe(415);
  });

  it('of text is taken with the key in the address only', async () => {
    const body = JSON.stringify(aReport());
    const headers = { 'Content-Type': 'text/plain' };
    for (const given of [{ 'X-Ingest-Key': key }, { 'X-API-Key': API_KEY }] as Record<string, string>[]) {
      const path = `/api/errors?key=${key}`;
      expect((await send(server, path, { headers: { ...headers, ...given }, body })).status).toBe(415);
    }
  });

  it('of a page that is not allowed is refused, though the browser has asked nobody', async () => {
    const headers = { 'Content-Type': 'text/plain', Origin: 'https://evil.example' };
    const body = JSON.stringify(aReport({ message: 'forged' }));
    expect((await send(server, `/api/errors?key=${key}`, { headers, body })).status).toBe(403);
  });
});

describe('the limit of an ingest key', () => {
  const withServer = async (env: Record<string, string>, use: (server: TestServer) => Promise<void>) => {
    const server = await startTestServer({ TRUST_PROXY: '1', ...env });
    try {
      await use(server);
    } finally {
      await server.close();
    }
  };
  const from = (address: number) => ({ 'X-Forwarded-For': `192.0.2.${address}`, Origin: SHOP });

  it('counts what comes from all addresses, and answers 429 with the time to wait', () =>
    withServer({}, async (server) => {
      const { key, path } = await makeKey(server, 'shop', { origins: [SHOP], rate_limit_per_minute: 3 });
      const other = await makeKey(server, 'shop');
      for (const left of [2, 1, 0]) {
        const { status, headers } = await reportWithKey(server, key, {}, from(left));
        expect(status).toBeLessThan(300);
        expect(headers.get('x-ratelimit-limit')).toBe('3');
        expect(headers.get('x-ratelimit-remaining')).toBe(String(left));
      }
      const { status, headers, body } = await reportWithKey(server, key, {}, from(9));
      expect(status).toBe(429);
      expect(body.detail).toMatch(
        /^Too many requests: at most 3 a minute with this ingest key; try again in \d+ seconds$/,
      );
      expect(headers.get('x-ratelimit-remaining')).toBe('0');
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
      expect(headers.get('access-control-allow-origin')).toBe(SHOP);
      expect((await reportWithKey(server, other.key, {})).status).toBe(200);

      await server.call(path, { method: 'PATCH', json: { rate_limit_per_minute: 0 } });
      expect((await reportWithKey(server, key, {}, from(9))).status).toBe(200);
    }));

  it('stands beside the limit of each address, and the headers tell of the tighter one', () =>
    withServer({ RATE_LIMIT_PER_MINUTE: '4' }, async (server) => {
      const limits = { origins: [SHOP], rate_limit_per_minute: 100 };
      const { key } = await makeKey(server, 'shop', limits);
      for (let i = 0; i < 4; i++) {
        const { status, headers } = await reportWithKey(server, key, {}, from(1));
        expect(status).toBeLessThan(300);
        expect(headers.get('x-ratelimit-limit')).toBe('4');
      }
      const refused = await reportWithKey(server, key, {}, from(1));
      expect(refused.status).toBe(429);
      expect(refused.body.detail).toMatch(/at most 4 a minute from one address/);
      // The page can read how long it has to wait.
      expect(refused.headers.get('access-control-allow-origin')).toBe(SHOP);
      expect((await reportWithKey(server, key, {}, from(2))).status).toBe(200);
    }));

  it('does not keep anybody from guessing less: wrong keys count for the address', () =>
    withServer({ RATE_LIMIT_PER_MINUTE: '3' }, async (server) => {
      const statuses = [];
      for (let i = 0; i < 5; i++)
        statuses.push((await reportWithKey(server, `${i}`.repeat(32), {}, from(1))).status);
      expect(statuses).toEqual([401, 401, 401, 429, 429]);
    }));
});
