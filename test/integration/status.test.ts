import { aReport } from '../support/reports';
import { DATABASE } from '../support/test-database';
import { startTestServer, type TestServer } from '../support/test-server';

const NOW_AND_THEN_MS = 20;

describe('GET /api/status', () => {
  let server: TestServer;
  afterEach(() => server.close());

  it('counts open and resolved errors', async () => {
    server = await startTestServer();
    for (const project of ['shop', 'billing', 'Ünï"; --']) {
      await server.call('/api/errors', { json: aReport({ project }) });
      await server.call('/api/errors', { json: aReport({ project }) });
    }
    await server.call('/api/errors/1/resolve', { method: 'POST' });
    expect((await server.call('/api/status')).body.errors).toEqual({ open: 2, resolved: 1 });
  });

  it('tells how many reports wait while another process holds the database', async () => {
    server = await startTestServer();
    const unlock = await server.database.lock();
    const reports = [1, 2, 3].map(() => server.call('/api/errors', { json: aReport() }));
    try {
      await until(async () => (await server.call('/api/status')).body.waiting_reports === 3);
    } finally {
      await unlock();
    }
    expect((await Promise.all(reports)).map(({ status }) => status).sort()).toEqual([200, 200, 201]);
    expect((await server.call('/api/status')).body.waiting_reports).toBe(0);
  });

  it('never holds a secret', async () => {
    server = await startTestServer({
      API_KEY: 'hidden-key',
      SMTP_HOST: 'mail.example.com',
      SMTP_USERNAME: 'mailer',
      SMTP_PASSWORD: ' hidden-pässword" ',
      ALERT_WEBHOOK_URLS: 'https://hooks.example.com/services/hidden-hook?token=hidden-token',
      ALERT_WEBHOOK_SECRET: 'hidden-secret',
      BASE_URL: 'https://me:hidden-password@errors.example.com/tracker',
      REDIS_URL: 'redis://me:hidden-login@redis.example.com',
      INGEST_KEYS: `hidden-project:${'a'.repeat(32)}`,
    });
    const { body } = await server.call('/api/status');
    expect(JSON.stringify(body)).not.toContain('hidden');
    expect(body.base_url).toBe('https://errors.example.com/tracker');
    const secrets = (body.settings as { name: string; is_secret: boolean; is_set?: boolean }[])
      .filter(({ is_secret }) => is_secret)
      .map(({ name, is_set }) => [name, is_set]);
    expect(Object.fromEntries(secrets)).toEqual({
      API_KEY: true,
      SMTP_PASSWORD: true,
      DATABASE_URL: DATABASE === 'postgres',
      ALERT_WEBHOOK_URLS: true,
      ALERT_WEBHOOK_SECRET: true,
      BASE_URL: true,
      REDIS_URL: true,
      INGEST_KEYS: true,
    });
  });
});

async function until(holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 1_500;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error('It did not come to hold');
    await new Promise((later) => setTimeout(later, NOW_AND_THEN_MS));
  }
}
