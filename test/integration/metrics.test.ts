import { setTimeout as pause } from 'node:timers/promises';
import { anEnvelope, makeEventProject, sendEvent } from '../support/events';
import { until } from '../support/faults/until';
import { send } from '../support/ingest-keys';
import { listen } from '../support/live-events';
import { parsePrometheusText, type Samples } from '../support/prometheus-text';
import { aReport, pythonTraceback } from '../support/reports';
import { API_KEY, startTestServer, type TestServer } from '../support/test-server';
import { startReceiver } from '../support/webhook-receiver';

const DEADLINE_MS = 5_000;
const HOSTILE = 'evil"} 1\nerror_tracker_errors{state="x"} 2 ';

let server: TestServer;

const start = async (env: Record<string, string> = {}) => {
  server = await startTestServer({ METRICS: 'true', ...env });
};
afterEach(() => server.close());

async function scrape(from = server): Promise<Samples> {
  const { status, body } = await from.call('/metrics');
  expect(status).toBe(200);
  return parsePrometheusText(body as string);
}

const report = (changes: Record<string, unknown> = {}) =>
  server.call('/api/errors', { json: aReport(changes) });
const requests = (labels: string) => `error_tracker_http_request_duration_seconds_count{${labels}}`;

describe('Metrics', () => {
  test('that were not asked for are not there', async () => {
    server = await startTestServer();
    const { status, body } = await server.call('/metrics');
    expect([status, body]).toEqual([404, { detail: 'There is no route GET /metrics' }]);
    const { body: document } = await server.call('/docs-json');
    expect(Object.keys(document.paths as object)).not.toContain('/metrics');
  });

  test('are text that Prometheus reads and no cache keeps, with the figures of the process', async () => {
    await start();
    const { headers, body } = await server.call('/metrics');
    expect(headers.get('content-type')).toMatch(/^text\/plain;(?=.* version=0\.0\.4)(?=.* charset=utf-8)/);
    expect(headers.get('cache-control')).toBe('no-store');
    const samples = parsePrometheusText(body as string);
    for (const name of ['process_resident_memory_bytes', 'process_cpu_seconds_total']) {
      expect(samples.get(name)).toBeGreaterThan(0);
    }
    expect(samples.has('nodejs_eventloop_lag_p99_seconds')).toBe(true);
    const { body: document } = await server.call('/docs-json');
    expect(Object.keys(document.paths as object)).toContain('/metrics');
  });

  test('count reports by what became of them, however their path is spelt', async () => {
    await start();
    await report();
    await report();
    await server.call('/API/errors/', { json: aReport() });
    await report({ message: 7 });
    await server.call('/api/errors?x', { json: aReport(), headers: { 'X-API-Key': 'wrong' } });
    await server.call('/api/errors', {
      body: 'x'.repeat(300_000),
      headers: { 'Content-Type': 'text/plain' },
    });

    const samples = await scrape();

    expect(countsOf(samples, 'error_tracker_reports_total')).toEqual({
      '{outcome="accepted",status="200"}': 0,
      '{outcome="created",status="201"}': 1,
      '{outcome="existing",status="200"}': 2,
      '{outcome="refused",status="400"}': 1,
      '{outcome="refused",status="401"}': 1,
      '{outcome="refused",status="415"}': 1,
      '{outcome="refused",status="429"}': 0,
      '{outcome="refused",status="503"}': 0,
    });
    expect(samples.get(requests('method="POST",route="/api/errors",status="2xx"'))).toBe(3);
    expect(samples.get(requests('method="POST",route="/api/errors",status="4xx"'))).toBe(3);
  });

  test('count what Sentry SDKs send, whatever project it is for', async () => {
    await start();
    const project = await makeEventProject(server, HOSTILE);
    await sendEvent(server, project);
    await send(server, project.envelopePath.replaceAll('/', '//'), { body: anEnvelope({}, ['session', {}]) });
    await send(server, `/api/${project.projectId}/store`, { body: '{}' });
    await fetch(server.url + project.envelopePath, { method: 'OPTIONS' });

    const samples = await scrape();

    expect(countsOf(samples, 'error_tracker_reports_total')).toMatchObject({
      '{outcome="accepted",status="200"}': 2,
      '{outcome="refused",status="401"}': 1,
    });
    const of = (route: string, status: string, method = 'POST') =>
      samples.get(requests(`method="${method}",route="/api/:project_id/${route}",status="${status}"`));
    expect([of('envelope', '2xx'), of('store', '4xx'), of('envelope', '2xx', 'OPTIONS')]).toEqual([2, 1, 1]);
  });

  test('name the routes as they are written, and nothing that came from outside', async () => {
    await start();
    for (const project of [HOSTILE, 'ordinary-shop']) await report({ project, exception_type: 'Hidden1' });
    const paths = ['/api/errors/17', '/api/errors/18', '/errors/hidden2', '/hidden3', '/assets/hidden4.js'];
    for (const path of [...paths, '/api/projects?hidden5', '/docs']) await server.call(path);
    await server.call('/api/errors', { method: 'PROPFIND' });

    const { body } = await server.call('/metrics');
    const samples = parsePrometheusText(body as string);

    expect(body).not.toMatch(/evil|shop|hidden|propfind/i);
    expect(samples.get(requests('method="GET",route="/api/errors/:id",status="4xx"'))).toBe(2);
    expect(samples.get(requests('method="GET",route="/errors/:id",status="2xx"'))).toBe(1);
    expect(samples.get(requests('method="GET",route="/api/projects",status="2xx"'))).toBe(1);
    expect(samples.get(requests('method="GET",route="/docs",status="2xx"'))).toBe(1);
    expect(samples.get(requests('method="GET",route="other",status="4xx"'))).toBe(2);
    expect(samples.get(requests('method="other",route="other",status="4xx"'))).toBe(1);
  });

  test('tell how many reports were committed together, and how long that took', async () => {
    await start();
    const before = await scrape();
    await Promise.all(
      Array.from({ length: 100 }, (_, line) => report({ traceback: pythonTraceback('a.py', line % 10) })),
    );

    const samples = await scrape();

    const transactions = samples.get('error_tracker_commit_reports_count')!;
    expect(before.get('error_tracker_commit_reports_count')).toBe(0);
    expect(samples.get('error_tracker_commit_reports_sum')).toBe(100);
    expect(transactions).toBeGreaterThan(0);
    expect(transactions).toBeLessThan(100);
    expect(samples.get('error_tracker_commit_duration_seconds_count')).toBe(transactions);
    const seconds = samples.get('error_tracker_commit_duration_seconds_sum')!;
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThan(5);
  });

  test('tell what waits while another process holds the database, and what was refused then', async () => {
    await start();
    const unlock = await server.database.lock();
    const sent = [1, 2, 3].map(() => report());
    try {
      await until(async () => (await scrape()).get('error_tracker_waiting_reports') === 3, DEADLINE_MS);
      const samples = await scrape();
      expect(samples.get('error_tracker_waiting_bytes')).toBeGreaterThan(3 * 100);
      expect(samples.get('error_tracker_waiting_reports_limit')).toBe(10_000);
      expect(samples.get('error_tracker_waiting_bytes_limit')).toBe(16 * 1024 * 1024);
      await Promise.all(sent);
    } finally {
      await unlock();
    }
    const samples = await scrape();
    expect(samples.get('error_tracker_reports_total{outcome="refused",status="503"}')).toBe(3);
    expect(samples.get('error_tracker_waiting_reports')).toBe(0);
    expect(samples.get('error_tracker_commit_reports_sum')).toBe(0);
  });

  test('tell how many errors there are, how large the database is and who listens', async () => {
    await start();
    for (const line of [1, 2, 3]) await report({ traceback: pythonTraceback('a.py', line) });
    await server.call('/api/errors/1/resolve', { method: 'POST' });
    const listener = await listen(server.url);

    const samples = await scrape();
    const { body: status } = await server.call('/api/status');
    await listener.close();

    expect(samples.get('error_tracker_errors{state="open"}')).toBe(2);
    expect(samples.get('error_tracker_errors{state="resolved"}')).toBe(1);
    expect(samples.get('error_tracker_database_bytes')).toBe(status.database.bytes);
    expect(samples.get('error_tracker_live_listeners')).toBe(1);
    await until(async () => (await scrape()).get('error_tracker_live_listeners') === 0, DEADLINE_MS);
  });

  test('count deliveries by channel and outcome', async () => {
    const statuses = [200, 410, 503];
    const receiver = await startReceiver((_request, response) => {
      response.writeHead(statuses.shift()!).end();
    });
    await start({ ALERT_WEBHOOK_URLS: receiver.url, ALERT_WEBHOOK_ALLOW_PRIVATE: 'true' });

    for (const line of [1, 2, 3]) {
      await report({ traceback: pythonTraceback('a.py', line) });
      await until(() => receiver.requests.length === line, DEADLINE_MS);
    }
    const deliveries = async () => countsOf(await scrape(), 'error_tracker_deliveries_total');
    const total = async () => Object.values(await deliveries()).reduce((sum, count) => sum + count, 0);
    await until(async () => (await total()) === 3, DEADLINE_MS);

    expect(await deliveries()).toEqual({
      '{channel="mail",outcome="sent"}': 0,
      '{channel="mail",outcome="failed"}': 0,
      '{channel="mail",outcome="pending"}': 0,
      '{channel="webhook",outcome="sent"}': 1,
      '{channel="webhook",outcome="failed"}': 1,
      '{channel="webhook",outcome="pending"}': 1,
    });
    await receiver.close();
  });

  test('of two servers in one process are counted apart, and of one that was closed no more', async () => {
    await start();
    const other = await startTestServer({ METRICS: 'true' });
    await report();
    const ofOther = countsOf(await scrape(other), 'error_tracker_reports_total');
    await other.close();
    await report();
    await pause(10);

    expect(Object.values(ofOther)).toEqual([0, 0, 0, 0, 0]);
    const created = 'error_tracker_reports_total{outcome="created",status="201"}';
    expect((await scrape()).get(created)).toBe(1);
  });
});

