import Database from 'better-sqlite3';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { SqliteConnection } from '../../src/database/sqlite-connection';
import { ErrorPruner, PRUNE_START } from '../../src/errors/error-pruner';
import { WriteQueue } from '../../src/errors/write-queue';
import type { Report } from '../../src/errors/report';
import { RetentionService } from '../../src/retention/retention.service';
import { aReport, pythonTraceback } from '../support/reports';
import { endSpawned, runProgram, startSpawnedServer } from '../support/spawned-server';
import { temporaryFolder } from '../support/temporary-folder';
import { API_KEY, startTestServer, type TestServer } from '../support/test-server';

const DAY_MS = 86_400_000;

describe('Retention of a running server', () => {
  let server: TestServer;
  let connection: SqliteConnection;

  beforeEach(async () => {
    server = await startTestServer({ RETENTION_DAYS: '30' });
    connection = server.database();
  });

  afterEach(() => server.close());

  const prune = () => server.app.get(RetentionService).prune();
  const countOf = (table: string) => connection.prepare(`SELECT count(*) FROM ${table}`).pluck().get();

  async function report(line: number, changes: Record<string, unknown> = {}): Promise<number> {
    const json = aReport({ traceback: pythonTraceback('cart.py', line), ...changes });
    const { status, body } = await server.call('/api/errors', { json });
    expect(status).toBe(201);
    return body.id as number;
  }

  test.each([
    ['resolved and last seen long ago', { resolved: 1, lastSeen: 31, resolvedAt: 31 }, true],
    ['resolved long ago without a note when', { resolved: 1, lastSeen: 31, resolvedAt: null }, true],
    ['resolved a minute too early to go', { resolved: 1, lastSeen: 31, resolvedAt: 30 - 1 / 1_440 }, false],
    ['resolved a minute past the limit', { resolved: 1, lastSeen: 31, resolvedAt: 30 + 1 / 1_440 }, true],
    ['resolved just now, last seen long ago', { resolved: 1, lastSeen: 400, resolvedAt: 0 }, false],
    ['seen after it was resolved long ago', { resolved: 1, lastSeen: 1, resolvedAt: 400 }, false],
    ['seen a minute too early to go', { resolved: 1, lastSeen: 30 - 1 / 1_440, resolvedAt: 31 }, false],
    ['open and last seen long ago', { resolved: 0, lastSeen: 4_000, resolvedAt: null }, false],
  ] as const)('of an error that was %s', async (_situation, age, deleted) => {
    const id = await report(1);
    await report(1, { project: 'other' });
    setAge(connection, id, age);

    const result = await prune();

    expect(result.deleted).toBe(deleted ? 1 : 0);
    expect((await server.call(`/api/errors/${id}`)).status).toBe(deleted ? 404 : 200);
    expect((await server.call('/api/errors')).body.total).toBe(deleted ? 1 : 2);
  });

  test('takes the occurrences and the search text of an error along, and no others', async () => {
    const id = await report(1, { message: 'needle that goes' });
    const json = aReport({ traceback: pythonTraceback('cart.py', 1) });
    for (let i = 0; i < 3; i++) await server.call('/api/errors', { json });
    await report(2, { message: 'needle that stays' });
    setAge(connection, id, { resolved: 1, lastSeen: 31, resolvedAt: 31 });

    await prune();

    const { body } = await server.call('/api/errors?search=needle');
    expect(body.errors).toMatchObject([{ message: 'needle that stays' }]);
    expect(body.total).toBe(1);
    expect(countOf('error_occurrences')).toBe(1);
    expect(countOf('error_search')).toBe(1);
  });

  test('leaves the projects of deleted errors in the list', async () => {
    const id = await report(1, { project: 'gone quiet' });
    setAge(connection, id, { resolved: 1, lastSeen: 31, resolvedAt: 31 });

    await prune();

    expect((await server.call('/api/errors')).body.total).toBe(0);
    expect((await server.call('/api/projects')).body).toEqual({ projects: ['gone quiet'] });
  });

  test('frees ids that no new error ever gets, also not after a restart', async () => {
    const folder = temporaryFolder();
    const path = join(folder.path, 'errors.db');
    const first = await startTestServer({ DATABASE_PATH: path });
    const { body: old } = await first.call('/api/errors', { json: aReport() });
    setAge(first.database(), old.id as number, { resolved: 1, lastSeen: 99, resolvedAt: 99 });
    await first.app.get(RetentionService).prune();
    await first.close();

    const second = await startTestServer({ DATABASE_PATH: path });
    const { status, body } = await second.call('/api/errors', { json: aReport() });
    await second.close();
    folder.remove();

    expect(status).toBe(201);
    expect(body.id).toBeGreaterThan(old.id as number);
  });

  test('deletes more than a thousand errors and gives their space back to the disk', async () => {
    await fill(server, 1_050);
    const kept = await report(1, { message: 'kept' });
    expireAll(connection, kept);
    const pages = () => connection.pragma('page_count', { simple: true }) as number;
    const pagesBefore = pages();

    const { deleted, freedBytes } = await prune();

    expect(deleted).toBe(1_050);
    expect((await server.call('/api/errors')).body.errors).toMatchObject([{ id: kept, message: 'kept' }]);
    expect(countOf('error_occurrences')).toBe(1);
    expect(connection.pragma('freelist_count', { simple: true })).toBe(0);
    expect(pages()).toBeLessThan(pagesBefore / 2);
    expect(freedBytes / ((pagesBefore - pages()) * 4_096)).toBeCloseTo(1, 2);
    connection.pragma('wal_checkpoint(TRUNCATE)');
    expect(statSync(server.databasePath).size).toBe(pages() * 4_096);
    expect(connection.pragma('integrity_check', { simple: true })).toBe('ok');
  });

  test('leaves an error that comes back while earlier batches are deleted', async () => {
    await fill(server, 1_050);
    expireAll(connection);

    const pruning = prune();
    await server.app.get(WriteQueue).record(aStoredReport(1_049), 0);
    const { deleted } = await pruning;

    expect(deleted).toBe(1_049);
    expect((await server.call('/api/errors')).body.errors).toMatchObject([
      { message: 'message 1049', count: 2, resolved: false },
    ]);
  });

  test('leaves an error that another process opens again while the batch waits for the database', async () => {
    const id = await report(1);
    setAge(connection, id, { resolved: 1, lastSeen: 31, resolvedAt: 31 });
    const other = await openAgainSlowly(server.databasePath, id);

    new ErrorPruner(connection).deleteBatch(new Date(), PRUNE_START, 200);

    await other.ended;
    expect((await server.call(`/api/errors/${id}`)).body.error).toMatchObject({ id, resolved: false });
  });

  test('answers reports between its batches', async () => {
    await fill(server, 1_050);
    expireAll(connection);
    const state = { done: false };

    const pruning = prune().finally(() => (state.done = true));
    const { status } = await server.call('/api/errors', { json: aReport() });
    const answeredBeforeTheEnd = !state.done;
    const { deleted } = await pruning;

    expect(status).toBe(201);
    expect(answeredBeforeTheEnd).toBe(true);
    expect(deleted).toBe(1_050);
    expect((await server.call('/api/errors')).body.total).toBe(1);
  });

  test('that is asked for twice at once runs once', async () => {
    await fill(server, 250);
    expireAll(connection);

    const [first, second] = await Promise.all([prune(), prune()]);

    expect(first.deleted).toBe(250);
    expect(second).toEqual(first);
  });

  test('ends between two batches when the server stops, and the file is whole', async () => {
    const folder = temporaryFolder();
    const path = join(folder.path, 'errors.db');
    const stopping = await startTestServer({ DATABASE_PATH: path });
    await fill(stopping, 1_050);
    expireAll(stopping.database());

    const pruning = stopping.app.get(RetentionService).prune();
    await stopping.close();
    const { deleted } = await pruning;

    const database = new Database(path, { readonly: true });
    const left = database.prepare('SELECT count(*) FROM errors').pluck().get();
    const occurrences = database.prepare('SELECT count(*) FROM error_occurrences').pluck().get();
    const check = database.pragma('integrity_check', { simple: true });
    database.close();
    folder.remove();
    expect(deleted).toBeGreaterThan(0);
    expect(deleted).toBeLessThan(1_050);
    expect([left, occurrences]).toEqual([1_050 - deleted, 1_050 - deleted]);
    expect(check).toBe('ok');
  });
});

