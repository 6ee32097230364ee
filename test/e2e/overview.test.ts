import type { Browser, Locator, Page } from 'playwright-core';
import { seriousProblems } from '../support/axe';
import { launchBrowser } from '../support/browser';
import { DashboardPage, DESKTOP, PHONE, report } from '../support/dashboard-page';
import { anEnvelope, makeEventProject, sendEvent } from '../support/events';
import { send } from '../support/ingest-keys';
import { startTestServer, type TestServer } from '../support/test-server';

const bodyOf = async (page: Page) => page.locator('body').innerText();

describe('the overview of projects', () => {
  let browser: Browser;
  let server: TestServer;
  let dashboard: DashboardPage;
  let page: Page;

  beforeAll(async () => {
    browser = await launchBrowser();
  }, 60_000);

  afterAll(() => browser.close());

  beforeEach(async () => {
    server = await startTestServer();
    await openBrowser(DESKTOP);
  });

  afterEach(async () => {
    const mishaps = await dashboard.close();
    await server.close();
    expect(mishaps).toEqual([]);
  });

  test('shows of each project how much it reports, and its newest and most frequent error', async () => {
    for (let i = 0; i < 3; i++) await report(server, { project: 'shop', exception_type: 'OftenError' });
    const { id } = await report(server, { project: 'shop', exception_type: 'NewestError', message: 'a\n b' });
    const resolved = await report(server, { project: 'shop', exception_type: 'ResolvedError' });
    await server.call(`/api/errors/${resolved.id}/resolve`, { method: 'POST' });
    await report(server, { project: 'billing', exception_type: 'OnlyError' });

    await open();

    expect(await names().allTextContents()).toEqual(['shop', 'billing']);
    await page.getByText('2 projects', { exact: true }).waitFor();
    const shop = row('shop');
    expect(await shop.locator('.reports').textContent()).toBe('5 reports');
    expect(await shop.locator('svg').getAttribute('aria-label')).toBe(
      '5 reports in the last 24 hours, at most 5 in an hour',
    );
    const lines = shop.locator('.project-error');
    expect(await lines.nth(0).textContent()).toMatch(/^NewestNewestError a b(just now|\d+m ago)$/);
    expect(await lines.nth(1).textContent()).toBe('Most frequentOftenError it broke3×');
    expect(await lines.nth(0).locator('time').getAttribute('title')).toMatch(/ UTC\)$/);
    expect(await link(shop, '2 open')).toBe('/?project=shop');
    expect(await link(shop, '1 resolved')).toBe('/?state=resolved&project=shop');
    expect(await link(shop, 'NewestError a b')).toBe(`/errors/${id}?project=shop`);

    await shop.getByRole('link', { name: 'shop', exact: true }).click();
    await page.getByText('2 open errors matching', { exact: true }).waitFor();
    await page.goBack();
    await row('billing').waitFor();
  });

  test('says that a project has no open errors instead of naming resolved ones', async () => {
    const { id } = await report(server, { project: 'calm', exception_type: 'ResolvedError' });
    await server.call(`/api/errors/${id}/resolve`, { method: 'POST' });

    await open();

    await row('calm').getByText('No open errors').waitFor();
    expect(await row('calm').textContent()).not.toContain('ResolvedError');
  });

  test('shows what users said of no error, when somebody did', async () => {
    const project = await makeEventProject(server, 'shop');
    await sendEvent(server, project);
    const panel = page.locator('.unattached-feedback');
    const empty = page.waitForResponse('**/api/feedback?attached=false&*');
    await open();
    await (await empty).finished();
    expect(await panel.isVisible()).toBe(false);

    const said = '<img src=x onerror=alert(1)>';
    const body = anEnvelope({}, ['user_report', { comments: `It is slow ${said}`, name: said }]);
    expect((await send(server, project.envelopePath, { body })).status).toBe(200);
    await page.reload();
    await panel.getByText('What users said without an error: 1', { exact: true }).click();
    const item = panel.getByRole('listitem');
    expect(await item.innerText()).toContain(`shop: ${said}, `);
    expect(await item.innerText()).toContain(`It is slow ${said}`);
    expect(await panel.locator('a, img').count()).toBe(0);
    expect(await seriousProblems(page)).toEqual([]);
  });

  test('keeps the range in the address', async () => {
    await report(server, { project: 'shop', exception_type: 'SomeError' });
    await open();

    await page.getByRole('radio', { name: '14 d' }).check();
    await page.getByLabel('1 report in the last 14 days, at most 1 in a day').waitFor();
    expect(page.url()).toBe(`${server.url}/projects?chart=14d`);
    await page.reload();
    await page.getByLabel('1 report in the last 14 days, at most 1 in a day').waitFor();
    expect(await page.getByRole('radio', { name: '14 d' }).isChecked()).toBe(true);
    expect(await link(row('shop'), '1 open')).toBe('/?project=shop&chart=14d');

    await page.goBack();
    await page.getByLabel(/in the last 24 hours/).waitFor();
    await page.goto(`${server.url}/projects?chart=%00&offset=-3`);
    await page.getByLabel(/in the last 24 hours/).waitFor();
  });

  test('is paged, and a page that is not there leads to the last one', async () => {
    for (let i = 0; i < 53; i++) await report(server, { project: `p${i}`, exception_type: 'SomeError' });
    await open();

    await page.getByText('1–50 of 53', { exact: true }).waitFor();
    expect(await names().count()).toBe(50);
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByText('51–53 of 53', { exact: true }).waitFor();
    expect(await names().count()).toBe(3);
    expect(await page.getByRole('button', { name: 'Next' }).isDisabled()).toBe(true);

    await open('?offset=5000');
    await page.getByText('51–53 of 53', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Previous' }).click();
    await page.getByText('1–50 of 53', { exact: true }).waitFor();
  });

  test('leads to the set-up when nothing was reported yet, and finds the first project by itself', async () => {
    await open();
    await page.getByRole('heading', { name: 'No projects yet' }).waitFor();
    expect(await link(page.locator('main'), 'Send a first error')).toBe('/setup');

    await page.getByText('Live', { exact: true }).waitFor();
    await report(server, { project: 'first', exception_type: 'FirstError' });

    await row('first').waitFor({ timeout: 10_000 });
    expect(await page.getByText('No projects yet').isVisible()).toBe(false);
  });

  test('changes figures in place, without taking the focus, while reports come in', async () => {
    for (let i = 0; i < 2; i++) await report(server, { project: 'busy', exception_type: 'SomeError' });
    await report(server, { project: 'overtaking', exception_type: 'SomeError' });
    await open();
    await page.getByText('Live', { exact: true }).waitFor();
    await row('busy').locator('.project-error a').first().focus();

    for (let i = 0; i < 4; i++) await report(server, { project: 'overtaking', exception_type: 'SomeError' });
    await report(server, { project: 'busy', exception_type: 'NewerError' });

    await row('overtaking').getByText('5 reports', { exact: true }).waitFor({ timeout: 10_000 });
    await page.locator('.project-error a:focus', { hasText: 'NewerError' }).waitFor({ timeout: 10_000 });
    expect(await names().allTextContents()).toEqual(['busy', 'overtaking']);
  });

  test('does not read more often than every five seconds, however much changes', async () => {
    await report(server, { project: 'noisy', exception_type: 'SomeError' });
    const asked: number[] = [];
    page.on('request', (request) => {
      if (request.url().includes('/api/projects/overview')) asked.push(Date.now());
    });
    await open();
    await page.getByText('Live', { exact: true }).waitFor();
    const endsAt = Date.now() + 7_000;
    while (Date.now() < endsAt) {
      await report(server, { project: 'noisy', exception_type: 'SomeError' });
      await page.waitForTimeout(300);
    }
    expect(asked).toHaveLength(2);
    expect(asked[1]! - asked[0]!).toBeGreaterThanOrEqual(4_900);
  });

  test('says why it shows nothing, never that there is nothing', async () => {
    await report(server, { project: 'shop', exception_type: 'SomeError' });
    const answer = (status: number, json: object, headers: Record<string, string> = {}) =>
      page.route('**/api/projects/overview*', (route) => route.fulfill({ status, json, headers }));

    await answer(500, { detail: 'Something went wrong here', request_id: '0d9f2c1e' });
    await page.goto(`${server.url}/projects`);
    await page.getByRole('heading', { name: 'The server could not answer (500)' }).waitFor();
    await page.getByText('Request id: 0d9f2c1e').waitFor();
    expect(await bodyOf(page)).not.toContain('No projects yet');

    await answer(429, { detail: 'Too many requests' }, { 'Retry-After': '2' });
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText(/^Trying again in \d seconds?\.$/).waitFor();
    await page.unroute('**/api/projects/overview*');
    await row('shop').waitFor();

    await dashboard.context.setOffline(true);
    await page.getByRole('radio', { name: '14 d' }).check();
    await page.getByRole('heading', { name: 'You are offline' }).waitFor();
    await dashboard.context.setOffline(false);
    await row('shop').waitFor();
  });

  test('asks for the key when the server does not accept it any more', async () => {
    await dashboard.close();
    dashboard = await DashboardPage.open(browser, { key: 'an-older-key' });
    await dashboard.page.goto(`${server.url}/projects`);
    await dashboard.page.getByRole('alert').getByText('no longer accepts the key').waitFor();
  });

  test('keeps what it shows, and says how old it is, when it cannot be read again', async () => {
    await report(server, { project: 'shop', exception_type: 'SomeError' });
    await open();
    await page.getByText('Live', { exact: true }).waitFor();
    await page.route('**/api/projects/overview*', (route) =>
      route.fulfill({ status: 500, json: { detail: 'Something went wrong here' } }),
    );
    await report(server, { project: 'shop', exception_type: 'SomeError' });

    await page
      .getByText(/^The server could not answer \(500\): this is how it was at \d\d:\d\d:\d\d\.$/)
      .waitFor({ timeout: 10_000 });
    expect(await row('shop').locator('.reports').textContent()).toBe('1 report');
  });

  describe.each([
    ['a phone', PHONE],
    ['a desktop', DESKTOP],
    ['the narrowest screen', { width: 320, height: 640 }],
  ])('on %s', (_name, viewport) => {
    test('neither hostile names nor their errors break the page or run', async () => {
      const hostile = [
        '字'.repeat(100),
        'W'.repeat(100),
        '\u202Etxet desrever\u202E',
        '👨‍👩‍👧‍👦🙈'.repeat(8),
        '<img src=x onerror="alert(1)">',
        '?project=a&state=#b/../%00',
        'ع'.repeat(50),
      ];
      for (const name of hostile) {
        await report(server, {
          project: name,
          exception_type: name.repeat(2).slice(0, 100),
          message: `${name}\n<script>alert(1)</script>${'x'.repeat(5_000)}`,
          traceback: '',
        });
      }
      await dashboard.close();
      await openBrowser(viewport);
      await open();

      expect((await names().allTextContents()).sort()).toEqual([...hostile].sort());
      expect(await dashboard.scrollsSideways()).toBe(false);
      for (const box of await boxes(
        '.project-name, .project-states, .project-chart, .reports, .project-error',
      )) {
        expect(box.x + box.width).toBeLessThanOrEqual(viewport.width);
      }
      for (const name of hostile) {
        const address = new URL((await named(name).getAttribute('href'))!, server.url);
        expect(address.searchParams.get('project')).toBe(name);
      }
      await named(hostile[5]!).click();
      await page.getByText('1 open error matching', { exact: true }).waitFor();
    });

    test.each(['light', 'dark'] as const)('has no serious problem of accessibility in %s', async (theme) => {
      await report(server, { project: 'shop', exception_type: 'SomeError' });
      await dashboard.close();
      await openBrowser(viewport);
      await open();
      await dashboard.choose(theme);
      expect(await seriousProblems(page)).toEqual([]);
    });
  });

  test('is readable with three thousand projects', async () => {
    const names = Array.from({ length: 3_000 }, (_, i) => `project-${i}`);
    for (let i = 0; i < names.length; i += 100) {
      await Promise.all(
        names.slice(i, i + 100).map((project) => report(server, { project, exception_type: 'SomeError' })),
      );
    }
    await open();
    await page.getByText('1–50 of 3,000', { exact: true }).waitFor();
    await open('?offset=2950&chart=14d');
    await page.getByText('2,951–3,000 of 3,000', { exact: true }).waitFor();
    expect(await dashboard.scrollsSideways()).toBe(false);
  }, 60_000);

  async function openBrowser(viewport: { width: number; height: number }): Promise<void> {
    dashboard = await DashboardPage.open(browser, { viewport });
    page = dashboard.page;
  }

  async function open(query = ''): Promise<void> {
    await page.goto(`${server.url}/projects${query}`);
    await page.locator('.project-row, .notice h2').first().waitFor();
  }

  async function boxes(selector: string) {
    const found = await Promise.all((await page.locator(selector).all()).map((one) => one.boundingBox()));
    return found.filter((box) => box !== null);
  }

  function names(): Locator {
    return page.locator('.project-name');
  }

  function named(project: string): Locator {
    return page.locator('.project-name').and(page.getByTitle(project, { exact: true }));
  }

  function row(project: string): Locator {
    return page.locator('.project-row', { has: named(project) });
  }

  async function link(place: Locator, name: string): Promise<string | null> {
    const address = await place.getByRole('link', { name, exact: true }).getAttribute('href');
    return address && address.replace(server.url, '');
  }
});
