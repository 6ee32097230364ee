import type { Browser } from 'playwright-core';
import { launchBrowser } from '../support/browser';
import { DashboardPage } from '../support/dashboard-page';
import { API_KEY, startTestServer, type TestServer } from '../support/test-server';

describe('the key of the dashboard', () => {
  let server: TestServer;
  let browser: Browser;
  let dashboard: DashboardPage;

  beforeAll(async () => {
    [server, browser] = await Promise.all([startTestServer(), launchBrowser()]);
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await server.close();
  });
  beforeEach(async () => {
    dashboard = await DashboardPage.open(browser, { key: null });
  });
  afterEach(async () => {
    expect(await dashboard.close()).toEqual([]);
  });

  it.each(['/', '/errors/1', '/projects', '/setup'])(
    'is asked for at %s, and nothing is requested from the API until it is there',
    async (path) => {
      const { page } = dashboard;
      const requests: string[] = [];
      page.on('request', (request) => requests.push(new URL(request.url()).pathname));
      await page.goto(server.url + path);
      await dashboard.keyField().waitFor();
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Enter API key' }).click();
      await dashboard.keyField().waitFor();
      expect(requests.filter((requested) => requested.startsWith('/api'))).toEqual([]);

      await dashboard.enterKey(API_KEY);
      await page.getByText('Live', { exact: true }).waitFor();
      expect(new URL(page.url()).pathname).toBe(path);
    },
  );

  it('is said to be wrong when it is, and the right one is let in', async () => {
    const { page } = dashboard;
    await page.goto(server.url);
    await dashboard.enterKey('not-the-key');
    await page.getByRole('alert').getByText('This key is wrong').waitFor();
    await dashboard.enterKey('ключ');
    await page.getByRole('alert').getByText('This key is wrong').waitFor();
    await dashboard.enterKey(API_KEY);
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await page.getByRole('search').waitFor();
  });

  it('is kept over a reload and forgotten on request', async () => {
    const { page } = dashboard;
    await page.goto(server.url);
    await dashboard.enterKey(API_KEY);
    await page.getByRole('search').waitFor();
    await page.reload();
    await page.getByRole('search').waitFor();
    expect(await page.getByRole('dialog').isVisible()).toBe(false);

    await page.getByRole('button', { name: 'Forget key' }).click();
    await dashboard.keyField().waitFor();
    expect(await page.getByRole('search').isVisible()).toBe(false);
    await page.reload();
    await dashboard.keyField().waitFor();
    expect(await page.evaluate('localStorage.length')).toBe(0);
  });

  it('is asked for again when the one that was kept is not accepted any more, and nothing asks in a loop', async () => {
    const { page } = dashboard;
    await page.goto(server.url);
    await page.evaluate("localStorage.setItem('error-tracker.api-key', 'an-older-key')");
    const requests: string[] = [];
    page.on('request', (request) => requests.push(new URL(request.url()).pathname));
    await page.reload();
    await page.getByRole('alert').getByText('no longer accepts the key').waitFor();
    expect(await page.evaluate('localStorage.length')).toBe(0);
    await page.waitForTimeout(1_500);
    expect(requests.filter((path) => path.startsWith('/api')).length).toBeLessThanOrEqual(3);
  });

  it('that another tab forgets is forgotten here too', async () => {
    const { page, context } = dashboard;
    await page.goto(server.url);
    await dashboard.enterKey(API_KEY);
    await page.getByRole('search').waitFor();
    const other = await context.newPage();
    await other.goto(server.url);
    await other.getByRole('button', { name: 'Forget key' }).click();
    await dashboard.keyField().waitFor();
  });
});
