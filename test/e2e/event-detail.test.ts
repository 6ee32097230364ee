import type { Browser, Locator, Page } from 'playwright-core';
import { seriousProblems } from '../support/axe';
import { boxesOf } from '../support/boxes';
import { launchBrowser } from '../support/browser';
import { DashboardPage, report } from '../support/dashboard-page';
import { storeEvents, storeTag, type StoredEvent } from '../support/event-occurrences';
import { breadcrumbs, CHAINED, pythonEvent } from '../support/sample-events';
import { startTestServer, type TestServer } from '../support/test-server';

describe('the page of an error whose reports came as events', () => {
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
    dashboard = await DashboardPage.open(browser, { permissions: ['clipboard-read', 'clipboard-write'] });
    page = dashboard.page;
  });
  afterEach(async () => {
    expect(await dashboard.close()).toEqual([]);
  });

  it('shows the source of the frame that threw, what else there is on a press, and what caused it', async () => {
    await open(await storeEvents(server, [anEvent('Stack')]));
    const stack = page.getByRole('region', { name: 'Stack trace', exact: true });
    await stack.getByText('of the newest report').waitFor();
    expect(await stack.locator('.exception-head').allInnerTexts()).toEqual([
      expect.stringMatching(/^PaymentError\s+Unhandled\s+django$/),
      expect.stringMatching(/^Caused by\s+ZeroDivisionError\s+division by zero$/),
    ]);
    const frames = stack.locator('.source-frame:visible');
    expect(await namesOf(frames)).toEqual(['checkout', 'OrderView.post', 'charge']);
    expect(await openOnes(frames)).toEqual(['checkout', 'charge']);
    const marked = frames.first().locator('.line.marked');
    expect(await marked.locator('.line-number').textContent()).toBe('12');
    expect(await marked.locator('code').textContent()).toBe(`${CHAINED[0]!.frames[0]!.source}\n`);
    expect(await frames.first().locator('.line-number').allTextContents()).toEqual(
      Array.from({ length: 11 }, (_, index) => String(index + 7)),
    );

    await frames.first().locator('.variables > summary').focus();
    await page.keyboard.press('Enter');
    await frames.first().locator('.json').getByText('<Order 4711>').waitFor();
    await stack.getByRole('button', { name: 'Expand all' }).click();
    const all = ['checkout', 'OrderView.post', '_get_response', 'inner', 'charge'];
    expect(await openOnes(frames)).toEqual(all);
    await stack.getByRole('button', { name: 'Collapse all' }).click();
    expect(await openOnes(frames)).toEqual([]);
    await stack.getByRole('button', { name: '2 library frames' }).click();
    expect(await namesOf(frames)).toEqual(all);

    await page.keyboard.press('t');
    expect(await stack.locator('pre').textContent()).toBe(anEvent('Stack').report.traceback);
    await page.keyboard.press('t');
    await frames.first().waitFor();
  });

  it('folds a message of many lines, and keeps a level beside its category on a phone', async () => {
    const lines = Array.from({ length: 30 }, (_, index) => `line ${index + 1}`);
    const message = lines.join('\n');
    const event = anEvent('Lines', 1, {
      context: {
        breadcrumbs: [
          {
            timestamp: null,
            type: null,
            level: 'warning',
            category: 'a.category '.repeat(5),
            message,
            data: null,
          },
        ],
      },
    });
    await page.setViewportSize({ width: 360, height: 740 });
    await open(await storeEvents(server, [{ ...event, report: { ...event.report, message } }]));
    const ofHead = page.locator('.message-place');
    const shown = ofHead.locator('.message');
    expect(await shown.textContent()).toBe(`${lines.slice(0, 8).join('\n')}…`);
    await ofHead.getByRole('button', { name: 'Show all 30 lines' }).click();
    expect(await shown.textContent()).toBe(message);
    await ofHead.getByRole('button', { name: 'Show less' }).click();
    const crumb = page.locator('.crumb').nth(1);
    await crumb.getByRole('button', { name: 'Show all 30 lines' }).waitFor();
    const [left, right] = await boxesOf(crumb.locator('.category'), crumb.locator('.level'));
    expect(left.height).toBeGreaterThan(right.height * 1.5);
    expect(right.x).toBeGreaterThanOrEqual(left.x + left.width);
    expect(Math.abs(right.y - left.y)).toBeLessThan(6);
    expect(await dashboard.scrollsSideways()).toBe(false);
  });

  it('shows where it was seen, and what a report brought, all of it a way to errors like it', async () => {
    const id = await storeEvents(server, [
      anEvent('Facts', 1, { level: 'fatal', environment: 'staging' }),
      anEvent('Facts', 2, {
        context: { cut: ['local variables'], breadcrumbs: breadcrumbs(12, Date.now()) },
      }),
    ]);
    for (let number = 1; number <= 8; number += 1) await storeTag(server, id, 'release', `shop@${number}`);
    await open(id);
    const head = page.locator('.detail-head');
    await head.locator('.level-fatal').waitFor();
    await head.locator('.figures > div', { hasText: 'Platform' }).getByText('python').waitFor();
    const seenIn = (name: string) => head.locator('.figures > div', { hasText: name }).getByRole('link');
    expect(await seenIn('Environments').allTextContents()).toEqual(['production', 'staging']);
    await head.getByRole('button', { name: '5 more' }).click();
    expect(await seenIn('Releases').count()).toBe(9);
    expect(await seenIn('Releases').last().getAttribute('href')).toBe('/?state=all&release=shop%408');

    const newest = page.getByRole('region', { name: 'Occurrences' });
    await newest.getByText('local variables had to be cut').waitFor();
    const facts = await newest.locator('.event-facts').innerText();
    for (const fact of [/Level\s+error/, /Handled\s+Unhandled/, /SDK\s+sentry\.python\.django 2\.68\.0/]) {
      expect(facts).toMatch(fact);
    }
    await newest.getByRole('button', { name: 'Copy the event ID' }).click();
    await page.locator('.toast', { hasText: 'Event ID copied' }).waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(anEvent('', 2).eventId);
    const links = await newest.getByRole('link').all();
    expect(await Promise.all(links.map((link) => link.getAttribute('href')))).toEqual(
      [
        'environment=production',
        'release=billing%402026.11.3',
        'level=error',
        'user=customer-2',
        'tag=region%3Aeu-central',
        'tag=tenant%3Aacme',
        'tag=worker%3Aweb-2',
      ].map((query) => `/?state=all&${query}`),
    );
    expect(await newest.locator('.context h4').allTextContents()).toEqual([
      'Runtime',
      'Operating system',
      'Trace',
      'cart',
    ]);
    const others = page.getByRole('region', { name: 'Tags of all reports' });
    expect((await others.innerText()).replace(/\s+/g, ' ')).toContain('worker web-1 web-2');
  });

  it('shows what happened before, the newest next to the error, and all of it on a press', async () => {
    const at = Date.now();
    await open(
      await storeEvents(server, [anEvent('Crumbs', 1, { context: { breadcrumbs: breadcrumbs(57, at) } })]),
    );
    const crumbs = page.locator('.crumb');
    expect(await crumbs.count()).toBe(11);
    expect(await crumbs.first().innerText()).toContain('The error');
    const next = crumbs.nth(1);
    expect(await next.locator('time').textContent()).toMatch(/^\d\d:\d\d:\d\d\.\d{3}$/);
    expect(await next.locator('time').getAttribute('datetime')).toBe(new Date(at - 113).toISOString());
    expect(await next.locator('.before').textContent()).toMatch(/^−\d{3} ms$/);
    const request = crumbs.filter({ hasText: 'httplib' }).first();
    await request.getByText(/^GET https:\/\/rates\.example\.com\S+ → 503$/).waitFor();
    await request.locator('summary').click();
    await request.locator('.json').getByText('busy').waitFor();
    await crumbs.locator('.level-warning').first().waitFor();

    await page.getByRole('button', { name: 'Show all 57' }).click();
    expect(await crumbs.count()).toBe(58);
    expect(await page.evaluate('document.activeElement === document.querySelectorAll(".crumb")[11]')).toBe(
      true,
    );
  });

  it('shows no stack trace twice, and the one of an older report where that is another', async () => {
    const other = {
      ...CHAINED[0]!,
      frames: CHAINED[0]!.frames.map((frame) => ({ ...frame, variables: { order: '7' } })),
    };
    const id = await storeEvents(server, [
      anEvent('Steps', 1, { context: { exceptions: [other] } }),
      anEvent('Steps', 2),
      anEvent('Steps', 3),
    ]);
    await open(id);
    const own = page.getByRole('region', { name: 'Its own stack trace' });
    for (const number of [1, 2]) {
      await page.getByText(`${number} of 3`, { exact: true }).waitFor();
      expect(await own.count()).toBe(0);
      await page.keyboard.press(']');
    }
    await own.locator('.source-frame').first().getByText('Local variables').click();
    await own.locator('.json').getByText('7', { exact: true }).waitFor();
  });

  it('copies as Markdown what an issue needs of it', async () => {
    await open(await storeEvents(server, [anEvent('Copied', 1, { level: 'warning' })]));
    await page.keyboard.press('m');
    await page.locator('.toast', { hasText: 'Markdown copied' }).waitFor();
    const markdown = await page.evaluate<string>('navigator.clipboard.readText()');
    expect(markdown).toContain('| Level | warning |');
    expect(markdown).toContain(
      '    raise PaymentError("could not charge") from error\nCaused by: ZeroDivisionError',
    );
    expect(markdown).toContain('- Environment: `production`\n- Release: `billing@2026.11.3`');
  });

  it('leaves a report of the native API as it is', async () => {
    const { id } = await report(server, {
      ...anEvent('Native').report,
      user_id: null,
      request_url: null,
      request_method: null,
    });
    await open(id);
    expect(await page.locator('.traceback .frame').count()).toBe(4);
    expect(await page.getByText('not sent').count()).toBe(2);
    for (const name of ['Expand all', 'Copy the event ID']) {
      expect(await page.getByRole('button', { name }).isVisible()).toBe(false);
    }
    for (const gone of ['.source', '.crumbs', '.tag-chips', '.all-tags', '.seen-in', '.level']) {
      expect([gone, await page.locator(gone).first().isVisible()]).toEqual([gone, false]);
    }
  });

  it.each([
    ['light', 320],
    ['dark', 1280],
  ] as const)(
    'has room for hostile values, and no serious problem, %s and %d px wide',
    async (theme, width) => {
      await page.setViewportSize({ width, height: 700 });
      await page.emulateMedia({ colorScheme: theme });
      await open(await storeEvents(server, [hostileEvent(`Hostile${width}`)]));
      await page.locator('.plot canvas').waitFor();
      await page.getByRole('button', { name: 'Expand all' }).click();
      await page.evaluate("for (const fold of document.querySelectorAll('main details')) fold.open = true");
      for (const content of ['.variables .json', '.crumb-data .json']) {
        await page.locator(content).first().waitFor();
      }
      expect(await dashboard.scrollsSideways()).toBe(false);
      expect(await page.locator('main script, main img, main b').count()).toBe(0);
      expect(await seriousProblems(page)).toEqual([]);
      await page.emulateMedia({ media: 'print' });
      expect(await dashboard.scrollsSideways()).toBe(false);
    },
  );

  function anEvent(type: string, number = 1, changes: Partial<StoredEvent> = {}): StoredEvent {
    const event = pythonEvent(number, changes);
    return { ...event, report: { ...event.report, project: type.toLowerCase() || 'any' } };
  }

  function hostileEvent(project: string): StoredEvent {
    const long = `<img src=x onerror=alert(1)>\u202e${'W'.repeat(170)}`;
    const event = anEvent(project, 1, { environment: long, release: long, platform: long.slice(0, 50) });
    const [caught, cause] = CHAINED;
    const frames = caught!.frames.map((frame) => ({
      ...frame,
      ...{
        function: long,
        file: long,
        path: long,
        module: long,
        source: long.repeat(5),
        variables: { [long]: long },
      },
    }));
    const member = { ...cause!, type: long, value: long, parent: 0 };
    return {
      ...event,
      report: { ...event.report, message: long, user_id: long },
      context: {
        exceptions: [
          { ...caught!, type: long, value: long.repeat(9), mechanism: long, frames },
          member,
          { ...member, frames: [] },
        ],
        breadcrumbs: [
          {
            timestamp: 'never',
            type: long,
            category: long,
            level: long,
            message: long.repeat(4),
            data: { [long]: long },
          },
          {
            timestamp: '1970-01-01T00:00:00.000Z',
            type: null,
            category: null,
            level: 'error',
            message: null,
          },
        ],
        tags: { [long]: long, b: long, [`${long}!`]: 'short' },
        user: { [long]: long, nested: { [long]: [long] } },
        contexts: { [long]: { [long]: long }, os: { name: long, [long]: { [long]: long } } },
        sdk: { name: long, version: long },
        cut: [long],
      },
    };
  }

  async function open(id: number): Promise<void> {
    await page.goto(`${server.url}/errors/${id}`);
    await page.locator('.detail').waitFor();
  }

  async function namesOf(frames: Locator): Promise<string[]> {
    return frames.locator('summary .function').allTextContents();
  }

  async function openOnes(frames: Locator): Promise<string[]> {
    return namesOf(frames.and(page.locator('[open]')));
  }
});
