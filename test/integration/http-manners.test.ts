import { connect } from 'node:net';
import { scriptPath } from '../support/assets';
import type { TestServer } from '../support/test-server';
import { aReport } from '../support/reports';
import { API_KEY, startTestServer } from '../support/test-server';

describe('answers over HTTP', () => {
  let server: TestServer;
  beforeAll(async () => (server = await startTestServer()));
  afterAll(() => server.close());

  it('GET /health says ok', async () => {
    const answer = await fetch(`${server.url}/health`);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({ status: 'ok' });
  });

  it.each([
    ['GET', '/nothing'],
    ['GET', '/api'],
    ['GET', '/api/nothing'],
    ['DELETE', '/api/errors'],
    ['PUT', '/api/errors/1'],
    ['GET', '/assets/missing.js'],
    ['GET', '/assets/..%2f..%2fpackage.json'],
    ['GET', `/${'x'.repeat(2_000)}`],
  ])('%s %s is 404 with a detail', async (method, path) => {
    const answer = await server.call(path, { method });
    expect(answer.status).toBe(404);
    expect(answer.body.detail).toMatch(/^There is no route/);
    expect(answer.body.detail.length).toBeLessThan(200);
  });

  it('sends security headers everywhere, and no X-Powered-By', async () => {
    for (const path of ['/', '/health', '/api/errors', scriptPath(), '/nothing']) {
      const { headers } = await server.call(path);
      expect(headers.get('x-powered-by')).toBeNull();
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-frame-options')).toBe('DENY');
      const policy = headers.get('content-security-policy');
      expect(policy).toContain("default-src 'none'");
      expect(policy).not.toContain('unsafe');
    }
  });

  it('sends the same headers with reports, taken or refused', async () => {
    const names = async (path: string, json: unknown) => {
      const { status, headers } = await server.call(path, { json });
      const constant = [...headers].filter(([name]) => !['date', 'content-length'].includes(name));
      return [status, Object.fromEntries(constant)];
    };
    for (const json of [{}, aReport({ project: 'headers', message: 'first' })]) {
      await server.call('/api/errors', { json });
      expect(await names('/api/errors', json)).toEqual(await names('/API/errors', json));
    }
  });

  it('forbids caches to keep what the API says', async () => {
    for (const path of ['/api/errors', '/api/errors/1', '/api/nothing', '/health']) {
      expect((await server.call(path)).headers.get('cache-control')).toBe('no-store');
    }
    expect((await server.call('/')).headers.get('cache-control')).toBe('no-cache');
    const script = await server.call(scriptPath());
    expect(script.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  });

  it('serves the page without inline script or style', async () => {
    const { headers, body } = await server.call('/');
    expect(headers.get('content-type')).toMatch(/^text\/html/);
    expect(body).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|javascript:/i);
  });

  it.each([
    ['no HTTP at all', 'hello\r\n\r\n', 400],
    ['a bad header', 'GET /health HTTP/1.1\r\nHost: x\r\nbad header\r\n\r\n', 400],
    [
      'two lengths',
      'POST /api/errors HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab',
      400,
    ],
    ['no Host header', 'GET /nothing HTTP/1.1\r\nConnection: close\r\n\r\n', 404],
    ['an unknown expectation', 'GET /health HTTP/1.1\r\nHost: x\r\nExpect: magic\r\n\r\n', 417],
    ['CONNECT', 'CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n', 405],
    ['headers of 20 KB', `GET /health HTTP/1.1\r\nHost: x\r\nX-Long: ${'a'.repeat(20_000)}\r\n\r\n`, 431],
  ])('answers %s with a JSON detail', async (_situation, bytes, status) => {
    const answer = await exchange(server, bytes);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4))).toEqual({ detail: expect.any(String) });
  });

  it('cuts off a client that does not finish its headers, after ten seconds', async () => {
    const startedAt = Date.now();
    const answer = await exchange(server, 'GET /health HTTP/1.1\r\nHost: x\r\nX-Slow: ');
    const seconds = (Date.now() - startedAt) / 1000;
    expect(answer).toMatch(/^HTTP\/1.1 408 .*"detail":"The request took too long to arrive"/s);
    expect(seconds).toBeGreaterThan(9);
    expect(seconds).toBeLessThan(16);
  });

  it('answers requests sent in one go in their order', async () => {
    const request = (path: string) => `GET ${path} HTTP/1.1\r\nHost: x\r\nX-API-Key: ${API_KEY}\r\n`;
    const answer = await exchange(
      server,
      `${request('/health')}\r\n${request('/api/projects')}\r\n${request('/health')}Connection: close\r\n\r\n`,
    );
    expect(answer.match(/HTTP\/1.1 200 OK/g)).toHaveLength(3);
    expect(answer.indexOf('"projects"')).toBeGreaterThan(answer.indexOf('"ok"'));
  });

  it('takes a report of a client that closes its side behind it, and answers', async () => {
    const body = JSON.stringify(aReport({ project: 'half-closed' }));
    const request =
      `POST /api/errors HTTP/1.1\r\nHost: x\r\nX-API-Key: ${API_KEY}\r\nContent-Type: application/json\r\n` +
      `Content-Length: ${body.length}\r\n\r\n${body}`;
    expect(await exchange(server, request, true)).toMatch(/^HTTP\/1.1 201 /);
    expect((await server.call('/api/errors?project=half-closed')).body.total).toBe(1);
  });

  it('ends the stream of changes of a client that closes its side', async () => {
    const request = `GET /api/events HTTP/1.1\r\nHost: x\r\nX-API-Key: ${API_KEY}\r\n\r\n`;
    expect(await exchange(server, request, true)).toMatch(/^(HTTP\/1.1 200 |$)/);
  });
});

/** What the server says to some bytes until it closes the connection. */
function exchange(server: TestServer, bytes: string, isHalfClosed = false): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1', () => {
      if (isHalfClosed) socket.end(bytes);
      else socket.write(bytes);
    });
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => (answer += text));
    socket.on('error', reject);
    socket.on('close', () => resolve(answer));
  });
}
