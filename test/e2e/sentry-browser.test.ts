import type { Browser, Page, Request } from 'playwright-core';
import { launchBrowser } from '../support/browser';
import { type EventProject, errorsOf, makeEventProject } from '../support/events';
import { until } from '../support/faults/until';
import { servePage } from '../support/page-server';
import { bundlePage } from '../support/sdk/bundle-page';
import { startTestServer, type TestServer } from '../support/test-server';

describe('a page that reports with @sentry/browser to another origin', () => {
  let browser: Browser;
  let server: TestServer;
  let shop: Awaited<ReturnType<typeof servePage>>;
  let project: EventProject;
  let script: string;

  beforeAll(async () => {
    browser = await launchBrowser();
    script = await bundlePage();
    server = await startTestServer();
    project = await makeEventProject(server, 'web');
    shop = await servePage(`<!doctype html><title>Shop</title>
      <button id="crash">Crash</button><button id="message">Message</button>`);
  }, 60_000);

  afterAll(async () => {
    await browser.close();
    await server.close();
    await shop.close();
  });

  const open = async (options: object = {}, dsn = project.dsn): Promise<Page> => {
    const page = await browser.newPage();
    await page.goto(`${shop.url}/cart?step=2`);
    await page.addScriptTag({
      content: `window.dsn = ${JSON.stringify(dsn)}; window.options = ${JSON.stringify(options)}`,
    });
    await page.addScriptTag({ content: `${script}\n//# sourceURL=${shop.url}/assets/page.js` });
    return page;
  };

  const find = async (message: string, count = 1) => {
    await until(
      async () =>
        (await errorsOf(server, 'web')).some((one) => one.message === message && one.count === count),
      10_000,
    );
    const error = (await errorsOf(server, 'web')).find((one) => one.message === message);
    return (await server.call(`/api/errors/${error!.id}`)).body;
  };

  test('gets an error that nobody caught stored, with the page and what happened before', async () => {
    const page = await open();
    await page.click('#crash');
    const { error, occurrences } = await find('the click went wrong');
    expect(error).toMatchObject({ exception_type: 'RangeError', source: 'browser', platform: 'javascript' });
    expect(occurrences[0]).toMatchObject({
      request_url: `${shop.url}/cart?step=2`,
      environment: 'production',
      release: 'web@3.2.1',
      handled: false,
      request_headers: { 'User-Agent': expect.stringContaining('Chrome') },
      sdk: { name: 'sentry.javascript.browser' },
    });
    expect(occurrences[0].breadcrumbs.at(-1)).toMatchObject({ message: 'about to crash' });
    expect(occurrences[0].exceptions[0].frames[0]).toMatchObject({ thrown: true, line: error.line });
    await page.close();
  });

  test('may send headers of its own, for which the browser asks first', async () => {
    const page = await open({ transportOptions: { headers: { 'X-Shop': 'yes' } } });
    const asked = page.waitForResponse((response) => response.request().method() === 'POST');
    await page.click('#message');
    expect((await asked).status()).toBe(200);
    expect((await find('hello from the page')).error).toMatchObject({
      exception_type: 'Message',
      level: 'info',
    });
    await page.close();
  });

  test('may report through a tunnel, which passes on nothing but the envelope', async () => {
    const page = await open({ tunnel: `${server.url}/api/${project.projectId}/envelope/` });
    await page.click('#message');
    await find('hello from the page', 2);
    await page.close();
  });

  test('backs off when it is told to, and the browser shows it why', async () => {
    const limited = await makeEventProject(server, 'limited', { rate_limit_per_minute: 1 });
    const page = await open({}, limited.dsn);
    const isEvent = (request: Request) => request.postData()?.includes('"type":"event"') ?? false;
    let sent = 0;
    page.on('request', (request) => (sent += Number(isEvent(request))));
    const refused = page.waitForResponse(
      (response) => isEvent(response.request()) && response.status() === 429,
    );
    await page.click('#message');
    await page.evaluate(`Sentry.captureException(new Error('two'))`);
    expect(await (await refused).headerValue('x-sentry-rate-limits')).toMatch(/^\d+:default;error;/);
    const before = sent;
    await page.evaluate(`Sentry.captureException(new Error('three')); Sentry.flush(1000)`);
    expect(sent).toBe(before);
    await page.close();
  });

  test('is refused once its project names other origins', async () => {
    await server.call(`/api/projects/${project.projectId}`, {
      method: 'PATCH',
      json: { allowed_origins: ['https://other.example.com'] },
    });
    const page = await open();
    const refused = page.waitForResponse((response) => response.request().method() === 'POST');
    await page.click('#message');
    const answer = await refused;
    expect(answer.status()).toBe(403);
    expect(await answer.headerValue('x-sentry-error')).toBe(
      `The origin ${shop.url} is not among the allowed origins of the project web`,
    );
    await page.close();
  });
});
