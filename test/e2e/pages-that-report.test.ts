import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../support/browser';
import { until } from '../support/faults/until';
import { makeKey } from '../support/ingest-keys';
import { servePage } from '../support/page-server';
import { aReport } from '../support/reports';
import { startTestServer, type TestServer } from '../support/test-server';

describe('a page of another origin', () => {
  let browser: Browser;
  let server: TestServer;
  let shop: Awaited<ReturnType<typeof servePage>>;
  let page: Page;
  let key: string;
  let projectId: number;

  beforeAll(async () => {
    browser = await launchBrowser();
    server = await startTestServer();
    shop = await servePage('<!doctype html><title>Shop</title>');
  }, 60_000);

  afterAll(async () => {
    await browser.close();
    await server.close();
    await shop.close();
  });

  beforeEach(async () => {
    ({ key, projectId } = await makeKey(server, 'shop'));
    await allow([shop.url]);
    page = await browser.newPage();
    await page.goto(`${shop.url}/cart`);
  });

  afterEach(() => page.close());

  const allow = (allowed_origins: string[]) =>
    server.call(`/api/projects/${projectId}`, { method: 'PATCH', json: { allowed_origins } });

  /** @returns status, detail and a header, or that the browser refused */
  const fetchFromPage = (headers: Record<string, string>, query = '', changes = {}) =>
    page.evaluate<unknown>(
      `fetch(${JSON.stringify(`${server.url}/api/errors${query}`)}, {
        method: 'POST', headers: ${JSON.stringify(headers)}, body: ${JSON.stringify(JSON.stringify(aReport(changes)))}
      }).then(
        async (answer) => [answer.status, (await answer.json()).detail, answer.headers.get('X-RateLimit-Limit')],
        (error) => error.name)`,
    );

  const countOf = async (message: string) =>
    ((await server.call(`/api/errors?search=${encodeURIComponent(message)}`)).body.errors[0]?.count ??
      0) as number;

  const json = { 'Content-Type': 'application/json' };

  test('reports with fetch, after the browser has asked for leave', async () => {
    const changes = { exception_type: 'ByFetch', message: 'sent by fetch' };
    expect(await fetchFromPage({ ...json, 'X-Ingest-Key': key }, '', changes)).toEqual([
      201,
      undefined,
      null,
    ]);
    expect(await fetchFromPage(json, `?key=${key}`, changes)).toEqual([200, undefined, null]);
    expect(await countOf('sent by fetch')).toBe(2);
  });

  // Browsers send cookies with a beacon, which its JSON would need a leave for that is never given.
  test('reports with a beacon, of text', async () => {
    const url = JSON.stringify(`${server.url}/api/errors?key=${key}`);
    const body = JSON.stringify(
      JSON.stringify(aReport({ exception_type: 'ByBeacon', message: 'sent by beacon' })),
    );
    expect(await page.evaluate(`navigator.sendBeacon(${url}, ${body})`)).toBe(true);
    const blob = `new Blob([${body}], { type: 'text/plain' })`;
    expect(await page.evaluate(`navigator.sendBeacon(${url}, ${blob})`)).toBe(true);
    await until(async () => (await countOf('sent by beacon')) === 2, 5_000);
  });

  test('reports with a beacon while it is being left', async () => {
    const url = JSON.stringify(`${server.url}/api/errors?key=${key}`);
    const body = JSON.stringify(
      JSON.stringify(aReport({ exception_type: 'Leaving', message: 'while leaving' })),
    );
    await page.evaluate(`addEventListener('pagehide', () => navigator.sendBeacon(${url}, ${body}))`);
    await page.goto('about:blank');
    await until(async () => (await countOf('while leaving')) === 1, 5_000);
  });

  test('reads why its report is refused, and how long to wait', async () => {
    expect(await fetchFromPage({ ...json, 'X-Ingest-Key': key }, '', { project: 'billing' })).toEqual([
      403,
      'The ingest key is for the project shop, and the report names the project billing',
      null,
    ]);
    const limited = await makeKey(server, 'shop', { rate_limit_per_minute: 1 });
    await fetchFromPage({ ...json, 'X-Ingest-Key': limited.key });
    expect(await fetchFromPage({ ...json, 'X-Ingest-Key': limited.key })).toEqual([
      429,
      expect.stringMatching(/at most 1 a minute with this ingest key/),
      '1',
    ]);
  });

  test('is kept from reporting by the browser when its origin is not allowed', async () => {
    await allow(['https://other.example.com']);
    expect(await fetchFromPage({ ...json, 'X-Ingest-Key': key }, '', { message: 'not allowed' })).toBe(
      'TypeError',
    );
    const beacon = { 'Content-Type': 'text/plain' };
    expect(await fetchFromPage(beacon, `?key=${key}`, { message: 'not allowed' })).toBe('TypeError');
    expect(await countOf('not allowed')).toBe(0);
  });

  test('can read nothing, with no key', async () => {
    for (const [name, value] of [
      ['X-Ingest-Key', key],
      ['X-API-Key', 'test-key'],
    ]) {
      const headers = JSON.stringify({ [name!]: value });
      for (const path of ['/api/errors', '/api/projects', '/api/projects/details']) {
        const seen = await page.evaluate(
          `fetch(${JSON.stringify(server.url + path)}, { headers: ${headers} }).then((a) => a.status, (e) => e.name)`,
        );
        expect(seen).toBe('TypeError');
      }
    }
  });
});
