import type { Browser, Locator, Page } from 'playwright-core';
import { seriousProblems } from '../support/axe';
import { launchBrowser } from '../support/browser';
import { DashboardPage, DESKTOP, PHONE } from '../support/dashboard-page';
import { anEnvelope } from '../support/events';
import { until } from '../support/faults/until';
import { makeKey, reportWithKey, send } from '../support/ingest-keys';
import { startTestServer, type TestServer } from '../support/test-server';

describe.each([
  ['on a desktop', DESKTOP],
  ['on a phone', PHONE],
])('the ingest keys of the set-up page %s', (_size, viewport) => {
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
    dashboard = await DashboardPage.open(browser, {
      viewport,
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    page = dashboard.page;
  });

  afterEach(async () => {
    const mishaps = await dashboard.close();
    await server.close();
    expect(mishaps).toEqual([]);
  });

  const open = async () => {
    await page.goto(`${server.url}/setup`);
    await page.getByRole('table').waitFor();
  };
  const section = () => page.getByRole('region', { name: 'Projects and ingest keys' });
  const card = (name: string): Locator =>
    section()
      .getByRole('article')
      .filter({ has: page.getByRole('heading', { name, exact: true }) });

  const inItem = (name: string) => card('shop').getByRole('listitem').filter({ hasText: name });
  const sdkExample = () => page.getByRole('region', { name: 'With a Sentry SDK' }).locator('pre:visible');

  const makeProject = async (name: string) => {
    await section().getByLabel('Name of a new project, as reports carry it').fill(name);
    await section().getByRole('button', { name: 'Make a project' }).click();
  };

  test('are made from nothing: a project, its key, its origins; and the example uses them', async () => {
    await open();
    await section().getByText('There is no project yet.').waitFor();
    await makeProject('web shop');
    await card('web shop').getByText('No ingest key.').waitFor();
    await card('web shop').getByLabel('Name, for people').and(page.locator(':focus')).waitFor();
    await card('web shop')
      .getByText('Allowed origins: none named, so that pages may report with Sentry SDKs only')
      .click();
    await card('web shop')
      .getByLabel(/^One on each line/)
      .fill('https://Shop.example.com/\n\n https://*.example.com, http://localhost:3000');
    await card('web shop').getByRole('button', { name: 'Save the origins' }).click();
    await card('web shop').getByText('Allowed origins: 3 origins').waitFor();
    await card('web shop').getByLabel('Name, for people').fill('site');
    await card('web shop').getByLabel('Requests a minute; 0 is no limit').fill('600');
    await card('web shop').getByRole('button', { name: 'Make the key' }).click();
    await card('web shop').getByText('never used, at most 600 a minute').waitFor();

    const { projects } = (await server.call('/api/projects/details')).body;
    expect(projects).toEqual([
      {
        id: expect.any(Number),
        name: 'web shop',
        allowed_origins: ['https://shop.example.com', 'https://*.example.com', 'http://localhost:3000'],
        keys: [expect.objectContaining({ name: 'site', rate_limit_per_minute: 600 })],
      },
    ]);
    const { key } = projects[0].keys[0];
    // The server does not know where people reach it; the page does.
    const dsn = `${server.url.replace('://', `://${key}@`)}/${projects[0].id}`;
    expect(await card('web shop').locator('code').allTextContents()).toEqual([dsn, key]);
    expect(await sdkExample().textContent()).toContain(`dsn="${dsn}"`);
    const withHttp = page.getByRole('region', { name: 'With plain HTTP' });
    await withHttp.getByRole('radio', { name: 'Browser' }).check();
    expect(await withHttp.locator('pre:visible').textContent()).toContain(`const ingestKey = "${key}";`);
    expect(await withHttp.locator('pre:visible').textContent()).toContain('const project = "web shop";');
    for (const [what, value] of [
      ['DSN', dsn],
      ['ingest key', key],
    ]) {
      await card('web shop')
        .getByRole('button', { name: `Copy the ${what}` })
        .click();
      await page.getByText(`Copied the ${what}`).first().waitFor();
      expect(await page.evaluate('navigator.clipboard.readText()')).toBe(value);
    }
    expect(await dashboard.scrollsSideways()).toBe(false);
    expect(await seriousProblems(page)).toEqual([]);
  });

  test('are revoked after a question, and gone from the example', async () => {
    await makeKey(server, 'shop', { name: 'old' });
    const kept = await makeKey(server, 'shop', { name: 'new' });
    await open();
    await page.getByLabel('Ingest key of the examples').selectOption({ label: 'shop · old' });
    const revoke = inItem('old').getByRole('button', { name: 'Revoke' });
    await revoke.click();
    await page.getByRole('button', { name: 'Cancel' }).click();
    expect(await card('shop').getByRole('listitem').count()).toBe(2);
    await revoke.click();
    await page.getByRole('button', { name: 'Revoke the key' }).click();
    await page.getByText('Revoked the ingest key old').first().waitFor();
    await inItem('old').waitFor({ state: 'detached' });
    expect(await sdkExample().textContent()).toContain(kept.key);
    const { keys } = (await server.call(`/api/projects/${kept.projectId}`)).body;
    expect(
      keys.map(({ name, revoked_at }: { name: string; revoked_at: string | null }) => [name, !revoked_at]),
    ).toEqual([
      ['new', true],
      ['old', false],
    ]);
  });

  test('stand beside what was refused with them, why and what helps, read anew whenever it is opened', async () => {
    const hostile = `<b>client</b> ${'m'.repeat(80)}`;
    const shop = await makeKey(server, 'shop');
    await makeKey(server, 'quiet');
    const refuse = () => reportWithKey(server, shop.key, { project: 'other' }, { 'User-Agent': hostile });
    await refuse();
    await reportWithKey(server, 'f'.repeat(32));
    const session = anEnvelope({}, ['session', { sid: '1' }]);
    await send(server, `/api/${shop.projectId}/envelope/?sentry_key=${shop.key}`, { body: session });
    await until(async () => (await server.call('/api/ledger')).body.entries.length === 3, 5_000);
    await open();
    await card('quiet').getByText('What was refused or left out: nothing').click();
    await card('quiet').getByText('Nothing was refused in the last 30 days.').waitFor();
    const ofShop = card('shop').getByText('What was refused or left out: 1 entry, and 1 of no concern');
    await ofShop.focus();
    await page.keyboard.press('Enter');
    const entry = card('shop').getByRole('listitem').filter({ hasText: 'refused' });
    await entry.getByText('the report names the project other').waitFor();
    expect(await entry.innerText()).toMatch(
      /^refused Its key is of another project.*\n+the report names the project other\n+Use a key of .*\n+Once, .*, by <b>client<\/b> m/,
    );
    // It is newer, and yet comes after what is wrong.
    expect(await card('shop').locator('.ledger-entries li').last().innerText()).toMatch(
      /^ignored .*\n+session\n/,
    );
    await section().getByText('Refused without a project: 1 entry').click();
    await section().getByText('Its key is unknown here, or was revoked.').waitFor();
    expect(await seriousProblems(page)).toEqual([]);
    await page.setViewportSize({ width: 320, height: 740 });
    expect(await dashboard.scrollsSideways()).toBe(false);

    await ofShop.click();
    await refuse();
    await until(async () => (await server.call('/api/ledger')).body.entries[0].count === 2, 5_000);
    await page.route('**/api/ledger*', (route) => route.abort());
    await ofShop.click();
    await card('shop').getByText('The server cannot be reached').waitFor();
    await page.unroute('**/api/ledger*');
    await card('shop').getByRole('button', { name: 'Try again' }).click();
    await entry.getByText(/^2 times, the last just now/).waitFor();
  });

  test('are given another name and limit, with the keyboard', async () => {
    const { path } = await makeKey(server, 'shop', { name: 'old' });
    await makeKey(server, 'shop', { name: 'other' });
    await open();
    const change = inItem('old').getByRole('button', { name: 'Change' });
    await change.focus();
    await page.keyboard.press('Enter');
    expect(await change.getAttribute('aria-expanded')).toBe('true');
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type(' new ');
    await page.keyboard.press('Tab');
    await page.keyboard.type('many');
    await page.keyboard.press('Enter');
    await card('shop')
      .getByText(/^Requests a minute must be a whole number/)
      .waitFor();
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type('060');
    await page.keyboard.press('Enter');
    await page.getByText('Saved the ingest key new').first().waitFor();
    await inItem('new').getByText('never used, at most 60 a minute').waitFor();
    const [changed] = (await server.call(path.replace(/\/keys.*/, ''))).body.keys;
    expect(changed).toMatchObject({ name: 'new', rate_limit_per_minute: 60 });

    await page.locator('button:focus', { hasText: 'Change' }).waitFor();
    await page.keyboard.press('Enter');
    const fields = inItem('new').getByRole('textbox');
    expect([await fields.first().inputValue(), await fields.last().inputValue()]).toEqual(['new', '60']);
  });

  test('say what is wrong, and keep what was written', async () => {
    await makeKey(server, 'shop');
    await open();
    await makeProject('shop');
    await section()
      .getByText(/^There is a project of this name already/)
      .waitFor();
    await card('shop')
      .getByText(/^Allowed origins/)
      .click();
    const origins = card('shop').getByLabel(/^One on each line/);
    await origins.fill('https://fine.example.com\nnonsense');
    await card('shop').getByRole('button', { name: 'Save the origins' }).click();
    await card('shop')
      .getByText(/^“nonsense” must be an origin/)
      .waitFor();
    await page.getByRole('button', { name: 'Refresh: Projects and ingest keys' }).click();
    await section().locator('[aria-busy]').waitFor({ state: 'detached' });
    expect(await origins.inputValue()).toBe('https://fine.example.com\nnonsense');
    await card('shop').getByText('New ingest key').click();
    await card('shop').getByRole('textbox', { name: 'Requests a minute; 0 is no limit' }).fill('many');
    await card('shop').getByRole('button', { name: 'Make the key' }).click();
    await card('shop')
      .getByText(/^Requests a minute must be a whole number/)
      .waitFor();
  });

  test('of many projects with hostile names come page by page, and nothing is wider than the window', async () => {
    const hostile = `<img src=x onerror=alert(1)>${'W'.repeat(60)}`;
    await makeKey(server, hostile, { name: `"'>${'m'.repeat(90)}` });
    for (let i = 0; i < 24; i++) await server.call('/api/projects', { json: { name: `p${i}` } });
    await open();
    expect(await section().getByRole('article').count()).toBe(20);
    expect(await dashboard.scrollsSideways()).toBe(false);
    await card(hostile).waitFor();
    await section().getByRole('button', { name: 'Next' }).click();
    await section().getByText('21–25 of 25').waitFor();
    expect(await section().getByRole('article').count()).toBe(5);
    expect(await page.getByLabel('Ingest key of the examples').textContent()).toContain(hostile);
  });
});
