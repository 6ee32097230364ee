import Database from 'better-sqlite3';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  createOriginalDatabase,
  ORIGINAL_TIME,
  type OriginalOccurrence,
  type OriginalRows,
} from '../support/original-database';
import { aReport } from '../support/reports';
import { temporaryFolder } from '../support/temporary-folder';
import { startTestServer, type TestServer } from '../support/test-server';

/** What `aReport()` is grouped by. */
const REPORTED = createHash('md5').update('shop:ValueError:cart.py:31').digest('hex');

describe('A database file of the original system', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let path: string;
  let servers: TestServer[];

  beforeEach(() => {
    folder = temporaryFolder();
    path = join(folder.path, 'errors.db');
    servers = [];
  });

  afterEach(async () => {
    for (const server of servers) await server.close();
    folder.remove();
  });

  async function start(): Promise<TestServer> {
    const server = await startTestServer({ DATABASE_PATH: path });
    servers.push(server);
    return server;
  }

  async function stop(server: TestServer): Promise<void> {
    servers = servers.filter((other) => other !== server);
    await server.close();
  }

  function adopt(rows: OriginalRows, extraColumns = true): Promise<TestServer> {
    createOriginalDatabase(path, rows, extraColumns);
    return start();
  }

  test.each([
    ['with resolved_at and traceback', true],
    ['without resolved_at and traceback', false],
  ])('%s opens with its ids, counts, times, texts and occurrences', async (_variant, extraColumns) => {
    const server = await adopt(
      {
        errors: [
          {
            id: 7,
            fingerprint: 'a'.repeat(32),
            project: 'billing',
            exception_type: 'KeyError',
            message: "'total'",
            traceback: 'Traceback …',
            count: 41,
            first_seen: '2025-12-24 18:00:00.000001',
            last_seen: '2026-01-06 07:08:09.987654',
          },
          { id: 12, resolved: 1, resolved_at: '2026-01-07 00:00:00.000000' },
        ],
        occurrences: [
          { id: 30, error_id: 7, timestamp: '2026-01-06 07:08:08.000000', user_id: 'older' },
          {
            id: 31,
            error_id: 7,
            timestamp: '2026-01-06 07:08:09.987654',
            request_url: 'https://shop.example.com/cart',
            request_method: 'POST',
            request_headers: '{"User-Agent": "curl/8.5.0"}',
            user_id: 'user-1207',
            extra: '{"release": "2026.1", "tags": ["a", 1, null]}',
            traceback: 'Traceback of this one',
          },
        ],
      },
      extraColumns,
    );

    const { body: open } = await server.call('/api/errors/7');
    const { body: resolved } = await server.call('/api/errors/12');

    expect(open.error).toEqual({
      id: 7,
      file: null,
      line: null,
      language: null,
      frames: null,
      fingerprint: 'a'.repeat(32),
      project: 'billing',
      exception_type: 'KeyError',
      message: "'total'",
      traceback: 'Traceback …',
      count: 41,
      first_seen: '2025-12-24T18:00:00.000Z',
      last_seen: expect.stringMatching(/^2026-01-06T07:08:09\.98[78]Z$/),
      resolved: false,
      resolved_at: null,
      source: 'server',
      level: 'error',
      platform: null,
      tags: [],
    });
    expect(open.occurrences.map(({ id }: { id: number }) => id)).toEqual([31, 30]);
    expect(open.occurrences[0]).toMatchObject({
      request_url: 'https://shop.example.com/cart',
      request_method: 'POST',
      request_headers: { 'User-Agent': 'curl/8.5.0' },
      user_id: 'user-1207',
      extra: { release: '2026.1', tags: ['a', 1, null] },
      traceback: extraColumns ? 'Traceback of this one' : open.error.traceback,
    });
    expect(open.occurrences[1]).toMatchObject({ user_id: 'older', timestamp: '2026-01-06T07:08:08.000Z' });
    expect(resolved.error).toMatchObject({
      resolved: true,
      resolved_at: extraColumns ? '2026-01-07T00:00:00.000Z' : null,
    });
  });

  test('with a fingerprint that stands several times gets one error of all of them', async () => {
    const fingerprint = 'b'.repeat(32);
    const server = await adopt({
      errors: [
        {
          id: 3,
          fingerprint,
          message: 'oldest',
          traceback: 'oldest traceback',
          count: 4,
          first_seen: '2026-01-02 00:00:00.000000',
          last_seen: '2026-01-09 00:00:00.000000',
          resolved: 1,
          resolved_at: '2026-01-10 00:00:00.000000',
        },
        { id: 4, fingerprint: 'c'.repeat(32), message: 'another error', count: 2 },
        {
          id: 5,
          fingerprint,
          message: 'newer',
          count: 10,
          first_seen: '2026-01-01 00:00:00.000000',
          last_seen: '2026-01-03 00:00:00.000000',
        },
        {
          id: 6,
          fingerprint,
          message: 'newest',
          count: null,
          first_seen: '2026-01-04 00:00:00.000000',
          last_seen: '2026-01-11 00:00:00.000000',
          resolved: 1,
        },
      ],
      occurrences: [3, 4, 5, 6].map((errorId) => ({ id: errorId * 10, error_id: errorId })),
    });

    const { body: list } = await server.call('/api/errors');
    const { body } = await server.call('/api/errors/3');

    expect(list.errors.map(({ id }: { id: number }) => id)).toEqual([3, 4]);
    expect(body.error).toMatchObject({
      fingerprint,
      message: 'oldest',
      traceback: 'oldest traceback',
      count: 15,
      first_seen: '2026-01-01T00:00:00.000Z',
      last_seen: '2026-01-11T00:00:00.000Z',
      resolved: false,
      resolved_at: null,
    });
    expect(idsOf(body.occurrences)).toEqual([60, 50, 30]);
    expect(idsOf((await server.call('/api/errors/4')).body.occurrences)).toEqual([40]);
    expect((await server.call('/api/errors/5')).status).toBe(404);
    expect((await server.call('/api/errors/6')).status).toBe(404);
  });

  test('whose duplicates are all resolved gets a resolved error with the latest resolved_at', async () => {
    const fingerprint = 'b'.repeat(32);
    const server = await adopt({
      errors: [
        { id: 1, fingerprint, resolved: 1, resolved_at: '2026-02-01 00:00:00.000000' },
        { id: 2, fingerprint, resolved: 1, resolved_at: '2026-02-03 12:00:00.500000' },
        { id: 3, fingerprint, resolved: 1, resolved_at: null },
      ],
    });

    const { body } = await server.call('/api/errors/1');

    expect(body.error).toMatchObject({
      count: 3,
      resolved: true,
      resolved_at: '2026-02-03T12:00:00.500Z',
    });
  });

  test('counts a new report on an adopted error, which pushes out the oldest of five occurrences', async () => {
    const server = await adopt({
      errors: [{ id: 9, fingerprint: REPORTED, message: 'first message', count: 23, resolved: 1 }],
      occurrences: [1, 2, 3, 4, 5].map((second) => occurrence(9, second)),
    });

    const answer = await server.call('/api/errors', { json: aReport({ user_id: 'newest' }) });

    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({ status: 'existing', fingerprint: REPORTED, count: 24 });
    const { body } = await server.call('/api/errors/9');
    expect(body.error).toMatchObject({ message: 'first message', count: 24, resolved: false });
    expect(usersOf(body.occurrences)).toEqual(['newest', 'second 5', 'second 4', 'second 3', 'second 2']);
    const stored = 'SELECT count(*) FROM error_occurrences WHERE error_id = 9';
    expect(await server.database.value(stored)).toBe(5);
  });

  test.each([0, 1, 2, 3, 4])(
    'with a count that fits its occurrences badly (%i of 5) still pushes out the oldest, one a report',
    async (count) => {
      const server = await adopt({
        errors: [{ id: 1, fingerprint: REPORTED, count }],
        occurrences: [1, 2, 3, 4, 5].map((second) => occurrence(1, second)),
      });

      for (const user of ['a', 'b', 'c']) {
        await server.call('/api/errors', { json: aReport({ user_id: user }) });
      }

      const { body } = await server.call('/api/errors/1');
      expect(body.error.count).toBe(count + 3);
      expect(usersOf(body.occurrences)).toEqual(['c', 'b', 'a', 'second 5', 'second 4']);
    },
  );

  test('with more than five occurrences of an error shows the newest five and keeps the rest on disk', async () => {
    const server = await adopt({
      errors: [
        { id: 1, fingerprint: REPORTED, count: 6 },
        { id: 2, fingerprint: REPORTED, count: 6 },
      ],
      occurrences: [1, 3, 5, 7, 9, 11]
        .map((second) => occurrence(1, second))
        .concat([2, 4, 6, 8, 10, 12].map((second) => occurrence(2, second))),
    });
    const stored = async () => {
      const rows = await server.database.all<{ user_id: string }>(
        'SELECT user_id FROM error_occurrences WHERE error_id = 1 ORDER BY timestamp, id',
      );
      return rows.map(({ user_id }) => user_id);
    };

    const shown = usersOf((await server.call('/api/errors/1')).body.occurrences);
    const kept = await stored();
    await server.call('/api/errors', { json: aReport({ user_id: 'newest' }) });
    const shownAfterReport = usersOf((await server.call('/api/errors/1')).body.occurrences);

    const seconds = (from: number, to: number) =>
      Array.from({ length: to - from + 1 }, (_, i) => `second ${from + i}`);
    expect(shown).toEqual(seconds(8, 12).reverse());
    expect(kept).toEqual(seconds(1, 12));
    expect(shownAfterReport).toEqual(['newest', ...seconds(9, 12).reverse()]);
    expect(await stored()).toEqual([...seconds(1, 7), ...seconds(9, 12), 'newest']);
  });

  test('with request_headers and extra that are no JSON gives them back as the text they are', async () => {
    const server = await adopt({
      errors: [{ id: 1 }],
      occurrences: [{ error_id: 1, request_headers: "{'Host': 'example.com'}", extra: 'plain text' }],
    });

    const { body } = await server.call('/api/errors/1');

    expect(body.occurrences[0]).toMatchObject({
      request_headers: "{'Host': 'example.com'}",
      extra: 'plain text',
    });
  });

  test('whose browser relay marked occurrences lists those errors as coming from a browser', async () => {
    const server = await adopt({
      errors: [{ id: 1 }, { id: 2 }, { id: 3 }, { id: 4 }, { id: 5 }],
      occurrences: [
        { error_id: 1, request_method: 'BROWSER' },
        { error_id: 2, request_method: 'GET', extra: '{"source": "browser"}' },
        { error_id: 3, request_method: 'GET', extra: '{"source": "worker"}' },
        { error_id: 4, extra: '{"source": "browser"' },
      ],
    });

    const { body: browser } = await server.call('/api/errors?source=browser');
    const { body: others } = await server.call('/api/errors?source=server');

    expect(idsOf(browser.errors).sort()).toEqual([1, 2]);
    expect(idsOf(others.errors).sort()).toEqual([3, 4, 5]);
  });

  test('lists its projects and finds its errors by text', async () => {
    const server = await adopt({
      errors: [
        { project: 'shop', exception_type: 'TimeoutError', message: 'Größe unbekannt' },
        { project: 'billing', message: 'no such invoice' },
        { project: 'shop', message: '50% off_sale' },
      ],
    });
    const search = async (text: string) =>
      idsOf((await server.call(`/api/errors?search=${encodeURIComponent(text)}`)).body.errors);

    expect((await server.call('/api/projects')).body).toEqual({ projects: ['billing', 'shop'] });
    expect(await search('timeouterr')).toEqual([1]);
    expect(await search('grösse')).toEqual([1]);
    expect(await search('INVOICE')).toEqual([2]);
    expect(await search('0% off_')).toEqual([3]);
    expect(await search('no such project')).toEqual([]);
  });

  test('with a thousand and one errors finds every one of them by text', async () => {
    const server = await adopt({
      errors: Array.from({ length: 1_001 }, (_, i) => ({ message: `needle number ${i}` })),
    });

    const { body: all } = await server.call('/api/errors?search=needle&limit=1');
    const { body: last } = await server.call('/api/errors?search=number%201000');

    expect(all.total).toBe(1_001);
    expect(idsOf(last.errors)).toEqual([1_001]);
  });

  test('keeps its _meta table as it is', async () => {
    const server = await adopt({ errors: [{}] });

    const rows = await server.database.all('SELECT * FROM _meta');

    expect(rows).toEqual([{ key: 'schema_version', value: '3' }]);
  });

  test('is the same after a second start', async () => {
    const first = await adopt({
      errors: [{ fingerprint: REPORTED, count: 3 }, { fingerprint: REPORTED }, { resolved: 1 }],
      occurrences: [1, 2, 3, 4, 5, 6].map((second) => occurrence(1, second)),
    });
    await stop(first);
    const before = contentOf(path);

    await stop(await start());

    expect(contentOf(path)).toEqual(before);
    expect(before.tables.errors).toHaveLength(2);
  });

  test('has the schema of a new database afterwards, and nothing of the original one but _meta', async () => {
    const adopted = await adopt({ errors: [{}], occurrences: [{}] });
    const fresh = await startTestServer();
    servers.push(fresh);
    const schemaOf = (server: TestServer) =>
      server.database.all(
        "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE tbl_name <> '_meta' ORDER BY type, name",
      );

    expect(await schemaOf(adopted)).toEqual(await schemaOf(fresh));
  });

  test('is durable and gives freed space back afterwards, as a new database is', async () => {
    const server = await adopt({ errors: [{}], occurrences: [{}] });

    expect(await server.database.value('PRAGMA journal_mode')).toBe('wal');
    expect(await server.database.value('PRAGMA auto_vacuum')).toBe(2);
    expect(await server.database.findDamage()).toEqual([]);
  });

  test('with an occurrence of an error that is gone opens, and its other rows are whole', async () => {
    const server = await adopt({
      errors: [{ id: 1 }],
      occurrences: [
        { id: 1, error_id: 99 },
        { id: 2, error_id: 1 },
      ],
    });

    const { body } = await server.call('/api/errors/1');

    expect(idsOf(body.occurrences)).toEqual([2]);
    expect(await server.database.findDamage()).toEqual([]);
  });

  test('with NULL in text columns opens; what is missing is empty text, the project unknown, one report, and open', async () => {
    const server = await adopt({
      errors: [
        { id: 1, exception_type: null, message: null, traceback: null, count: null, resolved: null },
        { id: 2, project: null },
      ],
      occurrences: [{ error_id: 1 }],
    });

    const { body } = await server.call('/api/errors/1');

    expect(body.error).toMatchObject({
      exception_type: '',
      message: '',
      traceback: '',
      count: 1,
      resolved: false,
    });
    expect((await server.call('/api/errors/2')).body.error.project).toBe('unknown');
  });

  test('with odd times opens, and no error is seen last before it is seen first', async () => {
    const server = await adopt({
      errors: [
        { id: 1, first_seen: null },
        { id: 2, last_seen: null },
        { id: 3, first_seen: null, last_seen: null },
        { id: 4, first_seen: '2026-02-01 00:00:00', last_seen: '2026-01-01 00:00:00' },
      ],
      occurrences: [{ id: 1, error_id: 1, timestamp: null }],
    });

    for (const id of [1, 2, 3, 4]) {
      const { status, body } = await server.call(`/api/errors/${id}`);
      expect(status).toBe(200);
      expect(Date.parse(body.error.first_seen)).not.toBeNaN();
      expect(Date.parse(body.error.last_seen)).toBeGreaterThanOrEqual(Date.parse(body.error.first_seen));
    }
    expect((await server.call('/api/errors')).body.total).toBe(4);
    expect(idsOf((await server.call('/api/errors/1')).body.occurrences)).toEqual([1]);
  });

  test('never gives the id of a merged duplicate to a new error', async () => {
    const server = await adopt({ errors: [{ id: 1 }, { id: 2, fingerprint: '0'.repeat(31) + '1' }] });
    expect((await server.call('/api/errors/2')).status).toBe(404);

    const { body } = await server.call('/api/errors', { json: aReport() });

    expect(body.id).toBeGreaterThan(2);
  });

  test('that cannot be taken over is refused by name, keeps its rows, and opens once the cause is gone', async () => {
    createOriginalDatabase(path, { errors: [{ message: 'kept' }], occurrences: [{}] });
    edit(path, (database) => database.exec('CREATE TABLE projects (owner TEXT)'));
    const before = contentOf(path);

    await expect(start()).rejects.toThrow(/errors\.db cannot be .*projects/);

    expect(contentOf(path)).toEqual(before);
    edit(path, (database) => database.exec('DROP TABLE projects'));
    const server = await start();
    expect((await server.call('/api/errors/1')).body.error.message).toBe('kept');
  });

  test('whose writer died in a transaction is rolled back, then taken over', async () => {
    const crashed = join(folder.path, 'crashed.db');
    createOriginalDatabase(crashed, {
      errors: Array.from({ length: 300 }, () => ({ message: 'committed', traceback: 'x'.repeat(2_000) })),
    });
    const writer = new Database(crashed);
    // With next to no cache SQLite writes changed pages to the file before the transaction ends.
    writer.pragma('cache_size = 1');
    writer.exec("BEGIN; UPDATE errors SET message = 'not committed'");
    copyFileSync(crashed, path);
    copyFileSync(`${crashed}-journal`, `${path}-journal`);
    writer.exec('ROLLBACK');
    writer.close();

    const server = await start();

    const { body } = await server.call('/api/errors?limit=200');
    expect(body.total).toBe(300);
    expect(new Set(body.errors.map(({ message }: { message: string }) => message))).toEqual(
      new Set(['committed']),
    );
    expect(existsSync(`${path}-journal`)).toBe(false);
  });
});

