import { WriteQueue } from '../../src/errors/write-queue';
import { RetentionService } from '../../src/retention/retention.service';
import { aParsedReport, aReport, pythonTraceback } from '../support/reports';
import { startTestServer, type TestServer } from '../support/test-server';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

describe('counts by hour', () => {
  let server: TestServer;

  beforeEach(async () => {
    server = await startTestServer();
  });
  afterEach(() => server.close());

  it('add up to the counts of the errors and of the project, reports at once included', async () => {
    const reports = Array.from({ length: 60 }, (_, i) =>
      aReport({ project: i % 3 ? 'shop' : 'billing', traceback: pythonTraceback('a.py', (i % 4) + 1) }),
    );
    await Promise.all(reports.map((json) => server.call('/api/errors', { json })));

    const differing = await server.database.all(
      `SELECT id FROM errors WHERE count <> (SELECT coalesce(sum(n), 0) FROM error_hours WHERE error_id = id)`,
    );
    expect(differing).toEqual([]);
    expect(await sumOf('project_hours', "project = 'shop'")).toBe(40);
    expect(await sumOf('project_hours', "project = 'billing'")).toBe(20);
    const hour = await server.database.value<number>('SELECT max(hour) FROM error_hours');
    expect(Math.abs(hour - Date.now() / HOUR_MS)).toBeLessThanOrEqual(1);
  });

  it('keep hours apart', async () => {
    const queue = server.app.get(WriteQueue);
    const at = Date.UTC(2026, 0, 1, 10, 59, 59, 999);
    for (const receivedAt of [at, at + 1, at + 1]) {
      await queue.record(aParsedReport({ receivedAt: new Date(receivedAt) }), 0);
    }
    const hours = await server.database.all('SELECT hour, n FROM error_hours ORDER BY hour');
    const first = Math.floor(at / HOUR_MS);
    expect(hours).toEqual([
      { hour: first, n: 1 },
      { hour: first + 1, n: 2 },
    ]);
  });

  it('of an error go with it, those of its project when they are older than RETENTION_DAYS', async () => {
    const queue = server.app.get(WriteQueue);
    const old = aParsedReport({ receivedAt: new Date(Date.now() - 100 * DAY_MS) });
    const { id } = await queue.record(old, 0);
    await queue.record(aParsedReport({ fingerprint: 'a'.repeat(32) }), 0);
    await server.database.run('UPDATE errors SET resolved = TRUE, resolved_at = last_seen WHERE id = ?', [
      id,
    ]);

    await server.app.get(RetentionService).prune();

    expect(await sumOf('error_hours', `error_id = ${id}`)).toBe(0);
    expect(await sumOf('project_hours', 'true')).toBe(1);
  });

  it('of projects are deleted in parts', async () => {
    const hours = Array.from({ length: 25 }, (_, hour) => ({ project: 'shop', hour, n: 1 }));
    await server.database.insert('project_hours', hours);
    const prune = () =>
      server.app
        .get(WriteQueue)
        .ask({ kind: 'prune-project-hours', before: new Date(20 * HOUR_MS), most: 15 });
    expect(await prune()).toBe(15);
    expect(await prune()).toBe(5);
    expect(await sumOf('project_hours', 'true')).toBe(5);
  });

  it('stand beside the place where the error was thrown', async () => {
    await server.call('/api/errors', { json: aReport({ traceback: pythonTraceback('cart.py', 31) }) });
    await server.call('/api/errors', { json: aReport({ traceback: 'no stack trace' }) });
    const places = await server.database.all('SELECT file, line FROM errors ORDER BY id');
    expect(places).toEqual([
      { file: 'cart.py', line: 31 },
      { file: '', line: null },
    ]);
  });

  const sumOf = (table: string, where: string): Promise<number> =>
    server.database.value(`SELECT coalesce(sum(n), 0) FROM ${table} WHERE ${where}`);
});
