import type { Browser, Locator, Page } from 'playwright-core';
import { seriousProblems } from '../support/axe';
import { launchBrowser } from '../support/browser';
import { DashboardPage, DESKTOP, PHONE } from '../support/dashboard-page';
import { until } from '../support/faults/until';
import { makeKey } from '../support/ingest-keys';
import { startSmtpServer } from '../support/smtp-server';
import { API_KEY, startTestServer, type TestServer } from '../support/test-server';
import { startReceiver } from '../support/webhook-receiver';

const mailTo = (port: number, ...addresses: string[]) => ({
  SMTP_HOST: '127.0.0.1',
  SMTP_PORT: String(port),
  ALERT_EMAILS: addresses.join(','),
});

describe('the set-up page', () => {
  let browser: Browser;
  let server: TestServer;
  let dashboard: DashboardPage;
  let page: Page;

  beforeAll(async () => {
    browser = await launchBrowser();
  }, 60_000);

  afterAll(() => browser.close());

  beforeEach(() => openBrowser(DESKTOP));

  afterEach(async () => {
    const mishaps = await dashboard.close();
    await server.close();
    expect(mishaps).toEqual([]);
  });

  describe('sends a test error', () => {
    test('that is then there to be looked at, each time the same one', async () => {
      await open();
      for (const count of [1, 2]) {
        await page.getByRole('button', { name: 'Send a test error' }).click();
        await page.getByText('It arrived and is on disk.').first().waitFor();
        await page.locator('button:focus', { hasText: 'Send a test error' }).waitFor();
        const address = await page.getByRole('link', { name: 'Show the error' }).getAttribute('href');
        const id = /^\/errors\/(\d+)\?project=error-tracker-test$/.exec(address ?? '')?.[1];
        const { body } = await server.call(`/api/errors/${id}`);
        expect(body.error).toMatchObject({ project: 'error-tracker-test', count, source: 'browser' });
        await page.reload();
        await page.getByRole('table').waitFor();
      }
    });

    test('and waits when there were too many requests, then says that it arrived', async () => {
      await open();
      await page.route('**/api/errors', (route) =>
        route.fulfill({
          status: 429,
          json: { detail: 'Too many requests' },
          headers: { 'Retry-After': '2' },
        }),
      );
      await page.getByRole('button', { name: 'Send a test error' }).click();
      await page.getByText(/^Trying again in \d seconds?\.$/).waitFor();
      expect(await page.getByText('It arrived').count()).toBe(0);
      await page.unroute('**/api/errors');
      await page.getByText('It arrived and is on disk.').first().waitFor();
    });

    test('and says why it did not arrive', async () => {
      await open();
      await page.route('**/api/errors', (route) =>
        route.fulfill({ status: 503, json: { detail: 'The database cannot be used right now' } }),
      );
      await page.getByRole('button', { name: 'Send a test error' }).click();
      await section('Send a first error').getByText('The database cannot be used right now').waitFor();
      await page.unroute('**/api/errors');
      await page.getByRole('button', { name: 'Try again' }).click();
      await page.getByText('It arrived and is on disk.').first().waitFor();
    });
  });

  describe('sends a test alert', () => {
    const others: { close: () => Promise<void> }[] = [];

    afterEach(async () => {
      await Promise.all(others.splice(0).map((one) => one.close()));
    });

    test('and tells of every recipient what came of it, as it comes', async () => {
      const smtp = await startSmtpServer({
        onRcptTo: ({ address }, _session, done) => {
          if (address.startsWith('slow')) setTimeout(done, 1_500);
          else if (address.startsWith('gone'))
            done(Object.assign(new Error('No such <b>person</b> here'), { responseCode: 550 }));
          else done();
        },
      });
      const receiver = await startReceiver((_request, response) => response.end('thanks'));
      others.push(smtp, receiver);
      await open({
        ...mailTo(smtp.port, 'dev@example.com', 'gone@example.com', 'slow@example.com'),
        ALERT_WEBHOOK_URLS: `${receiver.url}/hook/a-secret-token`,
        ALERT_WEBHOOK_ALLOW_PRIVATE: 'true',
      });
      await fact('Mail').getByText('On, to 3 recipients:').waitFor();
      await fact('Last sent').getByText('Nothing has been sent yet.').waitFor();

      await page.getByRole('button', { name: 'Send a test alert' }).click();

      await page.getByText('2 alerts sent, 1 alert failed, 1 alert under way.', { exact: true }).waitFor();
      expect(await outcome('slow@example.com').textContent()).toContain('Under way …');
      await page.getByText('3 alerts sent, 1 alert failed.', { exact: true }).first().waitFor();
      expect(await outcome('dev@example.com').textContent()).toMatch(/Sent: 250 /);
      expect(await outcome('slow@example.com').textContent()).toMatch(/Sent: 250 /);
      expect(await outcome('gone@example.com').textContent()).toMatch(
        /Failed: .*550 No such <b>person<\/b> here/,
      );
      expect(await outcome(receiver.url).textContent()).toMatch(/Sent: HTTP 200/);
      await fact('Last failure')
        .getByText(/to gone@example\.com: .*550/)
        .waitFor();
      expect(smtp.mails).toHaveLength(2);
      expect(receiver.requests).toHaveLength(1);
      expect(await page.content()).not.toContain('a-secret-token');
    });

    test('and says what is wrong when nobody listens', async () => {
      await open(mailTo(9, 'dev@example.com'));
      await page.getByRole('button', { name: 'Send a test alert' }).click();
      await page.getByText('1 alert failed.', { exact: true }).first().waitFor();
      expect(await outcome('dev@example.com').textContent()).toMatch(/Failed: .*ECONNREFUSED.*SMTP_HOST/);
    });

    test('or names the setting that is missing', async () => {
      await open();
      await section('Alerts').getByText('Nobody is told of new errors.').waitFor();
      expect(await fact('Mail').textContent()).toBe('Not configured: SMTP_HOST is not set.');
      expect(await fact('Webhooks').textContent()).toBe('Not configured: ALERT_WEBHOOK_URLS is not set.');
      await page.getByRole('button', { name: 'Send a test alert' }).click();
      await section('Alerts').getByRole('heading', { name: 'No test alert was sent' }).waitFor();
      await page.getByText('SMTP not configured: SMTP_HOST is not set', { exact: true }).waitFor();
    });
  });

  test('shows what runs here, and with which settings, of secrets only that they are set', async () => {
    const secrets = {
      SMTP_PASSWORD: 'a-secret-password',
      ALERT_WEBHOOK_SECRET: 'a-secret-signature',
      ALERT_WEBHOOK_URLS: 'http://127.0.0.1:9/a-secret-path',
    };
    const answers: Promise<string>[] = [];
    page.on('response', (response) => {
      const { pathname } = new URL(response.url());
      if (pathname.startsWith('/api/') && pathname !== '/api/events') answers.push(response.text());
    });
    await open({
      ...mailTo(9, 'dev@example.com'),
      ...secrets,
      SMTP_USERNAME: 'mailer',
      RETENTION_DAYS: '30',
    });

    await fact('Health')
      .getByText(/^ok, answered in \d+ ms$/)
      .waitFor();
    const { body } = await server.call('/api/status');
    expect(await fact('Version').textContent()).toBe(body.version);
    expect(await fact('Node').textContent()).toBe(process.version);
    expect(await fact('Errors').textContent()).toBe('0 open, 0 resolved');
    expect(await fact('Started').locator('time').getAttribute('title')).toMatch(/ UTC$/);
    expect(await setting('RETENTION_DAYS')).toEqual(['30', 'environment']);
    expect(await setting('ALERT_HOURLY_CAP')).toEqual(['10', 'default']);
    expect(await setting('ALERT_EMAILS')).toEqual(['dev@example.com', 'environment']);
    for (const secret of ['API_KEY', ...Object.keys(secrets)]) {
      expect(await setting(secret)).toEqual(['set (secret)', 'environment']);
    }
    const seen = [await page.content(), ...(await Promise.all(answers))].join('\n');
    expect(answers.length).toBeGreaterThan(1);
    for (const secret of [API_KEY, ...Object.values(secrets)]) expect(seen).not.toContain(secret);
  });

  test('shows the rest when one section cannot be loaded, and that one on another try', async () => {
    await page.route('**/api/alerts/status', (route) =>
      route.fulfill({ status: 500, json: { detail: 'Something went wrong here', request_id: '0d9f2c1e' } }),
    );
    await open();
    const alerts = section('Alerts');
    await alerts.getByRole('heading', { name: 'The server could not answer (500)' }).waitFor();
    await alerts.getByText('Request id: 0d9f2c1e').waitFor();
    await fact('Version').waitFor();
    await page.unroute('**/api/alerts/status');
    await alerts.getByRole('button', { name: 'Try again' }).click();
    await alerts.getByText('Nobody is told of new errors.').waitFor();

    await page.route('**/api/status', (route) => route.abort());
    await page.getByRole('button', { name: 'Refresh: Server' }).click();
    await section('Server').getByRole('heading', { name: 'The server cannot be reached' }).waitFor();
    await page.getByRole('button', { name: 'Refresh: Settings in force' }).click();
    await section('Settings in force')
      .getByRole('heading', { name: 'The server cannot be reached' })
      .waitFor();
    expect(await alerts.getByText('Nobody is told').isVisible()).toBe(true);
    expect(await section('Send a first error').getByText(`curl '${server.url}/api/errors'`).isVisible()).toBe(
      true,
    );
    await page.unroute('**/api/status');
    await section('Server').getByRole('button', { name: 'Try again' }).click();
    await fact('Version').waitFor();
  });

  test('says that the health is unknown when only that cannot be asked', async () => {
    await page.route('**/health', (route) => route.fulfill({ status: 502, body: '<h1>Bad gateway</h1>' }));
    await open();
    await fact('Health')
      .getByText(/^unknown: .*proxy/)
      .waitFor();
    await fact('Version').waitFor();
  });

  test('has an address for each section, and asks nothing again on the way between them', async () => {
    server = await startTestServer();
    await page.goto(`${server.url}/setup#settings`);
    await page.getByRole('table').waitFor();
    await until(() => isInView('Settings in force'), 5_000);
    const requests: string[] = [];
    page.on('request', (request) => requests.push(request.url()));
    await page.getByRole('link', { name: 'Alerts', exact: true }).click();
    await until(() => isInView('Alerts'), 5_000);
    await page.goBack();
    expect(new URL(page.url()).hash).toBe('#settings');
    expect(requests).toEqual([]);
  });

  test('asks for the key when the server does not accept it any more', async () => {
    server = await startTestServer();
    await dashboard.close();
    dashboard = await DashboardPage.open(browser, { key: 'an-older-key' });
    await dashboard.page.goto(`${server.url}/setup`);
    await dashboard.page.getByRole('alert').getByText('no longer accepts the key').waitFor();
  });

  describe.each([
    ['a phone', PHONE],
    ['a desktop', DESKTOP],
    ['the narrowest screen', { width: 320, height: 640 }],
  ])('on %s', (_name, viewport) => {
    test.each(['light', 'dark'] as const)(
      'fits, whatever the settings hold, and has no serious problem of accessibility in %s',
      async (theme) => {
        const people = Array.from({ length: 100 }, (_, i) => `${'w'.repeat(50)}${i}@example.com`);
        await dashboard.close();
        await openBrowser(viewport);
        await open({
          ...mailTo(9, ...people),
          SMTP_FROM: '"<img src=x onerror=alert(1)>" <errors@example.com>',
          BASE_URL: `https://errors.example.com/${'w'.repeat(1_900)}`,
        });
        await dashboard.choose(theme);
        await page.getByRole('button', { name: 'Send a test alert' }).click();
        await page.getByText('100 alerts failed.', { exact: true }).first().waitFor({ timeout: 15_000 });
        await makeKey(server, 'W'.repeat(100));
        await page.getByRole('button', { name: 'Refresh: Projects and ingest keys' }).click();
        await page.getByRole('button', { name: 'Change' }).click();
        for (const choice of await page.getByRole('radio').all()) {
          await choice.check();
          expect(await dashboard.scrollsSideways()).toBe(false);
        }
        expect(await seriousProblems(page)).toEqual([]);
      },
    );
  });

  async function openBrowser(viewport: { width: number; height: number }): Promise<void> {
    dashboard = await DashboardPage.open(browser, { viewport });
    page = dashboard.page;
  }

  /** Opens the page of a server with these settings. */
  async function open(env: Record<string, string> = {}): Promise<void> {
    server = await startTestServer(env);
    await page.goto(`${server.url}/setup`);
    await page.getByRole('table').waitFor();
  }

  function section(title: string): Locator {
    return page.getByRole('region', { name: title, exact: true });
  }

  function fact(name: string): Locator {
    return page.locator(`dt:text-is("${name}") + dd`);
  }

  function outcome(recipient: string): Locator {
    return page.locator('.outcomes li', { hasText: recipient });
  }

  async function setting(name: string): Promise<string[]> {
    const row = page.getByRole('row', { name: new RegExp(`^${name} `) });
    return row.getByRole('cell').allTextContents();
  }

  async function isInView(title: string): Promise<boolean> {
    const box = await page.getByRole('heading', { name: title, exact: true }).boundingBox();
    const height = page.viewportSize()?.height ?? 0;
    return box !== null && box.y >= 0 && box.y < height;
  }
});
