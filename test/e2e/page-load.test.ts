import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../support/browser';
import { DashboardPage, report } from '../support/dashboard-page';
import { startTestServer, type TestServer } from '../support/test-server';

const MOST_BYTES = 150 * 1024;
const MOST_REQUESTS = 12;

describe('loading the dashboard', () => {
  let server: TestServer;
  let browser: Browser;
  let dashboard: DashboardPage;
  let page: Page;

  beforeAll(async () => {
    [server, browser] = await Promise.all([startTestServer(), launchBrowser()]);
    await report(server, { project: 'weight', exception_type: 'AnError' });
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await server.close();
  });
  beforeEach(async () => {
    dashboard = await DashboardPage.open(browser);
    page = dashboard.page;
  });
  afterEach(async () => {
    expect(await dashboard.close()).toEqual([]);
  });

  it.each(['/', '/errors/1', '/projects', '/setup'])(
    'at %s is light, and light again the second time',
    async (path) => {
      const first = await load(path);
      expect(first.requests).toBeLessThanOrEqual(MOST_REQUESTS);
      expect(first.bytes).toBeLessThanOrEqual(MOST_BYTES);

      const second = await load(path);
      expect(second.assets).toEqual([]);
    },
  );

  it('is light with a page of long messages, too', async () => {
    const message = 'All work and no play makes Jack a dull boy. '.repeat(50).slice(0, 2_000);
    for (let number = 0; number < 50; number++) {
      await report(server, { project: 'long', exception_type: `Error${number}`, message });
    }
    const { bytes } = await load('/?project=long');
    expect(await page.locator('.error').count()).toBe(50);
    expect(bytes).toBeLessThanOrEqual(MOST_BYTES);
  });

  it('names its files after their content, lets them be kept for good, and the page be asked for each time', async () => {
    const { headers, body } = await server.call('/');
    expect(headers.get('cache-control')).toBe('no-cache');
    expect(headers.get('last-modified')).toBeTruthy();
    const assets = [...(body as string).matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map(
      ([, path]) => path!,
    );
    expect(assets.length).toBeGreaterThanOrEqual(4);
    for (const path of assets) {
      expect(path).toMatch(/^\/assets\/[a-z-]+-[A-Z0-9]{8}\.(js|css|svg)$/);
      const asset = await server.call(path, { headers: { 'Accept-Encoding': 'br' } });
      expect(asset.status).toBe(200);
      expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    }
  });

  it('answers JSON for an asset that is not there, as after an update', async () => {
    const { status, body } = await server.call('/assets/main-OLDER123.js');
    expect(status).toBe(404);
    expect(body.detail).toContain('/assets/main-OLDER123.js');
  });

  it('shows an error without its chart when the server has other files by now', async () => {
    await page.route('**/assets/bar-plot-*.js', (route) =>
      route.fulfill({ status: 404, json: { detail: 'gone' } }),
    );
    await page.goto(`${server.url}/errors/1`);
    await page.getByText('The chart could not be loaded.').waitFor();
    await page.getByRole('button', { name: 'Load the page again' }).waitFor();
    await page.getByText('thrown here').waitFor();
  });

  it('shows a chosen theme from the first moment on, and that of the system otherwise', async () => {
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.goto(server.url);
    expect(await background()).toBe('rgb(17, 18, 22)');
    await dashboard.choose('light');
    expect(await background()).toBe('rgb(247, 247, 248)');
    await page.reload({ waitUntil: 'commit' });
    await page.locator('.top').waitFor();
    expect(await background()).toBe('rgb(247, 247, 248)');
  });

  it('without JavaScript says what it needs', async () => {
    const plain = await DashboardPage.open(browser, { javaScriptEnabled: false });
    await plain.page.goto(server.url);
    await plain.page.getByRole('heading', { name: 'This page needs JavaScript' }).waitFor();
    await plain.close();
  });

  async function load(path: string): Promise<{ requests: number; bytes: number; assets: string[] }> {
    const session = await dashboard.context.newCDPSession(page);
    await session.send('Network.enable');
    const assets = new Map<string, string>();
    const cached = new Set<string>();
    let requests = 0;
    let bytes = 0;
    session.on('Network.requestWillBeSent', () => (requests += 1));
    session.on('Network.responseReceived', ({ requestId, response }) => {
      if (response.url.includes('/assets/') && !response.fromDiskCache) assets.set(requestId, response.url);
    });
    session.on('Network.requestServedFromCache', ({ requestId }) => cached.add(requestId));
    session.on('Network.loadingFinished', ({ encodedDataLength }) => (bytes += encodedDataLength));
    await page.goto(server.url + path);
    await page.locator('.live[data-state="on"]').waitFor();
    await page.waitForTimeout(500);
    await session.detach();
    const transferred = [...assets].filter(([id]) => !cached.has(id)).map(([, url]) => url);
    return { requests, bytes, assets: transferred };
  }

  function background(): Promise<string> {
    return page.evaluate('getComputedStyle(document.body).backgroundColor');
  }
});
