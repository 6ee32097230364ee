import { execFile, spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { promisify } from 'node:util';
import type { Browser, Locator, Page } from 'playwright-core';
import { launchBrowser } from '../support/browser';
import { DashboardPage } from '../support/dashboard-page';
import { makeKey } from '../support/ingest-keys';
import { servePage } from '../support/page-server';
import { temporaryFolder } from '../support/temporary-folder';
import { startTestServer, type TestServer } from '../support/test-server';

const run = promisify(execFile);
/** means something in every language the examples are in */
const hostileKey = `k'"\\$HOME\`id\`!#%{}&<b>`;
const testWithPython = spawnSync('python3', ['--version']).status === 0 ? test : test.skip;

describe('the examples of the set-up page', () => {
  let browser: Browser;
  let server: TestServer;
  let dashboard: DashboardPage;
  let page: Page;
  const folder = temporaryFolder();

  beforeAll(async () => {
    browser = await launchBrowser();
    server = await startTestServer({ API_KEY: hostileKey });
  }, 60_000);

  afterAll(async () => {
    await browser.close();
    await server.close();
    folder.remove();
  });

  beforeEach(async () => {
    dashboard = await DashboardPage.open(browser, {
      key: null,
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    page = dashboard.page;
  });

  afterEach(async () => {
    const mishaps = await dashboard.close();
    expect(mishaps).toEqual([]);
  });

  test('run in a shell with curl', async () => {
    await openSetup();
    const example = await copyExample('curl');

    const { stdout } = await run('sh', ['-c', example]);

    expect(JSON.parse(stdout)).toMatchObject({ status: 'created' });
    await expectNewest({ project: 'my-app', exception_type: 'TypeError', message: 'Hello from curl' });
  });

  testWithPython('run in Python', async () => {
    await openSetup();
    writeFileSync(`${folder.path}/first_error.py`, await copyExample('Python'));

    const { stdout } = await run('python3', [`${folder.path}/first_error.py`]);

    expect(JSON.parse(stdout)).toMatchObject({ status: 'created' });
    await expectNewest({
      project: 'my-app',
      exception_type: 'ZeroDivisionError',
      message: 'division by zero',
      file: expect.stringMatching(/first_error\.py$/),
    });
  });

  testWithPython('say in Python why an error could not be reported, and go on', async () => {
    await openSetup();
    const example = (await copyExample('Python')).replace(server.url, 'http://127.0.0.1:9');
    writeFileSync(`${folder.path}/unreachable.py`, `${example}\nprint("still running")\n`);

    const { stdout } = await run('python3', [`${folder.path}/unreachable.py`]);

    expect(stdout).toMatch(/^The error could not be reported: .*\nstill running\n$/);
  });

  test('run in Node', async () => {
    await openSetup();
    writeFileSync(`${folder.path}/first-error.mjs`, await copyExample('Node'));

    const { stdout } = await run('node', [`${folder.path}/first-error.mjs`]);

    expect(JSON.parse(stdout)).toMatchObject({ status: 'created' });
    await expectNewest({
      project: 'my-app',
      exception_type: 'TypeError',
      message: "Cannot read properties of null (reading 'price')",
      file: expect.stringMatching(/first-error\.mjs$/),
    });
  });

  test('report from a page of another origin with an ingest key', async () => {
    const project = 'shop </script><b>"';
    const { key, projectId } = await makeKey(server, project, { name: 'web' });
    await openSetup();
    const pageScript = await copyExample('Browser');
    expect(pageScript).toContain(key);
    expect(pageScript).not.toContain(hostileKey);
    const shop = await servePage(`<!doctype html><title>Shop</title>${pageScript}`);
    const origin = shop.url.replace('127.0.0.1', 'localhost');
    const visitor = await browser.newPage();
    try {
      const throwSoon = "setTimeout(() => { throw new RangeError('from a page') })";
      await visitor.goto(`${origin}/cart`);
      const refused = visitor.waitForEvent('requestfailed');
      await visitor.evaluate(throwSoon);
      await refused;
      expect((await server.call(`/api/errors?project=${encodeURIComponent(project)}`)).body.total).toBe(0);

      const json = { allowed_origins: [origin] };
      await server.call(`/api/projects/${projectId}`, { method: 'PATCH', json });
      await visitor.reload();
      const answered = visitor.waitForResponse((response) => response.status() === 201);
      await visitor.evaluate(throwSoon);
      await answered;
      await expectNewest({
        project,
        exception_type: 'RangeError',
        message: 'from a page',
        source: 'browser',
      });
    } finally {
      await visitor.close();
      await shop.close();
    }
  });

  test('are shown with a placeholder; the key is in the clipboard only, on request', async () => {
    await openSetup();
    for (const name of ['curl', 'Python', 'Node']) {
      await withHttp().getByRole('radio', { name }).check();
      expect(await withHttp().locator('pre:visible').textContent()).toContain('YOUR_API_KEY');
    }
    await withHttp().getByRole('radio', { name: 'curl' }).check();
    await withHttp().getByRole('button', { name: 'Copy', exact: true }).click();
    await page.getByText('Copied; put your key in place of YOUR_API_KEY').first().waitFor();
    expect(await clipboard()).toBe(await withHttp().locator('pre:visible').textContent());
    await page.getByRole('button', { name: 'Copy with key' }).click();
    await page
      .getByText(/^Copied with the key in it/)
      .first()
      .waitFor();
    expect(await page.content()).not.toContain('$HOME');
    expect(await page.evaluate('document.documentElement.innerText')).not.toContain(hostileKey);
  });

  test('are copied, too, where the browser has no clipboard API', async () => {
    await page.addInitScript('delete Navigator.prototype.clipboard');
    await openSetup();
    await withHttp().getByRole('button', { name: 'Copy', exact: true }).click();
    await page
      .getByText(/^Copied/)
      .first()
      .waitFor();
    await page.locator('button:focus', { hasText: /^Copy$/ }).waitFor();
    expect(await clipboard()).toContain(`curl '${server.url}/api/errors'`);
  });

  test('are left to the hand when the browser refuses to copy', async () => {
    await page.addInitScript('delete Navigator.prototype.clipboard; document.execCommand = () => false');
    await openSetup();
    await page.getByRole('button', { name: 'Copy with key' }).click();
    await page
      .getByText(/^This browser refuses to copy/)
      .first()
      .waitFor();
    expect(await page.locator('textarea.visually-hidden').count()).toBe(0);
    expect(await page.content()).not.toContain('$HOME');
  });

  test('change with the arrow keys', async () => {
    await openSetup();
    await withHttp().getByRole('radio', { name: 'curl' }).focus();
    await page.keyboard.press('ArrowRight');
    await page.getByText('Save as first_error.py').waitFor();
    expect(await withHttp().locator('.example:visible').count()).toBe(1);
    await withSdk().getByRole('radio', { name: 'Python' }).focus();
    await page.keyboard.press('ArrowLeft');
    await withSdk().getByText('lib/main.dart').waitFor();
    expect(await withSdk().locator('.example:visible').count()).toBe(1);
  });

  test('for a Sentry SDK start it with the DSN of the key that is chosen', async () => {
    await makeKey(server, 'a first project');
    const chosen = await makeKey(server, 'backend', { name: 'jobs' });
    await openSetup();
    await page.getByLabel('Ingest key of the examples').selectOption({ label: 'backend · jobs' });
    const started = {
      dsn: `${server.url.replace('://', `://${chosen.key}@`)}/${chosen.projectId}`,
      environment: 'production',
      release: 'my-app@1.0.0',
    };
    const sdk = `${folder.path}/node_modules/@sentry/node`;
    mkdirSync(sdk, { recursive: true });
    writeFileSync(`${sdk}/index.js`, 'exports.init = (o) => console.log(JSON.stringify(o));\n');
    appendFileSync(`${sdk}/index.js`, 'exports.captureException = (e) => console.log(e.stack);\n');
    writeFileSync(`${folder.path}/instrument.mjs`, await copyExample('Node', withSdk()));
    writeFileSync(`${folder.path}/app.js`, 'console.log("the app")');

    const { stdout } = await run('node', ['--import', './instrument.mjs', 'app.js'], { cwd: folder.path });

    const [options = '', ...rest] = stdout.split('\n');
    expect(JSON.parse(options)).toEqual(started);
    expect(rest.join('\n')).toMatch(/^Error: Hello from Node\n(.*\n)*the app\n$/);
    expect(await withSdk().locator('.copy-row code').textContent()).toBe(started.dsn);
    await withSdk().getByRole('radio', { name: 'Browser' }).check();
    expect(await withSdk().locator('pre:visible').textContent()).toContain(
      `\n// ${server.url}/api/${chosen.projectId}/envelope/\n`,
    );
  });

  test('name the address that BASE_URL says, and that this is not where the page was opened', async () => {
    const elsewhere = await startTestServer({
      API_KEY: hostileKey,
      BASE_URL: 'https://errors.example.com/x',
    });
    try {
      await openSetup(elsewhere);
      const placeholder = 'dsn="https://YOUR_INGEST_KEY@errors.example.com/x/PROJECT_ID"';
      expect(await withSdk().locator('pre:visible').textContent()).toContain(placeholder);
      await page.getByText(`as BASE_URL says; this page itself was opened at ${elsewhere.url}.`).waitFor();
      await page.getByText("curl 'https://errors.example.com/x/api/errors'").waitFor();

      const { key, projectId } = await makeKey(elsewhere, 'shop');
      await page.getByRole('button', { name: 'Refresh: Projects and ingest keys' }).click();
      const dsn = `https://${key}@errors.example.com/x/${projectId}`;
      await page.getByRole('article').getByText(dsn, { exact: true }).waitFor();
      expect(await withSdk().locator('pre:visible').textContent()).toContain(`dsn="${dsn}"`);
    } finally {
      await elsewhere.close();
    }
  });

  async function openSetup(of = server): Promise<void> {
    await page.goto(`${of.url}/setup`);
    await dashboard.enterKey(hostileKey);
    await page.getByRole('table').waitFor();
  }

  function withHttp(): Locator {
    return page.getByRole('region', { name: 'With plain HTTP' });
  }

  function withSdk(): Locator {
    return page.getByRole('region', { name: 'With a Sentry SDK' });
  }

  /** Copies the first example of a language. */
  async function copyExample(language: string, way = withHttp()): Promise<string> {
    await way.getByRole('radio', { name: language }).check();
    const example = way.locator('.example:visible').first();
    const withKey = example.getByRole('button', { name: 'Copy with key' });
    await ((await withKey.count()) > 0 ? withKey : example.getByRole('button', { name: 'Copy' })).click();
    await page
      .getByText(/^Copied/)
      .first()
      .waitFor();
    return clipboard();
  }

  /** Reads with a page of its own: the one that is tested may have no clipboard. */
  async function clipboard(): Promise<string> {
    const reader = await dashboard.context.newPage();
    await reader.goto(server.url);
    const text = await reader.evaluate<string>('navigator.clipboard.readText()');
    await reader.close();
    return text;
  }

  async function expectNewest(expected: Record<string, unknown>): Promise<void> {
    const list = await server.call('/api/errors?limit=1');
    const { body } = await server.call(`/api/errors/${list.body.errors[0].id}`);
    expect(body.error).toMatchObject(expected);
  }
});
