import type { Browser, Locator, Page, Route } from 'playwright-core';
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

  it('shows type, message, project, place, source, count, chart, times and state of each error, the latest first', async () => {
    await report(server, { project: 'list', exception_type: 'OlderError' });
    const twice = { project: 'list', exception_type: 'LaterError', message: 'first line\n  second line' };
    await report(server, twice);
    await report(server, { ...twice, request_method: 'BROWSER' });
    await open('project=list');
    await total('2 open errors matching');
    expect(await page.locator('.error .title').allTextContents()).toEqual(['LaterError', 'OlderError']);

    const later = row('LaterError');
    expect(await later.locator('.line').textContent()).toBe('first line second line');
    expect(await later.locator('.project').textContent()).toBe('list');
    expect(await later.locator('.place').textContent()).toBe('LaterError.py:1');
    expect(await later.locator('.source').textContent()).toBe('server');
    expect(await later.locator('.count').textContent()).toBe('2 reports');
    expect(await later.locator('.state').textContent()).toBe('Open');
    const chart = later.getByRole('img', { name: '2 reports in the last 24 hours, at most 2 in an hour' });
    await chart.waitFor();
    for (const time of await later.locator('time').all()) {
      expect(await time.textContent()).toMatch(/^(just now|\d+m ago)$/);
      expect(await time.getAttribute('title')).toMatch(
        /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) \(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC\)$/,
      );
    }
    expect(await later.locator('time').count()).toBe(2);

    await page.getByRole('radio', { name: '14 d' }).check();
    await later.getByRole('img', { name: '2 reports in the last 14 days, at most 2 in a day' }).waitFor();
    expect(new URL(page.url()).searchParams.get('chart')).toBe('14d');
  });

  it('is filtered by project, state and source, and keeps the choice in the address', async () => {
    await report(server, { project: 'filter-a', exception_type: 'StaysOpen' });
    const { id } = await report(server, { project: 'filter-a', exception_type: 'WasResolved' });
    await report(server, { project: 'filter-a', exception_type: 'InBrowser', request_method: 'BROWSER' });
    await report(server, { project: 'filter-b', exception_type: 'OfAnotherProject' });
    await server.call(`/api/errors/${id}/resolve`, { method: 'POST' });
    await open('');
    await choice('Project').selectOption('filter-a');
    await total('2 open errors matching');
    await choice('Source').selectOption('server');
    await total('1 open error matching');

    await page.getByRole('radio', { name: 'Resolved' }).check();
    await total('1 resolved error matching');
    await row('WasResolved').waitFor();
    await page.getByRole('radio', { name: 'All' }).check();
    await total('2 errors matching');
    expect(new URL(page.url()).search).toBe('?state=all&project=filter-a&source=server');

    await page.reload();
    await total('2 errors matching');
    await page.goBack();
    await total('1 resolved error matching');
    expect(await choice('Project').inputValue()).toBe('filter-a');
    expect(await page.getByRole('radio', { name: 'Resolved' }).isChecked()).toBe(true);
    await page.goForward();
    await total('2 errors matching');
  });

  it('is narrowed to a time and sorted, each with its address', async () => {
    await report(server, { project: 'times', exception_type: 'Rare' });
    for (let i = 0; i < 3; i++) await report(server, { project: 'times', exception_type: 'Frequent' });
    await report(server, { project: 'times', exception_type: 'Latest' });
    await report(server, { project: 'times', exception_type: 'Rare' });
    await open('project=times');
    await titles(['Rare', 'Latest', 'Frequent']);
    await choice('Sort by').selectOption('count');
    await titles(['Frequent', 'Rare', 'Latest']);
    await choice('Sort by').selectOption('first_seen');
    await titles(['Latest', 'Frequent', 'Rare']);
    expect(new URL(page.url()).searchParams.get('sort')).toBe('first_seen');

    await choice('Last seen within').selectOption('1h');
    await total('3 open errors matching');
    await open('project=times&until=2020-01-01T00:00:00Z');
    await page.getByRole('heading', { name: 'No open error matches' }).waitFor();
    expect(await choice('Last seen within').inputValue()).toBe('custom');

    await open('project=times');
    await choice('Last seen within').selectOption('custom');
    await page.getByLabel('Last seen: from').fill('2020-01-01T10:00');
    await page.getByLabel('Last seen: from').blur();
    await total('3 open errors matching');
    expect(new URL(page.url()).searchParams.get('since')).toMatch(/^20(19|20)-.*Z$/);
  });

  it('is searched while typing, also for text that means something elsewhere', async () => {
    const hostile = `100%_sure "quoted' <b>&amp; \\ ?#`;
    await report(server, { project: 'search', exception_type: 'HaystackError', message: 'plain hay' });
    await report(server, { project: 'search', exception_type: 'NeedleError', message: `found ${hostile}` });
    await open('project=search');
    await total('2 open errors matching');
    await page.keyboard.press('/');
    await page.keyboard.type(hostile);
    await total('1 open error matching');
    await row('NeedleError').waitFor();
    expect(new URL(page.url()).searchParams.get('search')).toBe(hostile);

    await searchField().fill('nothing is called this');
    await page.getByRole('heading', { name: 'No open error matches' }).waitFor();
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await page.waitForURL(`${server.url}/`);
    expect(await searchField().inputValue()).toBe('');
  });

  it('never shows the late answer of an older search', async () => {
    await report(server, { project: 'late', exception_type: 'SlowAnswer' });
    await report(server, { project: 'late', exception_type: 'QuickAnswer' });
    const held: Route[] = [];
    await page.route(/search=SlowAnswer/, (route) => void held.push(route));
    await open('project=late');
    await total('2 open errors matching');
    const aborted = page.waitForEvent('requestfailed', (request) => request.url().includes('SlowAnswer'));
    const asked = page.waitForRequest(/search=SlowAnswer/);
    await searchField().fill('SlowAnswer');
    await asked;
    await searchField().fill('QuickAnswer');
    await aborted;
    await total('1 open error matching');
    await row('QuickAnswer').waitFor();
    expect(held).toHaveLength(1);
  });

  it('is paged, and a page has its own address', async () => {
    for (let number = 0; number < 53; number++) {
      await report(server, { project: 'paging', exception_type: `Error${number}` });
    }
    await open('project=paging');
    await page.getByText('1–50 of 53', { exact: true }).waitFor();
    expect(await page.getByRole('button', { name: 'Previous' }).isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByText('51–53 of 53', { exact: true }).waitFor();
    await titles(['Error2', 'Error1', 'Error0']);
    expect(await page.getByRole('button', { name: 'Next' }).isDisabled()).toBe(true);
    await page.reload();
    await page.getByText('51–53 of 53', { exact: true }).waitFor();
    await row('Error1').locator('.title').click();
    await page.waitForURL(/\/errors\/\d+\?/);
    await page.goBack();
    await page.getByText('51–53 of 53', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Previous' }).click();
    await page.getByText('1–50 of 53', { exact: true }).waitFor();

    await open('project=paging&offset=5000');
    await page.getByText('51–53 of 53', { exact: true }).waitFor();
  });

  describe('an error', () => {
    it('leaves the open ones when it is resolved, and undoing brings it back', async () => {
      for (const exception_type of ['NextInLine', 'ToBeResolved']) {
        await report(server, { project: 'resolving', exception_type });
      }
      await open('project=resolving');
      await row('ToBeResolved')
        .getByRole('button', { name: /^Resolve/ })
        .click();
      await total('1 open error matching');
      await page.locator('.title:focus', { hasText: 'NextInLine' }).waitFor();
      expect(await resolved('resolving')).toEqual(['ToBeResolved']);

      await toast('1 error resolved').getByRole('button', { name: 'Undo' }).click();
      await total('2 open errors matching');
      expect(await resolved('resolving')).toEqual([]);
      await toast('1 error reopened').waitFor();
    });

    it('is reopened where all are shown', async () => {
      const { id } = await report(server, { project: 'reopening', exception_type: 'WasResolved' });
      await server.call(`/api/errors/${id}/resolve`, { method: 'POST' });
      await open('project=reopening&state=all');
      await row('WasResolved').getByText('Resolved', { exact: true }).waitFor();
      await row('WasResolved')
        .getByRole('button', { name: /^Reopen/ })
        .click();
      await row('WasResolved').getByText('Open', { exact: true }).waitFor();
      expect(await resolved('reopening')).toEqual([]);
    });

    it('is told apart when it cannot be resolved, and stays as it was', async () => {
      await report(server, { project: 'failing', exception_type: 'StaysOpen' });
      await open('project=failing');
      await page.route('**/api/errors/bulk', (route) =>
        route.fulfill({ status: 500, json: { detail: 'The disk is <b>full</b>.', request_id: 'req-4712' } }),
      );
      await row('StaysOpen')
        .getByRole('button', { name: /^Resolve/ })
        .click();
      await toast('Nothing was resolved: The disk is <b>full</b>. (request id req-4712)').waitFor();
      expect(await row('StaysOpen').locator('.state').textContent()).toBe('Open');
      expect(await row('StaysOpen').getAttribute('aria-busy')).toBe('false');
    });
  });

  it('changes several errors at once: resolves with undo, reopens, and deletes after asking', async () => {
    const project = 'several';
    for (const exception_type of ['One', 'Two', 'Three']) await report(server, { project, exception_type });
    await open(`project=${project}`);
    await page.getByLabel('Select Two it broke').check();
    await page.getByLabel('Select Three it broke').check();
    await page.getByText('2 selected').waitFor();
    await tool('Resolve').click();
    await toast('2 errors resolved').waitFor();
    await total('1 open error matching');
    await page.keyboard.press('u');
    await total('3 open errors matching');
    expect(await resolved(project)).toEqual([]);

    await page.getByLabel('Select all on this page').check();
    await page.getByText('3 selected').waitFor();
    await tool('Delete …').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    await total('3 open errors matching');
    await page.getByLabel('Select all on this page').uncheck();
    await page.getByLabel('Select One it broke').check();
    await tool('Delete …').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete this error' }).click();
    await toast('1 error deleted').waitFor();
    await total('2 open errors matching');
    const { body } = await server.call(`/api/errors?project=${project}`);
    expect(body.total).toBe(2);
  });

  it('is worked with by keyboard alone', async () => {
    const project = 'keyboard';
    for (const exception_type of ['Third', 'Second', 'First'])
      await report(server, { project, exception_type });
    await open(`project=${project}`);
    await row('First').waitFor();
    await page.keyboard.press('j');
    await focused('First');
    await page.keyboard.press('j');
    await focused('Second');
    await page.keyboard.press('x');
    await page.getByText('1 selected').waitFor();
    await page.keyboard.press('Escape');
    await page.getByText('1 selected').waitFor({ state: 'hidden' });
    await page.keyboard.press('k');
    await focused('First');
    await page.keyboard.press('e');
    await toast('1 error resolved').waitFor();
    await focused('Second');
    await page.keyboard.press('?');
    await page.getByRole('dialog').getByText('Resolve or reopen the error, or all selected').waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/errors\/\d+\?project=keyboard$/);
    await page.goBack();
    await focused('Second');
  });

  it('leaves letters that are typed into a field alone', async () => {
    await report(server, { project: 'typing', exception_type: 'NotTouched' });
    await open('project=typing');
    await searchField().fill('');
    await searchField().pressSequentially('exkuj?');
    await page.getByRole('heading', { name: 'No open error matches' }).waitFor();
    expect(await searchField().inputValue()).toBe('exkuj?');
    expect(await resolved('typing')).toEqual([]);
  });

  it.each([
    ['a desktop', DESKTOP],
    ['a phone', PHONE],
    ['the narrowest phone', { width: 320, height: 600 }],
  ])(
    'shows hostile text as that text on %s: nothing runs, nothing loads, the page keeps its width',
    async (_, size) => {
      await page.setViewportSize(size);
      const script = `"><script>alert(1)</script><img src=x onerror=alert(2)>`;
      const project = `${script} host ${size.width}`;
      const override = `\u202Egnp.exe \u001B[31m${script} 👩‍👩‍👧‍👦`;
      await report(server, {
        project,
        exception_type: script + 'W'.repeat(200 - script.length),
        message: override + 'M'.repeat(100_000),
        traceback: `${override}\n  File "<svg onload=alert(3)>${'x'.repeat(5_000)}", line 1`,
        request_url: `javascript:alert(4)//${'u'.repeat(5_000)}`,
        request_method: '<b>GET',
        user_id: script,
        extra: [script, { constructor: script }],
      });
      await open(`project=${encodeURIComponent(project)}`);
      await total('1 open error matching');
      expect(await page.locator('.error .project').textContent()).toBe(project);
      expect(await dashboard.scrollsSideways()).toBe(false);
      expect(await page.locator('main script, main img, main b').count()).toBe(0);
      expect(await page.locator('main a[href*="alert"]').count()).toBe(1);
      expect(await page.locator('main a[href^="javascript"]').count()).toBe(0);
      const { x, width } = (await page.getByRole('button', { name: /^Resolve/ }).boundingBox())!;
      expect(x + width).toBeLessThanOrEqual(size.width);
    },
  );

  async function open(query: string): Promise<void> {
    await page.goto(`${server.url}/?${query}`);
    await page.getByRole('search').waitFor();
  }

  function row(type: string): Locator {
    return page.locator('.error', { has: page.locator('.title', { hasText: type }) });
  }

  function choice(name: string): Locator {
    return page.getByLabel(name, { exact: true });
  }

  function searchField(): Locator {
    return page.getByLabel('Search errors', { exact: true });
  }

  function toast(text: string): Locator {
    return page.locator('.toast', { hasText: text });
  }

  function tool(name: string): Locator {
    return page.getByRole('toolbar').getByRole('button', { name });
  }

  async function total(text: string): Promise<void> {
    await page.locator('.total').getByText(text, { exact: true }).waitFor();
  }

  async function titles(expected: string[]): Promise<void> {
    for (const [index, title] of expected.entries()) {
      await page.locator('.error .title').nth(index).getByText(title, { exact: true }).waitFor();
    }
    expect(await page.locator('.error .title').count()).toBe(expected.length);
  }

  async function focused(title: string): Promise<void> {
    await page.locator('.title:focus', { hasText: title }).waitFor();
  }

  async function resolved(project: string): Promise<string[]> {
    const { body } = await server.call(`/api/errors?project=${project}&resolved=true`);
    return body.errors.map((error: { exception_type: string }) => error.exception_type);
  }
});
