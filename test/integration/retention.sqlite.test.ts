import type Database from 'better-sqlite3';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { RetentionService } from '../../src/retention/retention.service';
import { expireAll, fill } from '../support/expired-errors';
import { aReport } from '../support/reports';
import { runProgram } from '../support/spawned-server';
import { openSqlite } from '../support/sqlite-database';
import { temporaryFolder } from '../support/temporary-folder';
import { startTestServer, type TestServer } from '../support/test-server';

describe('Retention of a server with a file', () => {
  let server: TestServer;
  let connection: Database.Database;

  beforeEach(async () => {
    server = await startTestServer({ RETENTION_DAYS: '30' });
    connection = openSqlite(server.databasePath);
  });

  afterEach(async () => {
    connection.close();
    await server.close();
  });

  test('gives the space of what it deletes back to the disk', async () => {
    await fill(server, 1_050);
    const { body: kept } = await server.call('/api/errors', { json: aReport() });
    await expireAll(server.database, kept.id as number);
    const pages = () => connection.pragma('page_count', { simple: true }) as number;
    const pagesBefore = pages();

    const { deleted, freedBytes } = await server.app.get(RetentionService).prune();

    expect(deleted).toBe(1_050);
    expect(connection.pragma('freelist_count', { simple: true })).toBe(0);
    expect(pages()).toBeLessThan(pagesBefore / 2);
    expect(freedBytes / ((pagesBefore - pages()) * 4_096)).toBeCloseTo(1, 2);
    connection.pragma('wal_checkpoint(TRUNCATE)');
    expect(statSync(server.databasePath).size).toBe(pages() * 4_096);
    expect(connection.pragma('integrity_check', { simple: true })).toBe('ok');
  });
});

describe('error-tracker prune', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let path: string;

  beforeEach(() => {
    folder = temporaryFolder();
    path = join(folder.path, 'errors.db');
  });

  afterEach(() => folder.remove());

  const runPrune = (args: string[] = []) =>
    runProgram({ args: ['prune', ...args], env: { DATABASE_PATH: path } });

  test('says how much of the file it gave back', async () => {
    const server = await startTestServer({ DATABASE_PATH: path });
    await fill(server, 450);
    await expireAll(server.database);
    await server.call('/api/errors', { json: aReport() });
    await server.close();
    const before = statSync(path).size;

    const { code, stdout, stderr } = await runPrune();

    expect(stdout).toMatch(
      /^Deleted 450 errors resolved and last seen more than 90 days ago; gave back \d+ bytes\n$/,
    );
    expect(stderr).toBe('');
    expect(code).toBe(0);
    const freed = before - statSync(path).size;
    expect(freed).toBeGreaterThan(before / 2);
    expect(Number(/back (\d+)/.exec(stdout)?.[1]) / freed).toBeCloseTo(1, 2);
  });

  test('without a database file says so and makes none', async () => {
    for (const args of [[], ['--dry-run']]) {
      const { code, stdout, stderr } = await runPrune(args);

      expect(stderr).toBe(`The database is not usable: there is no file ${path}\n`);
      expect(stdout).toBe('');
      expect(code).toBe(1);
    }
    expect(existsSync(path)).toBe(false);
  });
});
