import { connect } from 'node:net';
import { scriptPath } from '../support/assets';
import { captureOutput } from '../support/captured-output';
import { aReport } from '../support/reports';
import type { TestServer } from '../support/test-server';
import { API_KEY, startTestServer } from '../support/test-server';

const ROUTES: [method: string, path: string][] = [
  ['POST', '/api/errors'],
  ['POST', '/API/errors'],
  ['GET', '/api/errors'],
  ['GET', '/api/errors/1'],
  ['GET', '/api/errors/1/counts'],
  ['POST', '/api/errors/1/resolve'],
  ['POST', '/api/errors/1/reopen'],
  ['DELETE', '/api/errors/1'],
  ['POST', '/api/errors/bulk'],
  ['GET', '/api/events'],
  ['GET', '/api/projects'],
  ['GET', '/api/projects/overview'],
  ['GET', '/api/projects/details'],
  ['POST', '/api/projects'],
  ['GET', '/api/projects/1'],
  ['PATCH', '/api/projects/1'],
  ['POST', '/api/projects/1/keys'],
  ['PATCH', '/api/projects/1/keys/1'],
  ['POST', '/api/projects/1/keys/1/revoke'],
  ['GET', '/api/status'],
  ['POST', '/api/test-alert'],
];

describe('the API key', () => {
  let server: TestServer;
  beforeAll(async () => (server = await startTestServer()));
  afterAll(() => server.close());

  it.each(ROUTES)('is asked for by %s %s', async (method, path) => {
    const attempts: Record<string, string>[] = [
      {},
      { 'X-API-Key': '' },
      { 'X-API-Key': 'wrong' },
      { 'X-API-Key': `${API_KEY}x` },
    ];
    for (const headers of attempts) {
      const answer = await fetch(server.url + path, { method, headers });
      expect(answer.status).toBe(401);
      expect(await answer.json()).toEqual({
        detail: expect.stringMatching(/X-API-Key header is (missing|wrong)/),
      });
    }
  });

  it.each(['/api/errors', '/api/errors/bulk'])('is looked at before the body of %s', async (path) => {
    const answer = await fetch(server.url + path, {
      method: 'POST',
      headers: { 'X-API-Key': 'wrong', 'Content-Type': 'text/plain' },
      body: 'x'.repeat(300_000),
    });
    expect(answer.status).toBe(401);
  });

  it('is not taken from the query or twice', async () => {
    expect((await fetch(`${server.url}/api/errors?key=${API_KEY}&X-API-Key=${API_KEY}`)).status).toBe(401);
    const headers: [string, string][] = [
      ['X-API-Key', API_KEY],
      ['X-API-Key', API_KEY],
    ];
    expect((await fetch(`${server.url}/api/errors`, { headers })).status).toBe(401);
  });

  it.each(['/health', '/', '/docs', '/docs-json', scriptPath()])('is not asked for by %s', async (path) => {
    expect((await fetch(server.url + path)).status).toBe(200);
  });
});

describe('the API documentation, which is open to everybody', () => {
  it('leaves out a password in BASE_URL', async () => {
    const server = await startTestServer({ BASE_URL: 'https://me:hunter2@errors.example.com' });
    const documentation = await (await fetch(`${server.url}/docs-json`)).text();
    await server.close();
    expect(documentation).toContain('https://errors.example.com');
    expect(documentation).not.toContain('hunter2');
  });
});

