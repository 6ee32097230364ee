import { readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { PROPERTIES, variableName } from '../../src/config/load-config';
import { aReport } from '../support/reports';
import { startTestServer, type TestServer } from '../support/test-server';

const packageFile = join(__dirname, '..', '..', 'package.json');
const { version } = JSON.parse(readFileSync(packageFile, 'utf8')) as { version: string };

describe('GET /api/status of a server with a file', () => {
  let server: TestServer;
  afterEach(() => server.close());

  it('tells what runs here', async () => {
    const before = Date.now();
    server = await startTestServer({ BASE_URL: 'https://errors.example.com/tracker/' });
    const { status, body, headers } = await server.call('/api/status');
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body).toEqual({
      version,
      node: process.version,
      sqlite: expect.stringMatching(/^3\.\d+\.\d+$/),
      started_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      uptime_seconds: expect.any(Number),
      base_url: 'https://errors.example.com/tracker',
      database: {
        kind: 'sqlite',
        version: body.sqlite,
        path: resolve(server.databasePath),
        address: null,
        bytes: expect.any(Number),
      },
      errors: { open: 0, resolved: 0 },
      waiting_reports: 0,
      settings: expect.any(Array),
    });
    const startedAt = Date.parse(body.started_at as string);
    expect(startedAt).toBeGreaterThanOrEqual(before);
    expect(startedAt).toBeLessThanOrEqual(Date.now());
    expect(body.uptime_seconds).toBeLessThanOrEqual((Date.now() - before) / 1000);
    expect((body.settings as { name: string }[]).map(({ name }) => name)).toEqual(
      PROPERTIES.map(variableName),
    );
  });

  it('adds the write-ahead log to the size of the file', async () => {
    server = await startTestServer();
    await server.call('/api/errors', { json: aReport() });
    const { bytes } = (await server.call('/api/status')).body.database as { bytes: number };
    const file = statSync(server.databasePath).size;
    const log = statSync(`${server.databasePath}-wal`).size;
    expect(log).toBeGreaterThan(0);
    expect(bytes).toBe(file + log);
  });
});
