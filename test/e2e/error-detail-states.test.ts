import type { Browser, Locator, Page } from 'playwright-core';
import { launchBrowser } from '../support/browser';
import { DashboardPage, DESKTOP, PHONE, report } from '../support/dashboard-page';
import { startTestServer, type TestServer } from '../support/test-server';

describe('the page of an error', () => {
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
    dashboard.context.setDefaultTimeout(12_000);
    page = dashboard.page;
  });
  afterEach(async () => {
    expect(await dashboard.close()).toEqual([]);
  });

  describe('when the server does not answer as it should', () => {
    it.each(['999999', 'abc', '0', '-1', '99999999999999999999999', '%00'])(
      'says that there is no error %s, and leads to the list',
      async (id) => {
        await page.goto(`${server.url}/errors/${id}?project=nowhere`);
        await page.getByRole('heading', { name: 'There is no error' }).waitFor();
        await page.getByRole('link', { name: 'Go to the list' }).click();
        await page.waitForURL('**/?project=nowhere');
      },
    );

    it('shows the detail and the request id of a 500, and recovers', async () => {
      const { id } = await report(server, { project: 'states', exception_type: 'AfterA500' });
      const json = { detail: 'The disk is <b>full</b>.', request_id: 'req-4711' };
      await page.route(`**/api/errors/${id}`, (route) => route.fulfill({ status: 500, json }));
      await page.goto(`${server.url}/errors/${id}`);
      await page.getByRole('heading', { name: 'The server could not answer (500)' }).waitFor();
      await page.getByText('The disk is <b>full</b>.', { exact: true }).waitFor();
      await page.getByText('req-4711').waitFor();
      await page.unroute(`**/api/errors/${id}`);
      await page.getByRole('button', { name: 'Try again' }).click();
      await heading('AfterA500');
    });

    it('waits as long as a rate limit lasts, and says so', async () => {
      const { id } = await report(server, { project: 'states', exception_type: 'AfterTheLimit' });
      await page.route(`**/api/errors/${id}`, (route) =>
        route.fulfill({ status: 429, json: { detail: 'Too many.' }, headers: { 'Retry-After': '2' } }),
      );
      await page.goto(`${server.url}/errors/${id}`);
      await page.getByText(/^Trying again in \d seconds?\.$/).waitFor();
      await page.unroute(`**/api/errors/${id}`);
      await heading('AfterTheLimit');
    });

    it('asks for the key again when it is not accepted any more', async () => {
      const { id } = await report(server, { project: 'states', exception_type: 'Locked' });
      await page.route(`**/api/errors/${id}`, (route) =>
        route.fulfill({ status: 401, json: { detail: 'Invalid API key' } }),
      );
      await page.goto(`${server.url}/errors/${id}`);
      await page.getByRole('alert').getByText('no longer accepts the key').waitFor();
      await page.unroute(`**/api/errors/${id}`);
      await dashboard.enterKey('test-key');
      await heading('Locked');
    });

    it('shows the error all the same when only chart or alerts fail', async () => {
      const { id } = await report(server, { project: 'states', exception_type: 'Partly' });
      for (const path of [`**/api/errors/${id}/counts?*`, '**/api/alerts/deliveries?*']) {
        await page.route(path, (route) => route.abort('connectionrefused'));
      }
      await page.goto(`${server.url}/errors/${id}`);
      await heading('Partly');
      for (const name of ['Reports over time', 'Alerts']) {
        const part = page.getByRole('region', { name });
        await part.scrollIntoViewIfNeeded();
        await part.getByRole('heading', { name: 'The server cannot be reached' }).waitFor();
      }
      await page.unrouteAll();
      const chart = page.getByRole('region', { name: 'Reports over time' });
      await chart.getByRole('button', { name: 'Try again' }).click();
      await chart.locator('canvas').waitFor();
    });

    it('says why nobody was told of it', async () => {
      const { id } = await report(server, { project: 'states', exception_type: 'Untold' });
      await page.goto(`${server.url}/errors/${id}`);
      const alerts = page.getByRole('region', { name: 'Alerts' });
      await alerts.scrollIntoViewIfNeeded();
      await alerts.getByText('Nobody was told: alerts are not configured').waitFor();
      expect(await alerts.getByRole('link', { name: 'Set-up' }).getAttribute('href')).toBe('/setup');
    });

    it('says that nothing was reported in a span, where there is no bar to draw', async () => {
      const { id } = await report(server, { project: 'states', exception_type: 'Silent' });
      await page.route(`**/api/errors/${id}/counts?*`, async (route) => {
        const answer = await (await route.fetch()).json();
        await route.fulfill({ json: { ...answer, counts: answer.counts.map(() => 0) } });
      });
      await page.goto(`${server.url}/errors/${id}`);
      await page.getByText('No reports in the last 24 hours.').waitFor();
    });
  });

  describe('left open', () => {
    it('changes figures in place, and offers new occurrences instead of swapping them', async () => {
      const fields = { project: 'open', exception_type: 'Repeated' };
      const { id } = await report(server, { ...fields, user_id: 'first' });
      await open(id);
      await report(server, { ...fields, user_id: 'second' });
      await report(server, { ...fields, user_id: 'third' });
      await figure('3').waitFor();
      const occurrences = page.getByRole('region', { name: 'Occurrences' });
      await occurrences.getByText('first', { exact: true }).waitFor();
      await page.getByRole('button', { name: '2 new occurrences' }).click();
      await occurrences.getByText('third', { exact: true }).waitFor();
      await occurrences.getByText('1 of 3', { exact: true }).waitFor();
      expect(await page.getByRole('button', { name: /new occurrence/ }).isVisible()).toBe(false);
    });

    it('shows what others resolve, and that it came back', async () => {
      const fields = { project: 'open', exception_type: 'Returning' };
      const { id } = await report(server, fields);
      await open(id);
      await server.call(`/api/errors/${id}/resolve`, { method: 'POST' });
      await page.locator('.detail-title .state.resolved').waitFor();
      await report(server, fields);
      await page.locator('.detail-title .state.open').waitFor();
    });

    it('says that somebody has deleted it, and keeps what is shown', async () => {
      const { id } = await report(server, { project: 'open', exception_type: 'Deleted' });
      await open(id);
      await server.call(`/api/errors/${id}`, { method: 'DELETE' });
      await stale('This error has been deleted. This is how it was last.');
      expect(await page.getByRole('button', { name: 'Resolve' }).isDisabled()).toBe(true);
      await heading('Deleted');
    });

    it('says how old it is while the connection is lost', async () => {
      const { id } = await report(server, { project: 'open', exception_type: 'Offline' });
      await open(id);
      await dashboard.context.setOffline(true);
      await page.evaluate("window.dispatchEvent(new Event('offline'))");
      await page.keyboard.press('e');
      await page.locator('.toast').getByText('It is not known whether anything was resolved: ').waitFor();
      await stale(/^No connection: this is how it was at \d\d:\d\d:\d\d\.$/);
      await dashboard.context.setOffline(false);
      await page.locator('.stale').waitFor({ state: 'hidden' });
    });
  });

  describe.each([
    ['a desktop', DESKTOP],
    ['a phone', PHONE],
    ['a very small phone', { width: 320, height: 600 }],
  ])('with hostile data on %s', (_name, viewport) => {
    const script = `<script>alert(1)</script><img src=x onerror=alert(2)>`;
    const override = '\u202e\u2066\u2067';
    const hostile = {
      project: `${script} ${viewport.width}`,
      exception_type: script + 'W'.repeat(200 - script.length),
      message: `${override}\u001b[31m${'M'.repeat(100_000)}`,
      traceback: `Traceback (most recent call last):\n  File "${override}<svg onload=alert(3)>${'x'.repeat(5_000)}", line 1, in ${script}\n    y\nValueError: ${'z'.repeat(5_000)}`,
      request_url: `javascript:alert(4)//${'u'.repeat(5_000)}`,
      request_method: '<b>GET',
      user_id: `${override}${script}`,
      request_headers: { [script]: script, ['k'.repeat(3_000)]: 'v'.repeat(3_000), __proto__0: 1 },
      extra: {
        [script]: script,
        constructor: { ['k'.repeat(500)]: `${override}${'s'.repeat(10_000)}` },
        deep: JSON.parse('['.repeat(60) + ']'.repeat(60)) as unknown,
        many: Object.fromEntries(Array.from({ length: 5_000 }, (_, key) => [`key${key}`, key])),
        emoji: '👩‍👩‍👧‍👦'.repeat(100),
      },
    };

    beforeEach(() => page.setViewportSize(viewport));

    it('runs nothing and stays within the page, also unfolded', async () => {
      const { id } = await report(server, hostile);
      await open(id);
      await page.locator('.plot canvas').waitFor();
      expect(await dashboard.scrollsSideways()).toBe(false);
      await page.getByRole('button', { name: /^Show all 100,0\d\d characters$/ }).click();
      for (
        let i = 0;
        i < 70 && (await page.locator('.json details:not([open]):visible').count()) > 0;
        i += 1
      ) {
        await page.locator('.json details:not([open]):visible > summary').first().click();
      }
      await page.getByRole('button', { name: 'Show 100 more of 4,900' }).click();
      await page.getByText('key150', { exact: true }).waitFor();
      await page.keyboard.press('t');
      await page.locator('.traceback pre').waitFor();
      expect(await dashboard.scrollsSideways()).toBe(false);
      expect(await page.locator('main script, main img, main b, main svg').count()).toBe(0);
      expect(await page.locator('main a[href^="javascript"], main a[href*="alert("]').count()).toBe(0);
      expect(await page.getByText('\u001b').count()).toBe(0);
    });
  });

  it('shows a trace of 2,000 frames at once, and unfolds it in parts', async () => {
    const frame = (number: number) =>
      `  File "/srv/app/recursion.py", line ${number + 1}, in f${number}\n    f()\n`;
    const traceback = `Traceback (most recent call last):\n${Array.from({ length: 2_000 }, (_, number) => frame(number)).join('')}RecursionError`;
    const { id } = await report(server, { project: 'frames', exception_type: 'RecursionError', traceback });
    const startedAt = Date.now();
    await open(id);
    await page.locator('.frame.thrown').waitFor();
    expect(Date.now() - startedAt).toBeLessThan(3_000);
    expect(await page.locator('.frame').count()).toBeLessThan(100);
    const fold = page.getByRole('button', { name: /^1,9\d\d frames$/ });
    await fold.click();
    await page.getByRole('button', { name: /^Show 200 more of 1,7\d\d$/ }).click();
    expect(await page.locator('.frame').count()).toBeGreaterThan(400);
    expect(await page.evaluate('document.activeElement.className')).toBe('frame');
  });

  async function open(id: number): Promise<void> {
    await page.goto(`${server.url}/errors/${id}`);
    await page.locator('.detail').waitFor();
    await page.locator('.live[data-state="on"]').waitFor();
  }

  async function stale(text: string | RegExp): Promise<void> {
    await page.locator('.stale').getByText(text).waitFor();
  }

  async function heading(text: string): Promise<void> {
    await page.getByRole('heading', { level: 1, name: text, exact: true }).waitFor();
  }

  function figure(count: string): Locator {
    return page.locator('.figures > div', { hasText: 'Reports' }).getByText(count, { exact: true });
  }
});
