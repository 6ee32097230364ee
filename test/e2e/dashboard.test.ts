import type { Browser, BrowserContext, Locator, Page, Route } from 'playwright-core';
import { launchBrowser } from '../support/browser';
import { API_KEY, startTestServer, type TestServer } from '../support/test-server';

const waitMs = 5_000;

interface Report {
  project: string;
  exception_type: string;
  message?: string;
  traceback?: string;
  [field: string]: unknown;
}

describe('the dashboard', () => {
  let server: TestServer;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  /** what a page that works as it should never does: dialogs, script errors, refused content */
  let mishaps: string[];

  const cleanUps: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    server = await startTestServer();
    cleanUps.unshift(() => server.close());
    browser = await launchBrowser();
    cleanUps.unshift(() => browser.close());
  }, 60_000);

  afterAll(async () => {
    for (const cleanUp of cleanUps) await cleanUp();
  });

  beforeEach(async () => {
    context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    context.setDefaultTimeout(waitMs);
    page = await context.newPage();
    mishaps = watch(page);
  });

  afterEach(async () => {
    await context.close();
    expect(mishaps).toEqual([]);
  });

  describe('with no key in this browser', () => {
    test('asks for one and requests nothing from the API until it gets it', async () => {
      const requests: string[] = [];
      page.on('request', (request) => requests.push(new URL(request.url()).pathname));
      await page.goto(server.url);
      await keyField().waitFor();
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Enter API key' }).click();
      await keyField().waitFor();
      expect(requests.filter((path) => path.startsWith('/api'))).toEqual([]);
    });

    test('says that a wrong key is wrong, then lets the right one in', async () => {
      await page.goto(server.url);
      await enterKey('not-the-key');
      await page.getByRole('alert').getByText('This key is wrong').waitFor();
      await enterKey('ключ');
      await page.getByRole('alert').getByText('This key is wrong').waitFor();
      await enterKey(API_KEY);
      await page.getByRole('dialog').waitFor({ state: 'hidden' });
      await page.getByRole('search').waitFor();
    });

    test('keeps the key over a reload and forgets it on request', async () => {
      await page.goto(server.url);
      await enterKey(API_KEY);
      await page.getByRole('search').waitFor();
      await page.reload();
      await page.getByRole('search').waitFor();
      expect(await page.getByRole('dialog').isVisible()).toBe(false);

      await page.getByRole('button', { name: 'Forget key' }).click();
      await keyField().waitFor();
      expect(await page.getByRole('search').isVisible()).toBe(false);
      await page.reload();
      await keyField().waitFor();
      expect(await page.evaluate('localStorage.length')).toBe(0);
    });

    test('asks again when the key it kept is not accepted any more', async () => {
      await page.goto(server.url);
      await page.evaluate("localStorage.setItem('error-tracker.api-key', 'an-older-key')");
      await page.reload();
      await page.getByRole('alert').getByText('no longer accepts the key').waitFor();
      expect(await page.evaluate('localStorage.length')).toBe(0);
    });
  });

  describe('on a server nothing was reported to', () => {
    test('shows how to report the first error, and finds it once it is there', async () => {
      const empty = await startTestServer();
      try {
        await page.goto(empty.url);
        await enterKey(API_KEY);
        await page.getByRole('heading', { name: 'No errors yet' }).waitFor();
        await page.getByText(`curl -X POST ${empty.url}/api/errors`).waitFor();
        await report({ project: 'first-steps', exception_type: 'FirstError' }, empty);
        await page.getByRole('button', { name: 'Check again' }).click();
        await row('FirstError').waitFor();
        await page.getByLabel('Project', { exact: true }).selectOption('first-steps');
      } finally {
        await empty.close();
      }
    });
  });

  describe('the list', () => {
    test('shows type, message, project, count, times and state of each error, the latest first', async () => {
      await report({ project: 'list', exception_type: 'OlderError' });
      const twice = { project: 'list', exception_type: 'LaterError', message: 'first line\n  second line' };
      await report(twice);
      await report(twice);
      await open('project=list');
      await summary('2 open errors matching');
      const titles = await page.locator('.error .type').allTextContents();
      expect(titles).toEqual(['LaterError', 'OlderError']);

      const later = row('LaterError');
      expect(await later.locator('.line').textContent()).toBe('first line second line');
      expect(await later.locator('.project').textContent()).toBe('list');
      expect(await later.locator('.count').textContent()).toBe('2 reports');
      expect(await later.locator('.state').textContent()).toBe('Open');
      const lastSeen = later.locator('.seen time');
      expect(await lastSeen.textContent()).toMatch(/^(just now|\d+m ago)$/);
      expect(await lastSeen.getAttribute('title')).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$/);
    });

    test('is filtered by project and by state, and keeps the choice in the address', async () => {
      await report({ project: 'filter-a', exception_type: 'StaysOpen' });
      const { id } = await report({ project: 'filter-a', exception_type: 'WasResolved' });
      await report({ project: 'filter-b', exception_type: 'OfAnotherProject' });
      await server.call(`/api/errors/${id}/resolve`, { method: 'POST' });
      await open('');
      await page.getByLabel('Project', { exact: true }).selectOption('filter-a');
      await summary('1 open error matching');
      await row('StaysOpen').waitFor();

      await page.getByRole('radio', { name: 'Resolved' }).check();
      await summary('1 resolved error matching');
      await row('WasResolved').waitFor();
      await page.getByRole('radio', { name: 'All' }).check();
      await summary('2 errors matching');
      expect(new URL(page.url()).search).toBe('?state=all&project=filter-a');

      await page.reload();
      await summary('2 errors matching');
      await page.goBack();
      await summary('1 resolved error matching');
      expect(await page.getByLabel('Project', { exact: true }).inputValue()).toBe('filter-a');
      expect(await page.getByRole('radio', { name: 'Resolved' }).isChecked()).toBe(true);
    });

    test('is searched while typing, also for text that means something elsewhere', async () => {
      const hostile = `100%_sure "quoted' <b>&amp; \\ ?#`;
      await report({ project: 'search', exception_type: 'HaystackError', message: 'plain hay' });
      await report({ project: 'search', exception_type: 'NeedleError', message: `found ${hostile}` });
      await open('project=search');
      await summary('2 open errors matching');
      await page.keyboard.press('/');
      await page.keyboard.type(hostile);
      await summary('1 open error matching');
      await row('NeedleError').waitFor();
      expect(new URL(page.url()).searchParams.get('search')).toBe(hostile);

      await searchField().fill('nothing is called this');
      await page.getByRole('heading', { name: 'No open error matches' }).waitFor();
      await page.getByRole('button', { name: 'Clear filters' }).click();
      await page.waitForURL(`${server.url}/`);
      expect(await searchField().inputValue()).toBe('');
    });

    test('never shows the late answer of an older search', async () => {
      await report({ project: 'late', exception_type: 'SlowAnswer' });
      await report({ project: 'late', exception_type: 'QuickAnswer' });
      const held: Route[] = [];
      await page.route(/search=SlowAnswer/, (route) => void held.push(route));
      await open('project=late');
      await summary('2 open errors matching');
      const aborted = page.waitForEvent('requestfailed', (request) => request.url().includes('SlowAnswer'));
      const asked = page.waitForRequest(/search=SlowAnswer/);
      await searchField().fill('SlowAnswer');
      await asked;
      await searchField().fill('QuickAnswer');
      await aborted;
      await summary('1 open error matching');
      await row('QuickAnswer').waitFor();
      expect(held).toHaveLength(1);
    });

    test('is paged, and a page has its own address', async () => {
      const numbers = Array.from({ length: 53 }, (_, index) => index);
      for (const number of numbers) {
        await report({ project: 'paging', exception_type: `Error${number}` });
      }
      await open('project=paging');
      await page.getByText('1–50 of 53', { exact: true }).waitFor();
      expect(await page.getByRole('button', { name: 'Previous' }).isDisabled()).toBe(true);
      await page.getByRole('button', { name: 'Next' }).click();
      await page.getByText('51–53 of 53', { exact: true }).waitFor();
      expect(await page.locator('.error .type').allTextContents()).toEqual(['Error2', 'Error1', 'Error0']);
      expect(await page.getByRole('button', { name: 'Next' }).isDisabled()).toBe(true);
      await page.reload();
      await page.getByText('51–53 of 53', { exact: true }).waitFor();
      await page.getByRole('button', { name: 'Previous' }).click();
      await page.getByText('1–50 of 53', { exact: true }).waitFor();

      await open('project=paging&offset=5000');
      await page.getByText('51–53 of 53', { exact: true }).waitFor();
    });
  });

  describe('an error', () => {
    test('leaves the open ones when it is resolved, and the next one has the focus', async () => {
      for (const exception_type of ['NextInLine', 'ToBeResolved']) {
        await report({ project: 'resolving', exception_type });
      }
      await open('project=resolving');
      await row('ToBeResolved')
        .getByRole('button', { name: /^Resolve/ })
        .click();
      await summary('1 open error matching');
      await page.locator('.expander:focus', { hasText: 'NextInLine' }).waitFor();
      const { body } = await server.call('/api/errors?project=resolving&resolved=true');
      expect(body.errors).toMatchObject([{ exception_type: 'ToBeResolved' }]);

      await page.getByRole('radio', { name: 'All' }).check();
      await summary('2 errors matching');
      const resolved = row('ToBeResolved');
      expect(await resolved.locator('.state').textContent()).toBe('Resolved');
      expect(await resolved.getByRole('button', { name: /^Resolve/ }).count()).toBe(0);
    });

    test('opens to its traceback and its occurrences, and closes again', async () => {
      const traceback = 'Traceback (most recent call last):\n  File "app.py", line 7, in run\nKeyError: 1';
      await report({
        project: 'detail',
        exception_type: 'DetailedError',
        traceback,
        request_url: 'https://shop.example.com/cart?id=1',
        request_method: 'PUT',
        user_id: 'user-17',
        request_headers: { 'User-Agent': 'curl' },
        extra: { release: '1.2.3' },
      });
      await open('project=detail');
      const error = row('DetailedError');
      const expander = error.locator('.expander');
      expect(await expander.getAttribute('aria-expanded')).toBe('false');
      await expander.focus();
      await page.keyboard.press('Enter');
      await error.locator('pre.traceback').waitFor();
      expect(await expander.getAttribute('aria-expanded')).toBe('true');
      expect(await error.locator('pre.traceback').textContent()).toBe(traceback);
      await error.getByText('PUT https://shop.example.com/cart?id=1').waitFor();
      await error.getByText('user-17').waitFor();
      await error.getByText('Headers', { exact: true }).click();
      await error.getByText('"User-Agent": "curl"').waitFor();
      await error.getByText('Extra', { exact: true }).click();
      await error.getByText('"release": "1.2.3"').waitFor();

      await expander.click();
      await error.locator('pre.traceback').waitFor({ state: 'detached' });
      expect(await expander.getAttribute('aria-expanded')).toBe('false');
    });

    test('full of hostile text is shown as that text: nothing runs, nothing loads, the page keeps its width', async () => {
      const script = `"><script>alert(1)</script><img src=x onerror=alert(2)>`;
      const override = `\u202Egnp.exe ${script}`;
      await report({
        project: `${script} host`,
        exception_type: script + 'W'.repeat(200 - script.length),
        message: override + 'M'.repeat(100_000),
        traceback: `${override}\n  File "<svg onload=alert(3)>${'x'.repeat(5_000)}", line 1`,
        request_url: `javascript:alert(4)//${'u'.repeat(5_000)}`,
        request_method: '<b>GET',
        user_id: script,
        request_headers: { [script]: script },
        extra: [script, { constructor: script }],
      });
      await open(`project=${encodeURIComponent(`${script} host`)}`);
      await summary('1 open error matching');
      const error = page.locator('.error');
      expect(await error.locator('.project').textContent()).toBe(`${script} host`);
      await error.locator('.expander').click();
      await error.locator('pre.traceback').waitFor();
      await error.getByText('Headers', { exact: true }).click();
      await error.getByText('Extra', { exact: true }).click();
      for (const width of [1280, 360, 320]) {
        await page.setViewportSize({ width, height: 700 });
        expect(await scrollsSideways()).toBe(false);
      }
      expect(await page.locator('main script, main img, main svg, main b').count()).toBe(0);
      expect(await page.locator('main a[href*="alert"]').count()).toBe(0);
    });
  });

  describe('when the server fails', () => {
    test('says that it cannot be reached, never that there are no errors, and recovers', async () => {
      await report({ project: 'outage', exception_type: 'BeforeTheOutage' });
      await open('project=outage');
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

    test('says that it cannot be reached when it has been stopped', async () => {
      const stopped = await startTestServer();
      let running = true;
      try {
        await page.goto(stopped.url);
        await enterKey(API_KEY);
        await page.getByRole('heading', { name: 'No errors yet' }).waitFor();
        running = false;
        await stopped.close();
        await page.getByRole('button', { name: 'Check again' }).click();
        await page.getByRole('heading', { name: 'The server cannot be reached' }).waitFor();
      } finally {
        if (running) await stopped.close();
      }
    });

    test('shows the detail and the request id of a 500', async () => {
      await answerErrorsWith(500, { detail: 'The disk is <b>full</b>.', request_id: 'req-4711' });
      await open('');
      await page.getByRole('heading', { name: 'The server could not answer (500)' }).waitFor();
      await notice('The disk is <b>full</b>.').waitFor();
      await notice('req-4711').waitFor();
    });

    test('says that an answer of something else is not one of the error tracker', async () => {
      await page.route('**/api/errors?*', (route) =>
        route.fulfill({ status: 200, body: '<h1>Sign in</h1>' }),
      );
      await open('');
      await notice('The answer did not come from the error tracker').waitFor();
    });

    test('says how long a rate limit lasts and tries again by itself after that', async () => {
      await report({ project: 'limited', exception_type: 'AfterTheLimit' });
      await answerErrorsWith(429, { detail: 'Too many.' }, { 'Retry-After': '2' });
      await open('project=limited');
      await notice('Trying again in 2 seconds.').waitFor();
      await page.unroute('**/api/errors?*');
      await row('AfterTheLimit').waitFor();
    });
  });

  test('fits a phone without scrolling sideways, list, detail and dialog alike', async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    await page.goto(server.url);
    await keyField().waitFor();
    expect(await scrollsSideways()).toBe(false);
    await report({ project: 'phone', exception_type: 'com.example.a.rather.long.package.PhoneError' });
    await enterKey(API_KEY);
    const error = row('PhoneError');
    await error.locator('.expander').click();
    await error.locator('pre.traceback').waitFor();
    expect(await scrollsSideways()).toBe(false);
    const { x, width } = (await error.getByRole('button', { name: /^Resolve/ }).boundingBox())!;
    expect(x + width).toBeLessThanOrEqual(360);
  });

  function keyField(): Locator {
    return page.getByLabel('API key', { exact: true });
  }

  function searchField(): Locator {
    return page.getByLabel('Search errors', { exact: true });
  }

  function row(type: string): Locator {
    return page.locator('.error', { has: page.locator('.type', { hasText: type }) });
  }

  describe('at the address of an error, where alerts lead', () => {
    const openError = async (id: number) => {
      await context.addInitScript(`localStorage.setItem('error-tracker.api-key', '${API_KEY}')`);
      await page.goto(`${server.url}/errors/${id}`);
    };

    test('shows that error with its traceback, and leads on to all', async () => {
      const { id } = await report({ project: 'alerted', exception_type: 'Alerted' });
      await report({ project: 'alerted', exception_type: 'NotAlerted' });

      await openError(id);
      await page.getByText('File "Alerted.py", line 1, in run').waitFor();
      expect(await page.locator('.error').count()).toBe(1);
      expect(await page.getByRole('search').isVisible()).toBe(false);

      await page.getByRole('link', { name: 'All errors' }).click();
      await page.locator('.error', { hasText: 'NotAlerted' }).waitFor();
      expect(new URL(page.url()).pathname).toBe('/');
      await page.goBack();
      await page.getByText('File "Alerted.py", line 1, in run').waitFor();
    });

    test('asks for the key first, and then shows it', async () => {
      const { id } = await report({ project: 'alerted', exception_type: 'AlertedToo' });

      await page.goto(`${server.url}/errors/${id}`);
      await enterKey(API_KEY);

      await page.getByText('File "AlertedToo.py", line 1, in run').waitFor();
    });

    test('says when there is no such error any more', async () => {
      await openError(999_999);

      await notice('There is no error 999999').waitFor();
      await page.getByRole('link', { name: 'All errors' }).click();
      await page.getByRole('search').waitFor();
    });
  });

  function notice(text: string): Locator {
    return page.locator('#notice').getByText(text);
  }

  async function summary(text: string): Promise<void> {
    await page.locator('#summary').getByText(text, { exact: true }).waitFor();
  }

  async function scrollsSideways(): Promise<boolean> {
    return page.evaluate('document.documentElement.scrollWidth > window.innerWidth');
  }

  async function enterKey(key: string): Promise<void> {
    await keyField().fill(key);
    await page.getByRole('button', { name: 'Continue' }).click();
  }

  /** Opens the dashboard with this query in a browser that has the key. */
  async function open(query: string): Promise<void> {
    await context.addInitScript(`localStorage.setItem('error-tracker.api-key', '${API_KEY}')`);
    await page.goto(`${server.url}/?${query}`);
    await page.getByRole('search').waitFor();
  }

  async function answerErrorsWith(status: number, json: object, headers: Record<string, string> = {}) {
    await page.route('**/api/errors?*', (route) => route.fulfill({ status, json, headers }));
  }

  async function report(fields: Report, to = server): Promise<{ id: number }> {
    const type = fields.exception_type;
    const traceback = `Traceback (most recent call last):\n  File "${type}.py", line 1, in run\n${type}`;
    const { status, body } = await to.call('/api/errors', {
      json: { message: 'it broke', traceback, ...fields },
    });
    if (status !== 200 && status !== 201)
      throw new Error(`The report was answered ${status}: ${body.detail}`);
    return body;
  }
});

function watch(page: Page): string[] {
  const seen: string[] = [];
  page.on('dialog', (dialog) => {
    seen.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('pageerror', (error) => seen.push(`page error: ${error.message}`));
  page.on('console', (message) => {
    // The browser itself notes each answer that is not 2xx; the tests that cause one look at the page instead.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) {
      seen.push(`console: ${message.text()}`);
    }
  });
  return seen;
}