describe('error-tracker prune', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let path: string;

  beforeEach(() => {
    folder = temporaryFolder();
    path = join(folder.path, 'errors.db');
  });

  afterEach(async () => {
    await endSpawned();
    folder.remove();
  });

  const runPrune = (args: string[] = [], env: Record<string, string> = {}) =>
    runProgram({ args: ['prune', ...args], env: { DATABASE_PATH: path, ...env } });

  async function makeExpired(count: number): Promise<void> {
    const server = await startTestServer({ DATABASE_PATH: path });
    await fill(server, count);
    expireAll(server.database());
    await server.call('/api/errors', { json: aReport() });
    await server.close();
  }

  function idsIn(): unknown[] {
    const database = new Database(path, { readonly: true });
    const ids = database.prepare('SELECT id FROM errors ORDER BY id').pluck().all();
    database.close();
    return ids;
  }

  test('--dry-run says how many errors would go and deletes none', async () => {
    await makeExpired(3);

    const { code, stdout, stderr } = await runPrune(['--dry-run']);

    expect(stdout).toBe('Would delete 3 errors resolved and last seen more than 90 days ago\n');
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(idsIn()).toEqual([1, 2, 3, 4]);
  });

  test('needs no API key, deletes what has expired, and says what it gave back', async () => {
    await makeExpired(450);
    const before = statSync(path).size;

    const { code, stdout, stderr } = await runPrune();

    expect(stdout).toMatch(
      /^Deleted 450 errors resolved and last seen more than 90 days ago; gave back \d+ bytes\n$/,
    );
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(idsIn()).toEqual([451]);
    const freed = before - statSync(path).size;
    expect(freed).toBeGreaterThan(before / 2);
    expect(Number(/back (\d+)/.exec(stdout)?.[1]) / freed).toBeCloseTo(1, 2);
  });

  test('goes by RETENTION_DAYS', async () => {
    await makeExpired(2);

    const { stdout } = await runPrune([], { RETENTION_DAYS: '5000' });

    expect(stdout).toMatch(/^Deleted 0 errors resolved and last seen more than 5000 days ago/);
    expect(idsIn()).toEqual([1, 2, 3]);
  });

  test('works beside a running server, which goes on taking reports', async () => {
    await makeExpired(300);
    // A server that keeps everything, so that only the command deletes.
    const server = await startSpawnedServer({ env: { DATABASE_PATH: path, RETENTION_DAYS: '36500' } });
    expect((await server.call('/api/errors')).body.total).toBe(301);

    const pruning = runPrune();
    const state = { pruned: false };
    void pruning.then(() => (state.pruned = true));
    const statuses = new Set<number>();
    while (!state.pruned) statuses.add((await server.call('/api/errors', { json: aReport() })).status);
    const { code, stdout, stderr } = await pruning;

    expect(stderr).toBe('');
    expect(stdout).toMatch(/^Deleted 300 errors/);
    expect(code).toBe(0);
    expect([...statuses]).toEqual([200]);
    expect((await server.call('/api/errors')).body.total).toBe(1);
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

  test('is what a server does by itself soon after it starts', async () => {
    await makeExpired(2);
    const server = await startSpawnedServer({ env: { API_KEY, DATABASE_PATH: path } });

    await server.waitFor(/INFO {2}\[Retention\] Deleted 2 errors/);

    expect((await server.call('/api/errors')).body.total).toBe(1);
  });
});

interface Age {
  resolved: 0 | 1;
  /** days ago */
  lastSeen: number;
  /** days ago */
  resolvedAt: number | null;
}

function setAge(connection: Database.Database, id: number, { resolved, lastSeen, resolvedAt }: Age): void {
  connection
    .prepare('UPDATE errors SET resolved = ?, last_seen = ?, resolved_at = ? WHERE id = ?')
    .run(resolved, daysAgo(lastSeen), resolvedAt === null ? null : daysAgo(resolvedAt), id);
}

function expireAll(connection: Database.Database, except = 0): void {
  connection
    .prepare('UPDATE errors SET resolved = 1, last_seen = ?, resolved_at = ? WHERE id <> ?')
    .run(daysAgo(1_000), daysAgo(1_000), except);
}

function daysAgo(days: number): string {
  return new Date(Date.now() - days * DAY_MS).toISOString().replace('T', ' ').replace('Z', '');
}

async function fill(server: TestServer, errors: number): Promise<void> {
  const queue = server.app.get(WriteQueue);
  await Promise.all(Array.from({ length: errors }, (_, i) => queue.record(aStoredReport(i), 0)));
}

function aStoredReport(number: number): Report {
  return {
    fingerprint: number.toString(16).padStart(32, '0'),
    project: 'shop',
    exceptionType: 'ValueError',
    message: `message ${number}`,
    traceback: 'x'.repeat(2_000),
    file: null,
    line: null,
    source: 'server',
    requestUrl: null,
    requestMethod: null,
    requestHeaders: null,
    userId: null,
    extra: null,
    receivedAt: new Date(),
  };
}

/**
 * Opens an error again in a transaction of another thread, which holds the database for half a second more: resolves
 * when it holds it, so that whoever writes next has read the state from before and must wait.
 */
async function openAgainSlowly(path: string, id: number): Promise<{ ended: Promise<unknown> }> {
  const worker = new Worker(
    `const { parentPort, workerData } = require('node:worker_threads');
     const Database = require(workerData.library);
     const database = new Database(workerData.path);
     database.exec('BEGIN IMMEDIATE');
     database.prepare('UPDATE errors SET resolved = 0, resolved_at = NULL WHERE id = ?').run(workerData.id);
     parentPort.postMessage('holding');
     Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
     database.exec('COMMIT');
     database.close();`,
    { eval: true, workerData: { path, id, library: require.resolve('better-sqlite3') } },
  );
  const ended = new Promise((resolve, reject) => {
    worker.once('exit', resolve);
    worker.once('error', reject);
  });
  await Promise.race([new Promise((resolve) => worker.once('message', resolve)), ended]);
  return { ended };
}
