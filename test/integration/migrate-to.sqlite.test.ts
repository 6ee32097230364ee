import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { columnNames, COMPARED_TABLES } from '../../src/database/copy/copied-tables';
import { createOriginalDatabase } from '../support/original-database';
import { PostgresCluster, WITHOUT_FSYNC } from '../support/postgres/postgres-cluster';
import { makeKey, reportWithKey } from '../support/ingest-keys';
import { aReport, pythonTraceback } from '../support/reports';
import { type Ended, endSpawned, spawnProgram } from '../support/spawned-server';
import { createPostgresDatabase, sqliteFile, type TemporaryDatabase } from '../support/temporary-database';
import { temporaryFolder } from '../support/temporary-folder';
import type { TestDatabase } from '../support/test-database';
import { startTestServer, type TestServer } from '../support/test-server';
import { startReceiver } from '../support/webhook-receiver';

jest.setTimeout(60_000);

const SECRET = 'hunter2';
const TIME = '2026-01-31 12:00:00.000';

describe('error-tracker migrate-to', () => {
  let cluster: PostgresCluster;
  let target: TemporaryDatabase;
  let stored: TestDatabase;
  let url: string;
  let folder: ReturnType<typeof temporaryFolder>;
  let file: string;
  let servers: TestServer[];

  beforeAll(async () => {
    cluster = await PostgresCluster.start(WITHOUT_FSYNC);
  });
  afterAll(() => cluster.remove());

  beforeEach(async () => {
    folder = temporaryFolder();
    file = join(folder.path, 'errors.db');
    servers = [];
    target = await createPostgresDatabase(cluster.url);
    stored = target.open();
    url = urlOf(target).replace('postgres@', `postgres:${SECRET}@`);
  });
  afterEach(async () => {
    await endSpawned();
    for (const server of servers) await server.close();
    await stored.close();
    await target.remove();
    folder.remove();
  });

  const urlOf = ({ env }: TemporaryDatabase) => (env as { DATABASE_URL: string }).DATABASE_URL;

  async function start(env: Record<string, string>): Promise<TestServer> {
    const server = await startTestServer(env);
    servers.push(server);
    return server;
  }

  async function stop(server: TestServer): Promise<void> {
    servers = servers.filter((other) => other !== server);
    await server.close();
  }

  const spawnMove = (to = url) => spawnProgram({ args: ['migrate-to', to], env: { DATABASE_PATH: file } });

  async function move(to = url): Promise<Ended> {
    const ended = await spawnMove(to).ended;
    expect(ended.stdout + ended.stderr).not.toContain(SECRET);
    return ended;
  }

  /** Makes the file with the schema, and lets the test put rows into it. */
  async function fill(work: (database: TestDatabase) => Promise<unknown>): Promise<void> {
    await stop(await start({ DATABASE_PATH: file }));
    const database = sqliteFile(file).open();
    await work(database);
    await database.close();
  }

  /** A source of several batches. */
  const fillWithMany = () =>
    fill(async (database) => {
      const ids = Array.from({ length: 3_500 }, (_, index) => index + 1);
      await database.insert(
        'errors',
        ids.map((id) => ({
          id,
          fingerprint: `fingerprint ${id}`,
          project: 'shop',
          exception_type: 'E',
          message: `message ${id}`,
          traceback: '',
          count: 2,
          first_seen: TIME,
          last_seen: TIME,
          source: 'server',
        })),
      );
      await database.insert(
        'error_occurrences',
        ids.map((id) => ({ id, error_id: id, slot: 1, timestamp: TIME })),
      );
      const alert = { kind: 'created', channel: 'mail', recipient: 'dev@example.com', state: 'sent' };
      await database.insert(
        'deliveries',
        ids.map((id) => ({ id, error_id: id, created_at: TIME, ...alert })),
      );
    });

  /** A row of somebody else, which holds up the batch that has one with the same id until the function is called. */
  async function holdUp(sql: string): Promise<() => Promise<void>> {
    const client = new Client({ connectionString: url });
    await client.connect();
    await client.query('BEGIN');
    await client.query(sql);
    return async () => {
      await client.end();
    };
  }

  async function waitUntilCopied(table: string, rows: number): Promise<void> {
    const question = 'SELECT copied FROM copy_progress WHERE name = ?';
    // Until the command has begun there is no such table.
    while ((await stored.value<number>(question, [table]).catch(() => -1)) !== rows) await delay(20);
  }

  const heldUp = [
    {
      table: 'errors',
      copied: 2_000,
      row: `INSERT INTO errors (id, fingerprint, project, exception_type, message, traceback, count, first_seen, last_seen, source)
            VALUES (2500, '', '', '', '', '', 1, now(), now(), '')`,
    },
    {
      table: 'error_occurrences',
      copied: 1_000,
      row: 'INSERT INTO error_occurrences (id, error_id, timestamp) VALUES (1500, 1, now())',
    },
    {
      table: 'deliveries',
      copied: 3_000,
      row: `INSERT INTO deliveries (id, kind, channel, recipient, state, created_at)
            VALUES (3500, '', '', '', '', now())`,
    },
  ] as const;

  /** Runs the command and ends it in the middle of a table. */
  async function moveAndEnd({ table, copied, row }: (typeof heldUp)[number], signal: NodeJS.Signals) {
    const release = await holdUp(row);
    const moving = spawnMove();
    await waitUntilCopied(table, copied);
    moving.kill(signal);
    expect(await moving.ended).toMatchObject({ code: null, signal });
    await release();
  }

  it('copies everything: both servers give the same answers, and new errors the same id', async () => {
    const receiver = await startReceiver((_request, response) => response.end('taken'));
    const before = await start({
      DATABASE_PATH: file,
      ALERT_WEBHOOK_URLS: receiver.url,
      ALERT_WEBHOOK_ALLOW_PRIVATE: 'true',
      ALERT_HOURLY_CAP: '0',
    });
    const send = (line: number, changes = {}) =>
      before.call('/api/errors', { json: aReport({ traceback: pythonTraceback('a.py', line), ...changes }) });
    for (let line = 1; line <= 30; line++) {
      await send(line, { project: `project ${line % 4} 🎉`, message: `zu groß: ${line}`, extra: { line } });
    }
    for (let time = 1; time <= 8; time++)
      await send(3, {
        project: 'project 3 🎉',
        message: `again ${time}`,
        user_id: 'u',
        request_method: 'GET',
      });
    await send(31, { message: 'NUL \0, a lone \ud800, \\ and "', request_method: 'BROWSER' });
    await before.call('/api/errors/5/resolve', { method: 'POST' });
    await send(5, { project: 'project 1 🎉' });
    await before.call('/api/errors/6/resolve', { method: 'POST' });
    const { body } = await send(32);
    await before.call(`/api/errors/${body.id}`, { method: 'DELETE' });
    const open =
      "SELECT (SELECT count(*) FROM error_events) + (SELECT count(*) FROM deliveries WHERE state = 'pending')";
    while ((await before.database.value<number>(open)) > 0) await delay(20);
    await stop(before);
    await receiver.close();

    const { code, stdout, stderr } = await move();

    expect({ code, stdout }).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^errors {22}31 rows {2}ok$/m),
    });
    expect(stdout).toMatch(/^error_counts .* ok\nEverything has been copied .*\n.* 1\. Set DATABASE_URL/m);
    expect(stderr).toContain('100 % copied');
    expect(stderr).toContain('100 % compared');

    copyFileSync(file, `${file}.copy`);
    const source = await start({ DATABASE_PATH: `${file}.copy` });
    const moved = await start({ DATABASE_URL: url });
    const paths = [
      '/api/errors?limit=100&counts=24h',
      '/api/errors?limit=100&sort=count',
      '/api/errors?limit=100&sort=first_seen&resolved=false',
      '/api/errors?project=project%203%20%F0%9F%8E%89',
      '/api/errors?resolved=true',
      '/api/errors?source=browser',
      '/api/errors?search=ZU%20GROSS',
      '/api/errors?search=lone%20%EF%BF%BD',
      '/api/projects',
      '/api/projects/overview',
      '/api/alerts/deliveries?limit=100',
      ...Array.from({ length: 32 }, (_, i) => [`/api/errors/${i + 1}`, `/api/errors/${i + 1}/counts`]).flat(),
    ];
    for (const path of paths) {
      const [expected, answer] = [await source.call(path), await moved.call(path)];
      expect({ path, status: answer.status, body: answer.body }).toEqual({
        path,
        status: expected.status,
        body: expected.body,
      });
    }
    expect((await moved.call('/api/errors?search=ZU%20GROSS')).body.total).toBeGreaterThan(20);
    expect((await moved.call('/api/alerts/deliveries')).body.deliveries).not.toHaveLength(0);
    const next = { json: aReport({ project: 'new', traceback: pythonTraceback('new.py', 1) }) };
    const ids = [await source.call('/api/errors', next), await moved.call('/api/errors', next)];
    expect(ids.map((answer) => answer.body.id)).toEqual([33, 33]);
  });

  it('goes on where it was killed, as often as it takes, and copies nothing twice', async () => {
    await fillWithMany();
    await stop(await start({ DATABASE_URL: url }));
    await moveAndEnd(heldUp[0], 'SIGKILL');
    await moveAndEnd(heldUp[1], 'SIGINT');
    await moveAndEnd(heldUp[2], 'SIGKILL');

    const { code, stdout } = await move();

    expect(stdout).toMatch(/^Going on after 10,[05]00 rows that were copied before\.$/m);
    expect(stdout).toMatch(/^deliveries {15}3,500 rows {2}ok$/m);
    expect(code).toBe(0);
    expect(await stored.value("SELECT to_regclass('copy_progress')")).toBeNull();
  });

  it('waits for the last rows of a run that was killed', async () => {
    await fillWithMany();
    await stop(await start({ DATABASE_URL: url }));
    const release = await holdUp(heldUp[0].row);
    const killed = spawnMove();
    await waitUntilCopied('errors', 2_000);
    killed.kill('SIGKILL');
    await killed.ended;
    const going = spawnMove();
    await delay(1_500);
    await release();
    expect(await going.ended).toMatchObject({ code: 0, stdout: expect.stringContaining('Going on after') });
  });

  it('notices what is not the same in the end, names the table and says what to do', async () => {
    await fillWithMany();
    await stop(await start({ DATABASE_URL: url }));
    await moveAndEnd(heldUp[2], 'SIGKILL');
    await stored.run("UPDATE errors SET message = 'another' WHERE id = 17");
    await stored.run('DELETE FROM error_occurrences WHERE id = 18');

    const { code, stdout, stderr } = await move();

    expect(code).toBe(1);
    expect(stdout).toMatch(/^errors {19}3,500 rows {2}DIFFERENT: 3,500 rows in PostgreSQL$/m);
    expect(stdout).toMatch(/^error_occurrences {8}3,500 rows {2}DIFFERENT: 3,499 rows in PostgreSQL$/m);
    expect(stdout).toMatch(/^deliveries .* ok$/m);
    expect(stderr).toMatch(
      /The copy is not good: errors, error_occurrences differ\..*\nDrop .*, create it anew/,
    );
    await expect(start({ DATABASE_URL: url })).rejects.toThrow(/holds the beginning of a copy/);
  });

  it('refuses to go on with a file that has changed, or with another one', async () => {
    await fillWithMany();
    await stop(await start({ DATABASE_URL: url }));
    await moveAndEnd(heldUp[0], 'SIGKILL');
    await fill((database) => database.run('UPDATE errors SET count = count + 1 WHERE id = 1'));
    expect(await move()).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/holds the beginning of a copy of another file, or .* changed: drop/),
    });
  });

  it('refuses a database that holds anything, and one that a server uses', async () => {
    await fillWithMany();
    const server = await start({ DATABASE_URL: url });
    await server.call('/api/errors');
    expect(await move()).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/a server stores in 127\.0\.0\.1:\d+\/\w+: stop it/),
    });
    await server.call('/api/errors', { json: aReport() });
    await stop(server);
    expect(await move()).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/holds data already \(its table projects is not empty\)/),
    });
    expect(await stored.value('SELECT count(*) FROM errors')).toBe(1);
  });

  it('refuses a file that a server uses, which goes on unharmed, and one that is not there', async () => {
    const server = await start({ DATABASE_PATH: file });
    expect(await move()).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/errors\.db is in use: stop the server/),
    });
    expect((await server.call('/api/errors', { json: aReport() })).status).toBe(201);
    file = join(folder.path, 'none.db');
    expect(await move()).toMatchObject({ code: 1, stderr: expect.stringContaining('there is no file') });
  });

  it('keeps a server from opening the file meanwhile', async () => {
    await fillWithMany();
    await stop(await start({ DATABASE_URL: url }));
    const release = await holdUp(heldUp[0].row);
    const moving = spawnMove();
    await waitUntilCopied('errors', 2_000);
    await expect(start({ DATABASE_PATH: file })).rejects.toThrow(/database is locked/);
    await release();
    expect(await moving.ended).toMatchObject({ code: 0 });
  });

  it('knows every table and column that the two databases have', async () => {
    await stop(await start({ DATABASE_URL: url }));
    const own = ['migrations', 'report_writers', 'write_probes'];
    const columns = await stored.all<{ name: string; column: string }>(
      `SELECT table_name AS name, column_name AS column FROM information_schema.columns
       WHERE table_schema = 'public' AND table_name <> ALL (?) ORDER BY table_name, ordinal_position`,
      [own],
    );
    const known = COMPARED_TABLES.flatMap((table) =>
      columnNames(table).map((column) => ({ name: table.name, column })),
    );
    // Only the writer of reports uses this one, in the statement that sets it.
    const isCopied = ({ column }: { column: string }) => column !== 'was_resolved';
    expect(new Set(known)).toEqual(new Set(columns.filter(isCopied)));
    await fill(async (database) => {
      for (const table of COMPARED_TABLES) {
        const names = await database.all<{ name: string }>("SELECT name FROM pragma_table_info(?, 'main')", [
          table.name,
        ]);
        const expected = table.name === 'error_search' ? ['text'] : columnNames(table);
        expect(names.map(({ name }) => name).sort()).toEqual([...expected].sort());
      }
    });
  });

  it('says what is wrong with the address, and never repeats a password', async () => {
    await fill(() => Promise.resolve());
    const run = (...args: string[]) => spawnProgram({ args, env: { DATABASE_PATH: file } }).ended;
    const noAddress = `postgres://me:${SECRET}@/`;
    for (const [args, code, message] of [
      [['migrate-to'], 2, 'migrate-to needs the address of the database'],
      [['migrate-to', 'mysql://me:hunter2@db/errors'], 1, 'DATABASE_URL must be an address like postgres://'],
      [['migrate-to', noAddress], 1, 'DATABASE_URL must be an address like postgres://'],
      [['migrate-to', url, url], 2, 'Unknown argument postgres://127'],
      [[url], 2, 'Unknown command postgres://127'],
      [['migrate-to', `${url}_none`], 1, 'cannot be used: database "'],
    ] as const) {
      const ended = await run(...args);
      expect({ code: ended.code, stderr: ended.stderr }).toEqual({
        code,
        stderr: expect.stringContaining(message),
      });
      expect(ended.stdout + ended.stderr).not.toContain(SECRET);
    }
  });

  it('takes a file of the original system with rows that PostgreSQL would refuse', async () => {
    const long = 'x'.repeat(300);
    createOriginalDatabase(file, {
      errors: [
        { id: 7, fingerprint: `odd\0${long}`, project: `shop\0`, message: 'a\0b', exception_type: long },
        { id: 8, fingerprint: `odd\0${long}y`, project: 'shop\ufffd', count: 'many' as unknown as number },
        { id: 9, first_seen: '-1000-01-01', last_seen: '0000-05-05 10:00:00', resolved: 1 },
        { id: 10, fingerprint: 'é'.repeat(40), project: '🎉'.repeat(120), count: 2 ** 60 },
      ],
      occurrences: [
        { id: 5, error_id: 7, request_method: 'PROPPATCHED!', user_id: `${long}🎉`, extra: '{"a":"\0"}' },
        { id: 6, error_id: 10, request_headers: Buffer.from([0x61, 0xff, 0x00]) as unknown as string },
      ],
    });
    await fill(async (database) => {
      await database.run('INSERT INTO error_hours (error_id, hour, n) VALUES (7, 490000, 1e300)');
      await database.run(
        "INSERT INTO project_hours (project, hour, n) VALUES ('shop' || char(0), 5, 1), ('shop' || char(65533), 5, 2)",
      );
    });

    const { code, stdout } = await move();

    expect(stdout).toMatch(/^In [1-9] rows something was replaced that PostgreSQL does not take/m);
    expect({ code, stdout }).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^errors .* 4 rows {2}ok/m),
    });
    expect(
      await stored.all('SELECT id, message, count, length(project) AS length FROM errors ORDER BY id'),
    ).toEqual([
      { id: 7, message: 'a\ufffdb', count: 1, length: 5 },
      { id: 8, message: 'invalid quantity', count: 0, length: 5 },
      { id: 9, message: 'invalid quantity', count: 1, length: 4 },
      { id: 10, message: 'invalid quantity', count: Number.MAX_SAFE_INTEGER, length: 100 },
    ]);
    expect(await stored.all('SELECT name FROM projects ORDER BY id')).toHaveLength(3);
    expect(await stored.value('SELECT n FROM project_hours WHERE hour = 5')).toBe(3);
    expect(await stored.value('SELECT count(DISTINCT fingerprint) FROM errors')).toBe(4);
    const moved = await start({ DATABASE_URL: url });
    expect((await moved.call('/api/errors/7')).body.error).toMatchObject({ project: 'shop\ufffd' });
    expect((await moved.call('/api/errors?search=a%EF%BF%BDb')).body.total).toBe(1);
    expect((await moved.call('/api/errors', { json: aReport({ project: 'new' }) })).body.id).toBe(11);
  });

  it('takes ingest keys, the ledger and feedback along, also those of projects whose names become one', async () => {
    const [first, second] = ['a'.repeat(32), 'b'.repeat(32)];
    await fill(async (database) => {
      await database.run(
        `INSERT INTO projects (id, name, allowed_origins, has_reported)
         VALUES (1, 'shop' || char(0), '[]', 0), (2, 'shop' || char(65533), '["*"]', 1)`,
      );
      const key = { rate_limit_per_minute: 60, created_at: TIME };
      await database.insert('ingest_keys', [
        { ...key, id: 3, key: first, project_id: 2, name: 'web', revoked_at: null },
        { ...key, id: 4, key: second, project_id: 1, name: 'old', revoked_at: TIME },
      ]);
      const note = {
        reason: 'origin',
        told_apart_by: 'curl',
        detail: '',
        client: 'curl',
        n: 2,
        first_at: TIME,
        last_at: TIME,
      };
      await database.insert('ingest_ledger', [
        ...[0, 1, 2, 9].map((project_id) => ({ ...note, project_id })),
        { ...note, project_id: 2, told_apart_by: '', client: '' },
      ]);
      await database.run(
        `INSERT INTO feedback (id, project, own_id, message, received_at) VALUES (6, 'shop' || char(0), 'x', 'slow', ?)`,
        [TIME],
      );
    });

    const { code, stdout } = await move();

    expect({ code, stdout }).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^ingest_keys .* ok$/m),
    });
    expect(await stored.all('SELECT id, name, allowed_origins, has_reported FROM projects')).toEqual([
      { id: 1, name: 'shop\ufffd', allowed_origins: '["*"]', has_reported: true },
    ]);
    expect(
      await stored.all(
        'SELECT id, key, project_id, name, rate_limit_per_minute FROM ingest_keys ORDER BY id',
      ),
    ).toEqual([
      { id: 3, key: first, project_id: 1, name: 'web', rate_limit_per_minute: 60 },
      { id: 4, key: second, project_id: 1, name: 'old', rate_limit_per_minute: 60 },
    ]);
    expect(
      await stored.all(
        'SELECT project_id, client, n, last_at FROM ingest_ledger ORDER BY project_id, client',
      ),
    ).toEqual([
      { project_id: 0, client: 'curl', n: 4, last_at: TIME },
      { project_id: 1, client: '', n: 2, last_at: TIME },
      { project_id: 1, client: 'curl', n: 4, last_at: TIME },
    ]);
    const moved = await start({ DATABASE_URL: url });
    const project = 'shop\ufffd';
    expect((await moved.call('/api/feedback')).body.feedback).toMatchObject([
      { id: 6, project, error_id: null, message: 'slow' },
    ]);
    expect((await reportWithKey(moved, first, { project })).status).toBe(201);
    expect((await reportWithKey(moved, second, { project })).status).toBe(401);
    expect((await makeKey(moved, project)).id).toBe(5);
  });

  it('leaves out what belongs to errors that do not exist, and says so', async () => {
    await fill(async (database) => {
      await database.run('PRAGMA foreign_keys = OFF');
      await database.insert('error_occurrences', [{ id: 1, error_id: 99, timestamp: TIME }]);
    });
    const { code, stdout } = await move();
    expect(stdout).toMatch(/^1 rows were left out: they belong to errors that do not exist\.$/m);
    expect(code).toBe(0);
  });
});