function occurrence(errorId: number, second: number): Partial<OriginalOccurrence> {
  return {
    id: errorId * 100 + second,
    error_id: errorId,
    timestamp: ORIGINAL_TIME.replace('30.123456', `${String(second).padStart(2, '0')}.000000`),
    user_id: `second ${second}`,
  };
}

function idsOf(rows: { id: number }[]): number[] {
  return rows.map(({ id }) => id);
}

function usersOf(occurrences: { user_id: string }[]): string[] {
  return occurrences.map(({ user_id }) => user_id);
}

function edit(path: string, change: (database: Database.Database) => void): void {
  const database = new Database(path);
  change(database);
  database.close();
}

/** Schema and rows of every ordinary table; an empty list of migrations is as good as none. */
function contentOf(path: string) {
  const database = new Database(path, { readonly: true });
  const schema = database.prepare('SELECT type, name, sql FROM sqlite_schema ORDER BY type, name').all() as {
    type: string;
    name: string;
  }[];
  const tables = Object.fromEntries(
    schema
      .filter(({ type }) => type === 'table')
      .map(({ name }) => [name, database.prepare(`SELECT * FROM "${name}"`).all()]),
  );
  database.close();
  if (tables.migrations?.length !== 0) return { schema, tables };
  const others = schema.filter(({ name }) => name !== 'migrations' && name !== 'sqlite_sequence');
  return {
    schema: others,
    tables: Object.fromEntries(
      others.filter(({ name }) => tables[name]).map(({ name }) => [name, tables[name]]),
    ),
  };
}