describe('the rate limit', () => {
  const withServer = async (env: Record<string, string>, use: (server: TestServer) => Promise<void>) => {
    const server = await startTestServer({ RATE_LIMIT_PER_MINUTE: '3', ...env });
    try {
      await use(server);
    } finally {
      await server.close();
    }
  };
  const statuses = async (server: TestServer, count: number, headers: Record<string, string> = {}) => {
    const answers = [];
    for (let i = 0; i < count; i++) answers.push((await server.call('/api/projects', { headers })).status);
    return answers;
  };

  it('lets the allowed number through and then answers 429 with the time to wait', () =>
    withServer({}, async (server) => {
      const first = await server.call('/api/errors', { json: aReport() });
      expect(first.headers.get('x-ratelimit-limit')).toBe('3');
      expect(first.headers.get('x-ratelimit-remaining')).toBe('2');
      expect(Number(first.headers.get('x-ratelimit-reset'))).toBeGreaterThan(0);
      expect(await statuses(server, 2)).toEqual([200, 200]);
      const refused = await server.call('/api/errors', { json: aReport() });
      expect(refused.status).toBe(429);
      expect(refused.body).toEqual({
        detail: expect.stringMatching(/^Too many requests: at most 3 a minute/),
      });
      expect(refused.headers.get('x-ratelimit-remaining')).toBe('0');
      const seconds = Number(refused.headers.get('retry-after'));
      expect(seconds).toBeGreaterThanOrEqual(1);
      expect(seconds).toBeLessThanOrEqual(60);
      // What was refused was not stored.
      expect((await server.call('/health')).status).toBe(200);
    }));

  it('counts requests with a wrong key, so that guessing is limited', () =>
    withServer({}, async (server) => {
      expect(await statuses(server, 4, { 'X-API-Key': 'guess' })).toEqual([401, 401, 401, 429]);
      expect(await statuses(server, 1)).toEqual([429]);
    }));

  it('does not count /health, the page and its assets', () =>
    withServer({}, async (server) => {
      for (let i = 0; i < 10; i++) {
        for (const path of ['/health', '/', scriptPath(), '/docs-json']) {
          expect((await fetch(server.url + path)).status).toBe(200);
        }
      }
      expect(await statuses(server, 1)).toEqual([200]);
    }));

  it('is not troubled by a client that resets its connection at once', () =>
    withServer({ LOG_LEVEL: 'debug' }, async (server) => {
      const output = captureOutput();
      for (let i = 0; i < 50; i++) {
        await new Promise<void>((resolve) => {
          const socket = connect(Number(new URL(server.url).port), '127.0.0.1', () => {
            socket.write('POST /api/errors HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n');
            socket.resetAndDestroy();
          });
          socket.on('close', () => resolve());
        });
      }
      expect((await server.call('/health')).status).toBe(200);
      output.stop();
      expect(output.text()).not.toContain('failed');
    }));

  it('is off at 0', () =>
    withServer({ RATE_LIMIT_PER_MINUTE: '0' }, async (server) => {
      expect(await statuses(server, 150)).toEqual(Array.from({ length: 150 }, () => 200));
      expect((await server.call('/api/projects')).headers.get('x-ratelimit-limit')).toBeNull();
    }));

  it('does not believe X-Forwarded-For without TRUST_PROXY', () =>
    withServer({}, async (server) => {
      for (let i = 0; i < 3; i++)
        await server.call('/api/projects', { headers: { 'X-Forwarded-For': `10.0.0.${i}` } });
      expect(await statuses(server, 1, { 'X-Forwarded-For': '10.0.0.99' })).toEqual([429]);
    }));

  it('counts by the address that the last trusted proxy saw', () =>
    withServer({ TRUST_PROXY: '1' }, async (server) => {
      expect(await statuses(server, 4, { 'X-Forwarded-For': '10.0.0.1' })).toEqual([200, 200, 200, 429]);
      expect(await statuses(server, 1, { 'X-Forwarded-For': '10.0.0.2' })).toEqual([200]);
      // What a client writes in front of the proxy's entry changes nothing.
      expect(await statuses(server, 1, { 'X-Forwarded-For': '10.9.9.9, 10.0.0.1' })).toEqual([429]);
      expect(await statuses(server, 1, { 'X-Forwarded-For': 'garbage, \u00e4, 10.0.0.1' })).toEqual([429]);
    }));

  it('counts an address once, whatever port the proxy adds to it', () =>
    withServer({ TRUST_PROXY: '1' }, async (server) => {
      for (let port = 1; port <= 3; port++)
        await statuses(server, 1, { 'X-Forwarded-For': `1.2.3.4:${port}` });
      expect(await statuses(server, 1, { 'X-Forwarded-For': '1.2.3.4' })).toEqual([429]);
      expect(await statuses(server, 1, { 'X-Forwarded-For': '[2001:db8::1]:443' })).toEqual([200]);
    }));

  it('counts the addresses of one IPv6 subscriber together', () =>
    withServer({ TRUST_PROXY: '1' }, async (server) => {
      for (let i = 0; i < 3; i++) await statuses(server, 1, { 'X-Forwarded-For': `2001:db8:1:2::${i}` });
      expect(await statuses(server, 1, { 'X-Forwarded-For': '2001:db8:1:2:ffff::1' })).toEqual([429]);
      expect(await statuses(server, 1, { 'X-Forwarded-For': '2001:db8:1:3::1' })).toEqual([200]);
    }));
});
