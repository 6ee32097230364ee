import type { Browser, Locator, Page } from 'playwright-core';
import { seriousProblems } from '../support/axe';
import { launchBrowser } from '../support/browser';
import { DashboardPage, DESKTOP, PHONE, report } from '../support/dashboard-page';
import { startTestServer, type TestServer } from '../support/test-server';

describe('the list of errors', () => {
  let server: TestServer;
  let browser: Browser;
  let dashboard: DashboardPage;
  let page: Page;

  beforeAll(async () => {
    [server, browser] = await Promise.all([startTestServer(), launchBrowser()]);
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

  it('of a server nothing was reported to shows how to report the first error, and then that error by itself', async () => {
    const empty = await startTestServer();
    try {
      await page.goto(empty.url);
      await page.getByRole('heading', { name: 'No errors yet' }).waitFor();
      await page.getByText(`curl -X POST ${empty.url}/api/errors`).waitFor();
      await page.locator('.live[data-state="on"]').waitFor();
      await report(empty, { project: 'first-steps', exception_type: 'FirstError' });
      await row('FirstError').waitFor();
      await page.getByLabel('Project', { exact: true }).selectOption('first-steps');
    } finally {
      await empty.close();
    }
  });

  it('shows grey bars while the answer takes its time', async () => {
    await report(server, { project: 'slow', exception_type: 'SlowlyShown' });
    let answer = () => {};
    const asked = new Promise<void>((resolve) => (answer = resolve));
    await page.route('**/api/errors?*', async (route) => {
      await asked;
      await route.continue();
    });
    await page.goto(`${server.url}/?project=slow`);
    await page.getByRole('status', { name: 'Loading errors' }).waitFor();
    answer();
    await row('SlowlyShown').waitFor();
    expect(await page.getByRole('status', { name: 'Loading errors' }).count()).toBe(0);
  });

  it('says that the server cannot be reached, never that there are no errors, and recovers', async () => {
    await report(server, { project: 'outage', exception_type: 'BeforeTheOutage' });
    await page.goto(`${server.url}/?project=outage`);
    await row('BeforeTheOutage').waitFor();
    await page.route('**/api/**', (route) => route.abort('connectionrefused'));
    await page.getByRole('radio', { name: 'All' }).check();
    await page.getByRole('heading', { name: 'The server cannot be reached' }).waitFor();
    expect(await page.getByText(/\bno\b.* errors?\b/i).count()).toBe(0);
    expect(await row('BeforeTheOutage').count()).toBe(0);
    await page.unroute('**/api/**');
    await page.getByRole('button', { name: 'Try again' }).click();
    await row('BeforeTheOutage').waitFor();
  });

  it('says that the device is offline, and goes on by itself when it is not any more', async () => {
    await report(server, { project: 'offline', exception_type: 'BeforeTheTunnel' });
    await page.goto(`${server.url}/?project=offline`);
    await row('BeforeTheTunnel').waitFor();
    await dashboard.context.setOffline(true);
    await page.getByRole('radio', { name: 'All' }).check();
    await page.getByRole('heading', { name: 'You are offline' }).waitFor();
    await dashboard.context.setOffline(false);
    await row('BeforeTheTunnel').waitFor();
  });

  it('shows the detail and the request id of a 500', async () => {
    await answerWith(500, { detail: 'The disk is <b>full</b>.', request_id: 'req-4711' });
    await page.goto(server.url);
    await page.getByRole('heading', { name: 'The server could not answer (500)' }).waitFor();
    await notice('The disk is <b>full</b>.').waitFor();
    await notice('req-4711').waitFor();
  });

  it('says what is unavailable for now, and goes on by itself after the time that the server asks for', async () => {
    await report(server, { project: 'unavailable', exception_type: 'AfterTheOutage' });
    await answerWith(503, { detail: 'The database cannot be used right now.' }, { 'Retry-After': '2' });
    await page.goto(`${server.url}/?project=unavailable`);
    await page.getByRole('heading', { name: 'The server could not answer (503)' }).waitFor();
    await notice('The database cannot be used right now.').waitFor();
    await page.getByText(/^Trying again in \d seconds?\.$/).waitFor();
    await page.getByRole('button', { name: 'Try again' }).waitFor();
    await page.unroute('**/api/errors?*');
    await row('AfterTheOutage').waitFor();
  });

  it('says that an answer of something else is not one of the error tracker', async () => {
    await page.route('**/api/errors?*', (route) => route.fulfill({ status: 200, body: '<h1>Sign in</h1>' }));
    await page.goto(server.url);
    await notice('The answer did not come from the error tracker').waitFor();
  });

  it('says how long a rate limit lasts and tries again by itself after that', async () => {
    await report(server, { project: 'limited', exception_type: 'AfterTheLimit' });
    await answerWith(429, { detail: 'Too many.' }, { 'Retry-After': '2' });
    await page.goto(`${server.url}/?project=limited`);
    await page.getByText(/^Trying again in \d seconds?\.$/).waitFor();
    await page.unroute('**/api/errors?*');
    await row('AfterTheLimit').waitFor();
  });

  it('asks for the key again when it is refused in the middle', async () => {
    await report(server, { project: 'refused', exception_type: 'Shown' });
    await page.goto(`${server.url}/?project=refused`);
    await row('Shown').waitFor();
    await answerWith(401, { detail: 'The key is wrong' });
    await page.getByRole('radio', { name: 'All' }).click();
    await dashboard.keyField().waitFor();
    expect(await row('Shown').count()).toBe(0);
  });

  describe.each([
    ['light', DESKTOP],
    ['dark', DESKTOP],
    ['light', PHONE],
    ['dark', PHONE],
  ] as const)('in the %s theme at %o', (theme, size) => {
    it('is accessible, with errors, with some selected, and without any', async () => {
      await page.setViewportSize(size);
      const project = `looks-${theme}-${size.width}`;
      await report(server, { project, exception_type: 'AnError', message: 'a message' });
      const { id } = await report(server, { project, exception_type: 'Resolved' });
      await server.call(`/api/errors/${id}/resolve`, { method: 'POST' });
      await page.goto(`${server.url}/?project=${project}&state=all`);
      await row('AnError').waitFor();
      await dashboard.choose(theme);
      expect(await seriousProblems(page)).toEqual([]);
      await page.getByLabel('Select AnError').check();
      await row('Resolved')
        .getByRole('button', { name: /^Reopen/ })
        .click();
      await page.locator('.toast').waitFor();
      expect(await seriousProblems(page)).toEqual([]);
      await page.keyboard.press('?');
      expect(await seriousProblems(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await page.getByLabel('Search errors').fill('nothing has this');
      await page.getByRole('heading', { name: 'No error matches' }).waitFor();
      expect(await seriousProblems(page)).toEqual([]);
      expect(await dashboard.scrollsSideways()).toBe(false);
    });
  });

  function row(type: string): Locator {
    return page.locator('.error', { has: page.locator('.title', { hasText: type }) });
  }

  function notice(text: string): Locator {
    return page.locator('.notice').getByText(text);
  }

  async function answerWith(status: number, json: object, headers: Record<string, string> = {}) {
    await page.route('**/api/errors?*', (route) => route.fulfill({ status, json, headers }));
  }
});
