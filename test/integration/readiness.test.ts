import { setTimeout as pause } from 'node:timers/promises';
import { captureOutput } from '../support/captured-output';
import { until } from '../support/faults/until';
import { aReport } from '../support/reports';
import { endSpawned, startSpawnedServer } from '../support/spawned-server';
import { LOCKED } from '../support/test-database';
import { startTestServer, type TestServer } from '../support/test-server';
import { startReceiver } from '../support/webhook-receiver';

const DEADLINE_MS = 5_000;

describe('GET /health/ready', () => {
  let server: TestServer;
  const start = async (env: Record<string, string> = {}) => (server = await startTestServer(env));
  afterEach(() => server.close());

  const probe = () => fetch(`${server.url}/health/ready`);

  test('says ready without a key; it is never limited and never kept by a cache', async () => {
    await start({ RATE_LIMIT_PER_MINUTE: '1' });
    for (let i = 0; i < 5; i++) {
      const answer = await probe();
      expect([answer.status, await answer.json()]).toEqual([200, { status: 'ready' }]);
      expect(answer.headers.get('cache-control')).toBe('no-store');
      expect(answer.headers.get('retry-after')).toBeNull();
    }
    expect((await server.call('/api/projects')).status).toBe(200);
  });

  test('is 503 in time while another process holds the database, and keeps no report from waiting for its own', async () => {
    const output = captureOutput();
    await start({ LOG_LEVEL: 'info' });
    // By its answer the writer thread is up: the time it takes to start is not what this is about.
    await server.call('/api/errors', { json: aReport() });
    const unlock = await server.database.lock();
    try {
      const askedAt = Date.now();
      const probing = [probe(), probe(), probe()];
      await pause(50);
      const reporting = server.call('/api/errors', { json: aReport() });
      const answers = await Promise.all(probing);
      const tookMs = Date.now() - askedAt;
      const { status: alive } = await server.call('/health');
      await unlock();

      expect((await reporting).status).toBe(200);
      expect(tookMs).toBeLessThan(1_000);
      expect(alive).toBe(200);
      for (const answer of answers) {
        expect(answer.status).toBe(503);
        expect(answer.headers.get('retry-after')).toBe('5');
        expect(answer.headers.get('cache-control')).toBe('no-store');
        expect(await answer.json()).toEqual({
          status: 'unavailable',
          detail: expect.stringMatching(/^The database (cannot be written and read|did not answer within)/),
        });
      }
      await until(async () => (await probe()).status === 200, DEADLINE_MS);
    } finally {
      output.stop();
    }
    // A report that came before the check waits for longer than it does.
    const lines = output.text().match(/WARN {2}\[Health\] Not ready for reports: .*/g);
    expect(lines).toEqual([expect.stringMatching(new RegExp(`(${LOCKED}|No answer within 800 ms)$`))]);
    expect(output.text().match(/INFO {2}\[Health\] Ready for reports again\n/g)).toHaveLength(1);
  });

  test('is described with both of its answers', async () => {
    await start();
    const { body } = await server.call('/docs-json');
    const { responses } = body.paths['/health/ready'].get;
    expect(Object.keys(responses as object)).toEqual(['200', '503']);
    expect(responses['503'].content['application/json'].example).toEqual({
      status: 'unavailable',
      detail: expect.any(String),
    });
  });
});

describe('A server that is stopping', () => {
  afterEach(endSpawned);

  test('is not ready any more from the first moment, though it still answers', async () => {
    // Holds up the stop: the server waits for an alert that is on its way.
    const receiver = await startReceiver(() => undefined);
    const server = await startSpawnedServer({
      env: { ALERT_WEBHOOK_URLS: receiver.url, ALERT_WEBHOOK_ALLOW_PRIVATE: 'true' },
    });
    await server.call('/api/errors', { json: aReport() });
    await until(() => receiver.requests.length === 1, DEADLINE_MS);
    const before = await server.call('/health/ready');

    server.kill('SIGTERM');
    await server.waitFor(/SIGTERM: finishing/);
    const ready = await server.call('/health/ready');
    const alive = await server.call('/health');
    await receiver.close();

    expect(before.status).toBe(200);
    expect([ready.status, ready.body]).toEqual([
      503,
      { status: 'unavailable', detail: 'The server is stopping' },
    ]);
    expect(alive.status).toBe(200);
    expect((await server.ended).code).toBe(0);
  });
});
