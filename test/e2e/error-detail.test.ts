import type { Browser, Locator, Page } from 'playwright-core';
import { seriousProblems } from '../support/axe';
import { launchBrowser } from '../support/browser';
import { until } from '../support/faults/until';
import { DashboardPage, DESKTOP, PHONE, report } from '../support/dashboard-page';
import { anEnvelope, anEvent, errorsOf, makeEventProject } from '../support/events';
import { send } from '../support/ingest-keys';
import { startSmtpServer, type TestSmtpServer } from '../support/smtp-server';
import { startTestServer, type TestServer } from '../support/test-server';

const traceback = `Traceback (most recent call last):
  File "/usr/lib/python3.13/site-packages/django/core/handlers/exception.py", line 42, in inner
    response = get_response(request)
  File "/usr/lib/python3.13/site-packages/django/core/handlers/base.py", line 197, in _get_response
    response = wrapped_callback(request)
  File "/srv/shop/orders/views.py", line 88, in post
    order.add_items(payload["items"])
  File "/srv/shop/orders/items.py", line 31, in parse
    quantity = int(data["quantity"])
ValueError: invalid literal for int()`;

const full = {
  project: 'shop',
  exception_type: 'ValueError',
  message: 'invalid literal for int()',
  traceback,
  request_method: 'POST',
  request_url: 'https://shop.example.com/cart?step=2',
  request_headers: { 'user-agent': 'curl/8.5.0', accept: '*/*' },
  user_id: 'user-1',
  extra: { release: '2026.11.3', order: { id: 4711, lines: [1, 2] }, empty: '' },
};

