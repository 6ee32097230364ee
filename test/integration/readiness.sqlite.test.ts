import { statSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { aReport } from '../support/reports';
import { openSqlite } from '../support/sqlite-database';
import { startTestServer, type TestServer } from '../support/test-server';

/** One page and its header in the write-ahead log. */
const LOGGED_PAGE_BYTES = 4_096 + 24;
const CHECK_EVERY_MS = 1_000;

describe('GET /health/ready of a server with a file', () => {
  let server: TestServer;
  beforeEach(async () => {
    server = await startTestServer();
  });
  afterEach(() => server.close());

  const probe = () => fetch(`${server.url}/health/ready`);
  const logBytes = () => statSync(`${server.databasePath}-wal`).size;

  test('tries the database once a second at most, however many ask', async () => {
    await server.call('/api/errors', { json: aReport() });
    const before = logBytes();

    const probes = Array.from({ length: 200 }, probe);
    const statuses = (await Promise.all(probes)).map(({ status }) => status);
    const afterMany = logBytes();
    await pause(CHECK_EVERY_MS);
    await probe();

    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(afterMany - before).toBe(LOGGED_PAGE_BYTES);
    expect(logBytes() - afterMany).toBe(LOGGED_PAGE_BYTES);
  });

  test('changes nothing in the file', async () => {
    const other = openSqlite(server.databasePath);
    other.pragma('user_version = 77');
    expect((await probe()).status).toBe(200);
    expect(other.pragma('user_version', { simple: true })).toBe(77);
    other.close();
  });
});
