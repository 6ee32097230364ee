import { setTimeout as pause } from 'node:timers/promises';
import { PRUNE_START } from '../../src/errors/error-pruner';
import { WriteQueue } from '../../src/errors/write-queue';
import { RetentionService } from '../../src/retention/retention.service';
import { aStoredReport, expireAll, fill, setAge } from '../support/expired-errors';
import { aReport, pythonTraceback } from '../support/reports';
import { endSpawned, runProgram, startSpawnedServer } from '../support/spawned-server';
import { type TemporaryDatabase, temporaryDatabase } from '../support/temporary-database';
import { API_KEY, startTestServer, type TestServer } from '../support/test-server';

describe('Retention of a running server', () => {
  let server: TestServer;

  beforeEach(async () => {
    server = await startTestServer({ RETENTION_DAYS: '30' });
  });

  afterEach(() => server.close());

  const prune = () => server.app.get(RetentionService).prune();
  const countOf = (table: string) => server.database.value<number>(`SELECT count(*) FROM ${table}`);

  async function report(line: number, changes: Record<string, unknown> = {}): Promise<number> {
    const json = aReport({ traceback: pythonTraceback('cart.py', line), ...changes });
    const { status, body } = await server.call('/api/errors', { json });
    expect(status).toBe(201);
    return body.id as number;
  }

  test.each([
    ['resolved and last seen long ago', { resolved: true, lastSeen: 31, resolvedAt: 31 }, true],
    ['resolved long ago without a note when', { resolved: true, lastSeen: 31, resolvedAt: null }, true],
    [
      'resolved a minute too early to go',
      { resolved: true, lastSeen: 31, resolvedAt: 30 - 1 / 1_440 },
      false,
    ],
    ['resolved a minute past the limit', { resolved: true, lastSeen: 31, resolvedAt: 30 + 1 / 1_440 }, true],
    ['resolved just now, last seen long ago', { resolved: true, lastSeen: 400, resolvedAt: 0 }, false],
    ['seen after it was resolved long ago', { resolved: true, lastSeen: 1, resolvedAt: 400 }, false],
    ['seen a minute too early to go', { resolved: true, lastSeen: 30 - 1 / 1_440, resolvedAt: 31 }, false],
    ['open and last seen long ago', { resolved: false, lastSeen: 4_000, resolvedAt: null }, false],
  ] as const)('of an error that was %s', async (_situation, age, deleted) => {
    const id = await report(1);
    await report(1, { project: 'other' });
    await setAge(server.database, id, age);

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
    await setAge(server.database, id, { resolved: true, lastSeen: 31, resolvedAt: 31 });

    await prune();

    const { body } = await server.call('/api/errors?search=needle');
    expect(body.errors).toMatchObject([{ message: 'needle that stays' }]);
    expect(body.total).toBe(1);
    expect(await countOf('error_occurrences')).toBe(1);
    expect(await countOf('error_search')).toBe(1);
  });

  test('leaves the projects of deleted errors in the list', async () => {
    const id = await report(1, { project: 'gone quiet' });
    await setAge(server.database, id, { resolved: true, lastSeen: 31, resolvedAt: 31 });

    await prune();

    expect((await server.call('/api/errors')).body.total).toBe(0);
    expect((await server.call('/api/projects')).body).toEqual({ projects: ['gone quiet'] });
  });

  test('frees ids that no new error ever gets, also not after a restart', async () => {
    const database = await temporaryDatabase();
    const first = await startTestServer({ ...database.env });
    const { body: old } = await first.call('/api/errors', { json: aReport() });
    await setAge(first.database, old.id as number, { resolved: true, lastSeen: 99, resolvedAt: 99 });
    await first.app.get(RetentionService).prune();
    await first.close();

    const second = await startTestServer({ ...database.env });
    const { status, body } = await second.call('/api/errors', { json: aReport() });
    await second.close();
    await database.remove();

    expect(status).toBe(201);
    expect(body.id).toBeGreaterThan(old.id as number);
  });

  test('deletes more than a thousand errors', async () => {
    await fill(server, 1_050);
    const kept = await report(1, { message: 'kept' });
    await expireAll(server.database, kept);

    const { deleted } = await prune();

    expect(deleted).toBe(1_050);
    expect((await server.call('/api/errors')).body.errors).toMatchObject([{ id: kept, message: 'kept' }]);
    expect(await countOf('error_occurrences')).toBe(1);
  });

  test('leaves an error that comes back while earlier batches are deleted', async () => {
    await fill(server, 1_050);
    await expireAll(server.database);

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
    await setAge(server.database, id, { resolved: true, lastSeen: 31, resolvedAt: 31 });
    const commit = await server.database.hold(
      'UPDATE errors SET resolved = FALSE, resolved_at = NULL WHERE id = ?',
      [id],
    );

    const pruning = server.app
      .get(WriteQueue)
      .ask({ kind: 'prune', before: new Date(), from: PRUNE_START, batchSize: 200 });
    await pause(500);
    await commit();

    expect((await pruning).deleted).toEqual([]);
    expect((await server.call(`/api/errors/${id}`)).body.error).toMatchObject({ id, resolved: false });
  });

  test('answers reports between its batches', async () => {
    await fill(server, 1_050);
    await expireAll(server.database);
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
    await expireAll(server.database);

    const [first, second] = await Promise.all([prune(), prune()]);

    expect(first.deleted).toBe(250);
    expect(second).toEqual(first);
  });

  test('ends between two batches when the server stops, and what is left is whole', async () => {
    const database = await temporaryDatabase();
    const stopping = await startTestServer({ ...database.env });
    await fill(stopping, 1_050);
    await expireAll(stopping.database);

    const pruning = stopping.app.get(RetentionService).prune();
    await stopping.close();
    const { deleted } = await pruning;

    const stored = database.open();
    const left = await stored.value('SELECT count(*) FROM errors');
    const occurrences = await stored.value('SELECT count(*) FROM error_occurrences');
    const damage = await stored.findDamage();
    await stored.close();
    await database.remove();
    expect(deleted).toBeGreaterThan(0);
    expect(deleted).toBeLessThan(1_050);
    expect([left, occurrences]).toEqual([1_050 - deleted, 1_050 - deleted]);
    expect(damage).toEqual([]);
  });
});