describe.each([
  ['a desktop', DESKTOP],
  ['a phone', PHONE],
])('the detail of an error on %s', (_name, viewport) => {
  let smtp: TestSmtpServer;
  let server: TestServer;
  let browser: Browser;
  let dashboard: DashboardPage;
  let page: Page;

  beforeAll(async () => {
    [smtp, browser] = await Promise.all([startSmtpServer(), launchBrowser()]);
    server = await startTestServer({
      SMTP_HOST: '127.0.0.1',
      SMTP_PORT: String(smtp.port),
      ALERT_EMAILS: 'dev@example.com',
      ALERT_HOURLY_CAP: '0',
      BASE_URL: 'http://127.0.0.1',
    });
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await server.close();
    await smtp.close();
  });
  beforeEach(async () => {
    dashboard = await DashboardPage.open(browser, {
      viewport,
      permissions: ['clipboard-read', 'clipboard-write'],
      timezoneId: 'Asia/Tokyo',
    });
    page = dashboard.page;
  });
  afterEach(async () => {
    expect(await dashboard.scrollsSideways()).toBe(false);
    expect(await dashboard.close()).toEqual([]);
  });

  const untilTold = (id: number) =>
    until(async () => {
      const { body } = await server.call(`/api/alerts/deliveries?error=${id}`);
      return body.deliveries[0]?.state === 'sent';
    }, 10_000);

  it('shows what it is, how it stands, and its title in the tab', async () => {
    const { id } = await report(server, { ...full, project: 'facts' });
    await report(server, { ...full, project: 'facts' });
    await open(id);
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('ValueError');
    expect(await page.title()).toBe('ValueError in facts · Error tracker');
    expect(await page.locator('.detail-head .message').textContent()).toBe('invalid literal for int()');
    expect(await fact('Place')).toBe('/srv/shop/orders/items.py:31');
    expect(await fact('Reports')).toBe('2');
    expect(await fact('Source')).toBe('server');
    const seen = page.locator('.figures > div', { hasText: 'Last seen' }).locator('time.exact');
    const { body } = await server.call(`/api/errors/${id}`);
    const inTokyo = new Date(Date.parse(body.error.last_seen) + 9 * 3_600_000).toISOString();
    expect(await seen.textContent()).toBe(inTokyo.slice(0, 19).replace('T', ' '));
    expect(await seen.getAttribute('title')).toBe(
      `${(body.error.last_seen as string).slice(0, 19).replace('T', ' ')} UTC`,
    );
    await page.locator('.figures').getByRole('link', { name: 'facts' }).click();
    await page.waitForURL('**/?project=facts');
  });

  it('folds the frames of libraries, marks the one that threw, and shows the text on a key', async () => {
    const { id } = await report(server, { ...full, project: 'frames' });
    await open(id);
    const frames = page.locator('.frames > .frame:visible');
    expect(await frames.count()).toBe(2);
    expect(await frames.locator('.function').allTextContents()).toEqual(['post', 'parse']);
    expect(await page.locator('.frame.thrown').innerText()).toContain('thrown here');
    expect(await page.locator('.frame.thrown .function').textContent()).toBe('parse');
    const fold = page.getByRole('button', { name: '2 library frames' });
    expect(await fold.getAttribute('aria-expanded')).toBe('false');
    await fold.click();
    expect(await frames.locator('.function').allTextContents()).toEqual([
      'inner',
      '_get_response',
      'post',
      'parse',
    ]);
    await fold.click();
    expect(await frames.count()).toBe(2);

    await page.keyboard.press('t');
    expect(await page.locator('.traceback pre').textContent()).toBe(traceback);
    await page.getByRole('button', { name: 'Copy the stack trace' }).click();
    await toast('Stack trace copied');
    expect(await clipboard()).toBe(traceback);
    await page.keyboard.press('t');
    await page.locator('.frame.thrown').waitFor();
  });

  it('shows a text that is no stack trace as it is, without colours of a terminal, and copies it with them', async () => {
    const text = '\u001b[31mit broke\u001b[0m\r\nbadly';
    const { id } = await report(server, { ...full, project: 'text', traceback: text });
    await open(id);
    expect(await page.locator('.traceback pre').textContent()).toBe('it broke\nbadly');
    expect(await page.getByRole('radio', { name: 'Frames' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Copy the stack trace' }).click();
    await toast('Stack trace copied');
    expect(await clipboard()).toBe(text);
  });

  it('shows each occurrence that is kept, the newest first', async () => {
    const { id } = await report(server, { ...full, project: 'occurrences' });
    for (let number = 2; number <= 6; number += 1) {
      await report(server, { ...full, project: 'occurrences', user_id: `user-${number}` });
    }
    await report(server, {
      project: 'occurrences',
      exception_type: 'ValueError',
      message: 'another message',
      traceback: traceback.replace('line 88', 'line 89'),
    });
    await open(id);
    const occurrences = page.getByRole('region', { name: 'Occurrences' });
    await occurrences.getByText('1 of 5', { exact: true }).waitFor();
    await occurrences.getByText('another message').waitFor();
    await occurrences.getByText('/srv/shop/orders/views.py:89').waitFor();
    expect(await occurrences.getByText('not sent').count()).toBe(2);

    await page.keyboard.press(']');
    await occurrences.getByText('2 of 5', { exact: true }).waitFor();
    expect(await occurrences.getByText('Its own stack trace').count()).toBe(0);
    await occurrences.getByText('POST https://shop.example.com/cart?step=2').waitFor();
    await occurrences.getByText('user-6', { exact: true }).waitFor();
    expect(await occurrences.locator('table tr').allInnerTexts()).toEqual([
      expect.stringMatching(/user-agent\s+curl\/8\.5\.0/),
      expect.stringMatching(/accept\s+\*\/\*/),
    ]);
    await occurrences.getByRole('button', { name: 'Copy URL' }).click();
    await toast('URL copied');
    expect(await clipboard()).toBe('https://shop.example.com/cart?step=2');

    for (let i = 0; i < 5; i += 1) await page.keyboard.press(']');
    await occurrences.getByText('of 7 reports, the newest 5 are kept').waitFor();
    expect(await occurrences.getByRole('button', { name: 'Older' }).isDisabled()).toBe(true);
    await page.keyboard.press('[');
    await occurrences.getByText('4 of 5', { exact: true }).waitFor();
  });

  it('shows extra as a tree, and every number as it was sent', async () => {
    const extra =
      '{"id": 12345678901234567890, "ratio": 1.0, "nested": {"deeper": {"deepest": "found"}}, "list": []}';
    const body = JSON.stringify({ ...full, project: 'tree', extra: null }).replace(
      '"extra":null',
      `"extra":${extra}`,
    );
    const headers = { 'Content-Type': 'application/json' };
    const { body: answer } = await server.call('/api/errors', { method: 'POST', body, headers });
    await open(answer.id);
    const tree = page.locator('.json');
    await tree.getByText('12345678901234567890', { exact: true }).waitFor();
    await tree.getByText('1.0', { exact: true }).waitFor();
    expect(await tree.locator('.string').count()).toBe(0);
    await tree.locator('summary', { hasText: 'deeper' }).last().click();
    await tree.locator('.string', { hasText: 'found' }).waitFor();
    await page.getByRole('button', { name: 'Copy as JSON' }).click();
    await toast('JSON copied');
    expect((await clipboard()).replace(/\s/g, '')).toBe(extra.replace(/\s/g, ''));
  });

  it('is copied as Markdown and as a link, and shown as the JSON of the API', async () => {
    const { id } = await report(server, { ...full, project: 'copies' });
    await open(id, 'state=all');
    await page.keyboard.press('m');
    await toast('Markdown copied');
    const markdown = await clipboard();
    expect(markdown).toContain('# `ValueError` in `copies`');
    expect(markdown).toContain(traceback);
    expect(markdown).toContain(`<${server.url}/errors/${id}>`);
    await page.getByRole('button', { name: 'Copy link' }).click();
    await toast('Link copied');
    expect(await clipboard()).toBe(`${server.url}/errors/${id}`);

    await page.getByRole('button', { name: 'Raw JSON' }).click();
    const dialog = page.getByRole('dialog', { name: `Error ${id} as JSON` });
    const { body } = await server.call(`/api/errors/${id}`);
    await dialog.getByRole('button', { name: 'Copy' }).click();
    await dialog.getByRole('button', { name: 'Copied' }).waitFor();
    expect(JSON.parse(await clipboard())).toEqual(body);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      dialog.getByRole('button', { name: 'Save as file' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe(`error-${id}.json`);
    await dialog.getByRole('button', { name: 'Close' }).click();
    await dialog.waitFor({ state: 'detached' });
  });

  it('shows the text to copy where the browser lets no page copy', async () => {
    const { id } = await report(server, { ...full, project: 'no-clipboard' });
    await page.addInitScript(
      "Object.defineProperty(navigator, 'clipboard', { value: undefined }); document.execCommand = () => false",
    );
    await open(id);
    await page.getByRole('button', { name: 'Copy link' }).click();
    const field = page.getByRole('dialog').getByRole('textbox', { name: 'Link' });
    expect(await field.inputValue()).toBe(`${server.url}/errors/${id}`);
    expect(await page.evaluate('getSelection().toString()')).toBe(`${server.url}/errors/${id}`);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(new URL(page.url()).pathname).toBe(`/errors/${id}`);
  });

  it('is resolved and reopened, by button and by key, with a way back', async () => {
    const { id } = await report(server, { ...full, project: 'resolving' });
    await open(id);
    await page.getByRole('button', { name: 'Resolve' }).click();
    await page.locator('.detail-title .state', { hasText: 'Resolved' }).waitFor();
    await page.locator('.figures dt', { hasText: 'Resolved' }).waitFor();
    expect((await server.call(`/api/errors/${id}`)).body.error.resolved).toBe(true);
    await page.keyboard.press('u');
    await page.locator('.detail-title .state', { hasText: 'Open' }).waitFor();
    expect((await server.call(`/api/errors/${id}`)).body.error.resolved).toBe(false);
    await page.keyboard.press('e');
    await page.getByRole('button', { name: 'Reopen' }).waitFor();
    await page.keyboard.press('e');
    await page.getByRole('button', { name: 'Resolve' }).waitFor();
  });

  it('is deleted once that was confirmed, and then leads to the list', async () => {
    const { id } = await report(server, { ...full, project: 'deleting' });
    await open(id, 'project=deleting');
    const remove = page.getByRole('button', { name: 'Delete …' });
    await remove.click();
    await page.getByRole('button', { name: 'Cancel' }).click();
    expect((await server.call(`/api/errors/${id}`)).status).toBe(200);
    await remove.click();
    await page.getByRole('button', { name: 'Delete this error' }).click();
    await page.waitForURL('**/?project=deleting');
    await toast('1 error deleted');
    expect((await server.call(`/api/errors/${id}`)).status).toBe(404);
  });

  it('leads to the errors beside it in the list, and back to where that was left', async () => {
    for (const exception_type of ['Third', 'Second', 'First']) {
      await report(server, { ...full, project: 'beside', exception_type });
    }
    await page.goto(`${server.url}/?project=beside`);
    await page.getByRole('link', { name: 'First' }).click();
    await heading('First');
    await page.locator('.detail-nav [aria-disabled]', { hasText: 'Previous' }).waitFor();
    await page.getByRole('link', { name: 'Next' }).click();
    await heading('Second');
    await page.keyboard.press('j');
    await heading('Third');
    await page.locator('.detail-nav [aria-disabled]', { hasText: 'Next' }).waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('k');
    await heading('Second');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Second');
    await page.keyboard.press('Escape');
    await page.waitForURL('**/?project=beside');
    await page.goBack();
    await heading('Second');
  });

  it('tells who was told, in the words of the mail server', async () => {
    const { id } = await report(server, { ...full, project: 'alerts' });
    await untilTold(id);
    await open(id);
    const alerts = page.getByRole('region', { name: 'Alerts' });
    await alerts.scrollIntoViewIfNeeded();
    const told = alerts.getByRole('listitem');
    expect(await told.innerText()).toMatch(
      /New error\s+mail to dev@example\.com: sent \d{4}-\d\d-\d\d \d\d:\d\d:\d\d, 250 /,
    );
  });

  it('shows what users said, as text, and only where somebody did', async () => {
    const project = await makeEventProject(server, `said on ${viewport.width}`);
    const eventId = 'fc6d8c0c43fc4630ad850ee518f1b9d0';
    const script = '<img src=x onerror=alert(1)>';
    const said = (changes: Record<string, unknown>) => ({
      contexts: { feedback: { associated_event_id: eventId, ...changes } },
    });
    const body = anEnvelope(
      { event_id: eventId },
      ['event', anEvent()],
      ['feedback', { ...said({ message: 'no name' }), event_id: 'a'.repeat(32) }],
      [
        'feedback',
        said({
          message: `I pressed Pay\n${script}${'x'.repeat(2_000)}`,
          name: script,
          contact_email: 'ada@example.test',
          url: `javascript:alert(2)//${'u'.repeat(1_000)}`,
        }),
      ],
    );
    expect((await send(server, project.envelopePath, { body })).status).toBe(200);
    const [error] = await errorsOf(server, `said on ${viewport.width}`);
    const panel = page.getByRole('region', { name: 'What users said' });

    await page.route('**/api/feedback?*', (route) => route.abort('connectionrefused'));
    await open(error!.id);
    await panel.getByText('It could not be loaded.').waitFor();
    await page.unroute('**/api/feedback?*');
    await panel.getByRole('button', { name: 'Try again' }).click();

    const [first, second] = [0, 1].map((place) => panel.getByRole('listitem').nth(place));
    await panel.getByText('no name').waitFor();
    expect(await second!.innerText()).toMatch(/^Somebody, /);
    expect(await first!.innerText()).toContain(`${script}, ada@example.test, `);
    expect(await first!.innerText()).toContain('on javascript:alert(2)//');
    await first!.getByRole('button', { name: /^Show all 2,\d+ characters$/ }).click();
    expect(await first!.innerText()).toContain(`I pressed Pay\n${script}${'x'.repeat(2_000)}`);
    expect(await panel.locator('a, img').count()).toBe(0);

    const { id } = await report(server, { ...full, project: 'nobody said' });
    const answered = page.waitForResponse(`**/api/feedback?error_id=${id}&*`);
    await open(id);
    await (await answered).finished();
    await page.locator('.plot canvas').waitFor();
    expect(await panel.isVisible()).toBe(false);
  });

  it('has a chart of the last hours and days whose figures can be pointed at', async () => {
    const { id } = await report(server, { ...full, project: 'chart' });
    await report(server, { ...full, project: 'chart' });
    await open(id);
    const chart = page.getByRole('slider', { name: 'Reports over time' });
    await chart.locator('canvas').waitFor();
    await page.getByText('2 in the last 24 hours').waitFor();
    expect(await chart.getAttribute('aria-valuetext')).toMatch(
      /^2 reports in the last 24 hours, most of them, 2, at /,
    );
    await chart.focus();
    await page.keyboard.press('ArrowLeft');
    await page.getByText(/^\d{4}-\d\d-\d\d \d\d:00: 2 reports$/).waitFor();
    await page.keyboard.press('ArrowLeft');
    await page.getByText(/^\d{4}-\d\d-\d\d \d\d:00: 0 reports$/).waitFor();
    const box = (await chart.locator('.u-over').boundingBox())!;
    await page.mouse.move(box.x + box.width - 3, box.y + box.height / 2);
    await page.getByText(/^\d{4}-\d\d-\d\d \d\d:00: 2 reports$/).waitFor();

    await page.getByRole('radio', { name: '90 days' }).check();
    await page.getByText('2 in the last 90 days').waitFor();
    await chart.focus();
    await page.keyboard.press('End');
    await page.getByText(/^\d{4}-\d\d-\d\d: 2 reports$/).waitFor();
    const pictures = new Set<string>();
    for (const theme of ['light', 'dark'] as const) {
      await dashboard.choose(theme);
      pictures.add(await page.evaluate("document.querySelector('.plot canvas').toDataURL()"));
    }
    expect(pictures.size).toBe(2);
  });

  it('has no serious problem for those who see or point differently, in either theme', async () => {
    const { id } = await report(server, { ...full, project: 'access', message: 'long '.repeat(2_000) });
    await untilTold(id);
    await open(id);
    await page.locator('.plot canvas').waitFor();
    await page.getByRole('region', { name: 'Alerts' }).scrollIntoViewIfNeeded();
    await page.locator('.deliveries').waitFor();
    for (const theme of ['light', 'dark'] as const) {
      await dashboard.choose(theme);
      await page.waitForTimeout(200);
      expect(await seriousProblems(page)).toEqual([]);
    }
    await page.getByRole('radio', { name: 'Text' }).check();
    await page.getByRole('button', { name: 'Raw JSON' }).click();
    await page.getByRole('dialog').getByRole('textbox').waitFor();
    expect(await seriousProblems(page)).toEqual([]);
  });

  async function open(id: number, query = ''): Promise<void> {
    await page.goto(`${server.url}/errors/${id}?${query}`);
    await page.locator('.detail').waitFor();
  }

  async function heading(text: string): Promise<void> {
    await page.getByRole('heading', { level: 1, name: text, exact: true }).waitFor();
  }

  async function fact(name: string): Promise<string | null> {
    const pair: Locator = page.locator('.figures > div', { has: page.getByText(name, { exact: true }) });
    return pair.locator('dd').textContent();
  }

  async function toast(text: string): Promise<void> {
    await page.locator('.toast', { hasText: text }).waitFor();
  }

  async function clipboard(): Promise<string> {
    return page.evaluate('navigator.clipboard.readText()');
  }
});
