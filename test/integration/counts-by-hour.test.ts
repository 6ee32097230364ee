import type Database from 'better-sqlite3';
import { openSqliteConnection } from '../../src/database/sqlite-connection';
import { ErrorPruner } from '../../src/errors/error-pruner';
import { WriteQueue } from '../../src/errors/write-queue';
import { RetentionService } from '../../src/retention/retention.service';
import { aParsedReport, aReport, pythonTraceback } from '../support/reports';
import { startTestServer, type TestServer } from '../support/test-server';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

describe('counts by hour', () => {
  let server: TestServer;
  let connection: Database.Database;

  beforeEach(async () => {
    server = await startTestServer();
    connection = openSqliteConnection(server.databasePath);
  });
  afterEach(async () => {
    connection.close();
    await server.close();
  });

  it('add up to the counts of the errors and of the project, reports at once included', async () => {
    const reports = Array.from({ length: 60 }, (_, i) =>
      aReport({ project: i % 3 ? 'shop' : 'billing', traceback: pythonTraceback('a.py', (i % 4) + 1) }),
    );
    await Promise.all(reports.map((json) => server.call('/api/errors', { json })));

    const differing = connection
      .prepare(
        `SELECT id FROM errors WHERE count <> (SELECT coalesce(sum(n), 0) FROM error_hours WHERE error_id = id)`,
      )
      .all();
    expect(differing).toEqual([]);
    expect(sumOf('project_hours', "project = 'shop'")).toBe(40);
    expect(sumOf('project_hours', "project = 'billing'")).toBe(20);
    const [{ hour }] = connection.prepare('SELECT max(hour) AS hour FROM error_hours').all() as [
      { hour: number },
    ];
    expect(Math.abs(hour - Date.now() / HOUR_MS)).toBeLessThanOrEqual(1);
  });

  it('keep hours apart', async () => {
    const queue = server.app.get(WriteQueue);
    const at = Date.UTC(2026, 0, 1, 10, 59, 59, 999);
    for (const receivedAt of [at, at + 1, at + 1]) {
      await queue.record(aParsedReport({ receivedAt: new Date(receivedAt) }), 0);
    }
    const hours = connection.prepare('SELECT hour, n FROM error_hours ORDER BY hour').all();
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
    connection.prepare('UPDATE errors SET resolved = 1, resolved_at = last_seen WHERE id = ?').run(id);

    await server.app.get(RetentionService).prune();

    expect(sumOf('error_hours', `error_id = ${id}`)).toBe(0);
    expect(sumOf('project_hours', 'true')).toBe(1);
  });

  it('of projects are deleted in parts', () => {
    const insert = connection.prepare("INSERT INTO project_hours VALUES ('shop', ?, 1)");
    for (let hour = 0; hour < 25; hour++) insert.run(hour);
    const pruner = new ErrorPruner(connection);
    expect(pruner.deleteProjectHours(new Date(20 * HOUR_MS), 15)).toBe(15);
    expect(pruner.deleteProjectHours(new Date(20 * HOUR_MS), 15)).toBe(5);
    expect(sumOf('project_hours', 'true')).toBe(5);
  });

  it('stand beside the place where the error was thrown', async () => {
    await server.call('/api/errors', { json: aReport({ traceback: pythonTraceback('cart.py', 31) }) });
    await server.call('/api/errors', { json: aReport({ traceback: 'no stack trace' }) });
    const places = connection.prepare('SELECT file, line FROM errors ORDER BY id').all();
    expect(places).toEqual([
      { file: 'cart.py', line: 31 },
      { file: '', line: null },
    ]);
  });

  function sumOf(table: string, where: string): number {
    const row = connection.prepare(`SELECT coalesce(sum(n), 0) AS n FROM ${table} WHERE ${where}`).get();
    return (row as { n: number }).n;
  }
});