describe('Whoever asks for metrics', () => {
  const ask = (headers: Record<string, string>, path = '/metrics') => fetch(server.url + path, { headers });
  const bearer = (key: string) => ({ Authorization: `Bearer ${key}` });

  test('needs the key, in its own header or as a bearer', async () => {
    await start();
    expect((await ask({ 'X-API-Key': API_KEY })).status).toBe(200);
    expect((await ask(bearer(API_KEY))).status).toBe(200);
    expect((await ask({ Authorization: `bearer  ${API_KEY}` })).status).toBe(200);
  });

  test.each([
    [{}, 'The key is missing: send X-API-Key, or Authorization with Bearer'],
    [{ Authorization: 'Bearer' }, 'The key is missing: send X-API-Key, or Authorization with Bearer'],
    [
      { Authorization: `Basic ${API_KEY}` },
      'The key is missing: send X-API-Key, or Authorization with Bearer',
    ],
    [bearer('wrong'), 'The key in the Authorization header is wrong'],
    [bearer(`${API_KEY}x`), 'The key in the Authorization header is wrong'],
    [{ ...bearer(API_KEY), 'X-API-Key': 'wrong' }, 'The key in the X-API-Key header is wrong'],
    [{ ...bearer(API_KEY), 'X-API-Key': '' }, 'The X-API-Key header is missing'],
  ])('with %j gets 401 and nothing else', async (headers, detail) => {
    await start();
    const answer = await ask(headers);
    expect(answer.status).toBe(401);
    expect(await answer.json()).toEqual({ detail });
  });

  test('cannot use a bearer anywhere else', async () => {
    await start();
    expect((await ask(bearer(API_KEY), '/api/errors')).status).toBe(401);
    expect((await ask(bearer(API_KEY), '/api/status')).status).toBe(401);
  });

  test('is counted by the rate limit, so that guessing is limited', async () => {
    await start({ RATE_LIMIT_PER_MINUTE: '2' });
    const statuses = [];
    for (const key of ['guess', 'another', API_KEY]) statuses.push((await ask(bearer(key))).status);
    expect(statuses).toEqual([401, 401, 429]);
  });
});

/** The samples of one metric by their labels. */
function countsOf(samples: Samples, name: string): Record<string, number> {
  const found = [...samples].filter(([key]) => key.startsWith(`${name}{`));
  return Object.fromEntries(found.map(([key, value]) => [key.slice(name.length), value]));
}