describe('error-tracker prune', () => {
  let database: TemporaryDatabase;

  beforeEach(async () => {
    database = await temporaryDatabase();
  });

  afterEach(async () => {
    await endSpawned();
    await database.remove();
  });

  const runPrune = (args: string[] = [], env: Record<string, string> = {}) =>
    runProgram({ args: ['prune', ...args], env: { ...database.env, ...env } });

  async function makeExpired(count: number): Promise<void> {
    const server = await startTestServer({ ...database.env });
    await fill(server, count);
    await expireAll(server.database);
    await server.call('/api/errors', { json: aReport() });
    await server.close();
  }

  async function idsIn(): Promise<number[]> {
    const stored = database.open();
    const rows = await stored.all<{ id: number }>('SELECT id FROM errors ORDER BY id');
    await stored.close();
    return rows.map(({ id }) => id);
  }

  test('--dry-run says how many errors would go and deletes none', async () => {
    await makeExpired(3);

    const { code, stdout, stderr } = await runPrune(['--dry-run']);

    expect(stdout).toBe('Would delete 3 errors resolved and last seen more than 90 days ago\n');
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(await idsIn()).toEqual([1, 2, 3, 4]);
  });

  test('needs no API key and deletes what has expired', async () => {
    await makeExpired(450);

    const { code, stdout, stderr } = await runPrune();

    expect(stdout).toMatch(/^Deleted 450 errors resolved and last seen more than 90 days ago/);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(await idsIn()).toEqual([451]);
  });

  test('goes by RETENTION_DAYS', async () => {
    await makeExpired(2);

    const { stdout } = await runPrune([], { RETENTION_DAYS: '5000' });

    expect(stdout).toMatch(/^Deleted 0 errors resolved and last seen more than 5000 days ago/);
    expect(await idsIn()).toEqual([1, 2, 3]);
  });

  test('works beside a running server, which goes on taking reports', async () => {
    await makeExpired(300);
    // A server that keeps everything, so that only the command deletes.
    const server = await startSpawnedServer({ env: { ...database.env, RETENTION_DAYS: '36500' } });
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

  test('is what a server does by itself soon after it starts', async () => {
    await makeExpired(2);
    const server = await startSpawnedServer({ env: { API_KEY, ...database.env } });

    await server.waitFor(/INFO {2}\[Retention\] Deleted 2 errors/);

    expect((await server.call('/api/errors')).body.total).toBe(1);
  });
});
