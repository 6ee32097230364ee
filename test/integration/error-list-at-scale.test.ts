import type Database from 'better-sqlite3';
import { toSqlTime } from '../../src/database/sql-time';
import { openSqliteConnection } from '../../src/database/sqlite-connection';
import { ListErrors } from '../../src/errors/list-errors';
import type { TestServer } from '../support/test-server';
import { startTestServer } from '../support/test-server';

/** More than any limit below which the list takes a simpler way. */
const ERRORS = 110_000;

interface Seeded {
  id: number;
  project: string;
  resolved: boolean;
  source: string;
  text: string;
  lastSeen: string;
}

interface Page {
  errors: { id: number }[];
  total: number;
  total_is_lower_bound?: boolean;
  searched_newest?: number;
  next_cursor: string | null;
}

describe('GET /api/errors with many errors', () => {
  let server: TestServer;
  let connection: Database.Database;
  /** newest first */
  let seeded: Seeded[];
  const list = async (query: string) => (await server.call(`/api/errors?${query}`)).body as Page;
  const ids = (page: { id: number }[]) => page.map((error) => error.id);

  beforeAll(async () => {
    server = await startTestServer();
    connection = openSqliteConnection(server.databasePath);
    seeded = seedErrors(connection);
  }, 60_000);
  afterAll(async () => {
    connection.close();
    await server.close();
  });

  const states = ['', 'project=shop', 'project=tiny', 'project=nobody'].flatMap((project) =>
    ['', 'resolved=true', 'resolved=false'].flatMap((resolved) =>
      ['', 'source=browser', 'source=server'].map((source) =>
        [project, resolved, source].filter(Boolean).join('&'),
      ),
    ),
  );

  it.each(['ab%00cdef', '%00%00%00', 'abc%00', '%EF%BF%BF', '%EF%BF%BF%EF%BF%BF%EF%BF%BF'])(
    '?search=%s, which no text holds, finds nothing',
    async (search) => {
      const { status, body } = await server.call(`/api/errors?search=${search}`);
      expect(status).toBe(200);
      expect(body.errors).toEqual([]);
    },
  );

  it.each(states)('?%s gives every page and an exact total', async (query) => {
    const expected = ids(fitting(seeded, query));
    const offsets = [0, 7, 50_000, expected.length >> 1, expected.length - 3, expected.length, 10 ** 12];
    for (const offset of offsets.filter((value) => value >= 0)) {
      const page = await list(`${query}&limit=5&offset=${offset}`);
      expect(ids(page.errors)).toEqual(expected.slice(offset, offset + 5));
      expect(page.total).toBe(expected.length);
      expect(page.total_is_lower_bound).toBeUndefined();
      expect(page.next_cursor === null).toBe(offset + 5 >= expected.length);
    }
  });

  it.each(states)('?%s gives the same by cursor as by offset', async (query) => {
    const expected = ids(fitting(seeded, query));
    const offset = Math.max(0, (expected.length >> 1) - 5);
    const { next_cursor } = await list(`${query}&limit=5&offset=${offset}`);
    if (next_cursor === null) return;
    const page = await list(`${query}&limit=5&cursor=${next_cursor}`);
    expect(ids(page.errors)).toEqual(expected.slice(offset + 5, offset + 10));
    expect(page.total).toBe(expected.length);
  });

  const searches = [
    'needle',
    'haystack',
    'timeout',
    'ancient',
    'timeout after a while number 777',
    'no such text',
    'timeout nobody waits after',
  ].flatMap((search) =>
    ['', 'project=shop', 'project=tiny', 'resolved=true&source=browser', 'resolved=false'].map(
      (filter) => `search=${encodeURIComponent(search)}&${filter}`,
    ),
  );

  it.each(searches)('?%s gives the right pages and never too high a total', async (query) => {
    const expected = ids(fitting(seeded, query));
    for (const offset of [0, 3, 1_100, expected.length - 3, 10 ** 12].filter((value) => value >= 0)) {
      const page = await list(`${query}&limit=5&offset=${offset}`);
      expect(ids(page.errors)).toEqual(expected.slice(offset, offset + 5));
      expectHonestTotal(page, expected.length, offset);
      expect(page.next_cursor === null).toBe(offset + 5 >= expected.length);
    }
    const { next_cursor } = await list(`${query}&limit=5`);
    if (next_cursor === null) return;
    const page = await list(`${query}&limit=5&cursor=${next_cursor}`);
    expect(ids(page.errors)).toEqual(expected.slice(5, 10));
    expectHonestTotal(page, expected.length, 0);
  });

  it('counts exactly what is found in few errors', async () => {
    const page = await list('search=needle');
    expect(page.total).toBe(fitting(seeded, 'search=needle').length);
    expect(page.total_is_lower_bound).toBeUndefined();
  });

  it.each(['zq', 'e', '_'])('looks for %s in the newest 10,000 errors only, and says so', async (search) => {
    const newest = ids(fitting(seeded.slice(0, 10_000), `search=${search}`));
    const page = await list(`search=${search}&limit=5`);
    expect(page).toMatchObject({ total_is_lower_bound: true, searched_newest: 10_000 });
    expect(page.total).toBe(Math.min(newest.length, 1_001));
    expect(ids(page.errors)).toEqual(newest.slice(0, 5));
    expect((await list(`search=${search}&offset=10000`)).errors).toEqual([]);
    if (page.next_cursor) {
      const next = await list(`search=${search}&limit=5&cursor=${page.next_cursor}`);
      expect(ids(next.errors)).toEqual(newest.slice(5, 10));
    }
  });

  it('looks for two letters everywhere when a filter leaves fewer errors', async () => {
    const page = await list('search=zq&project=tiny&limit=5');
    expect(page.total).toBe(fitting(seeded, 'search=zq&project=tiny').length);
    expect(page.total_is_lower_bound).toBeUndefined();
    expect(page.searched_newest).toBeUndefined();
  });

  it('reads only indexes to find a page, and sorts nothing', () => {
    const statements = new Set<string>();
    const prepare = connection.prepare.bind(connection);
    const spied = Object.assign(Object.create(connection) as Database.Database, {
      prepare: (sql: string) => {
        statements.add(sql);
        return prepare(sql);
      },
      transaction: <F>(list: F) => list,
    });
    const listErrors = new ListErrors(spied);
    for (const query of [...states, ...searches, ...states.map((state) => `${state}&search=zq`)]) {
      for (const page of [
        { limit: 5, offset: 0, after: null },
        { limit: 5, offset: 100_000, after: null },
        { limit: 5, offset: 0, after: { id: 17, last_seen: toSqlTime(new Date()) } },
      ]) {
        listErrors.list(filterOf(query), page);
      }
    }
    expect(statements.size).toBeGreaterThan(50);
    for (const sql of statements) {
      const nulls = Array.from(sql.matchAll(/\?/g), () => null);
      const plan = connection.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...nulls) as { detail: string }[];
      for (const { detail } of plan) {
        expect(detail).not.toMatch(/TEMP B-TREE|SCAN errors$|SCAN error_search_content/);
      }
    }
  }, 60_000);

  it('answers a full page of the longest messages', async () => {
    const insert = connection.prepare(
      `INSERT INTO errors (fingerprint, project, exception_type, message, traceback, count, first_seen, last_seen, source)
       VALUES (?, 'long', 'Error', ?, '', 1, ?, ?, 'server')`,
    );
    const now = toSqlTime(new Date());
    for (let i = 0; i < 200; i++) insert.run(`long${i}`, '\u4e16'.repeat(87_000), now, now);
    const page = (await list('project=long&limit=200')) as unknown as { errors: { message: string }[] };
    expect(page.errors.map((error) => error.message.length)).toEqual(Array(200).fill(87_000));
  });

  function expectHonestTotal(page: Page, fits: number, offset: number): void {
    expect(page.total).toBeLessThanOrEqual(fits);
    if (page.total_is_lower_bound) {
      const seen = page.errors.length > 0 ? offset + page.errors.length + (page.next_cursor ? 1 : 0) : 0;
      expect(page.total).toBeGreaterThanOrEqual(seen);
    } else {
      expect(page.total).toBe(fits);
    }
  }
});

/** Several errors share each time; those with "ancient" are the oldest. */
function seedErrors(connection: Database.Database): Seeded[] {
  const insertError = connection.prepare(
    `INSERT INTO errors (id, fingerprint, project, exception_type, message, traceback, count, first_seen, last_seen,
       resolved, source) VALUES (?, ?, ?, 'Error', ?, '', 1, ?, ?, ?, ?)`,
  );
  const insertText = connection.prepare('INSERT INTO error_search (rowid, text) VALUES (?, ?)');
  const oldest = Date.now() - 86_400_000;
  const errors = Array.from({ length: ERRORS }, (_, i): Seeded => {
    const place = (i * 7919) % ERRORS;
    const words = ['timeout after a while', `number ${i}`];
    if (i % 500 === 3) words.push('needle');
    if (i % 20 === 4) words.push('haystack');
    if (i % 700 === 5) words.push('zq');
    if (i % 9 === 5) words.push('nobody waits');
    if (place < 12_000) words.push('ancient');
    return {
      id: i + 1,
      project: i % 500 < 2 ? 'tiny' : i % 2 ? 'shop' : 'billing',
      resolved: i % 10 < 3,
      source: i % 10 === 7 || i % 5000 === 0 ? 'browser' : 'server',
      text: `error\n${words.join(' ')}`,
      lastSeen: toSqlTime(new Date(oldest + Math.floor(place / 3) * 1000)),
    };
  });
  connection.transaction(() => {
    for (const { id, project, resolved, source, text, lastSeen } of errors) {
      const message = text.slice('error\n'.length);
      insertError.run(id, String(id), project, message, lastSeen, lastSeen, resolved ? 1 : 0, source);
      insertText.run(id, text);
    }
  })();
  return errors.sort((a, b) => (a.lastSeen === b.lastSeen ? b.id - a.id : a.lastSeen < b.lastSeen ? 1 : -1));
}

function filterOf(query: string) {
  const { project, resolved, source, search } = Object.fromEntries(new URLSearchParams(query));
  return {
    project,
    resolved: resolved === undefined ? undefined : resolved === 'true',
    source: source as 'browser' | 'server' | undefined,
    search,
  };
}

/** What the list must find, the slow and plain way. */
function fitting(errors: Seeded[], query: string): Seeded[] {
  const filter = filterOf(query);
  return errors.filter(
    (error) =>
      (filter.project ?? error.project) === error.project &&
      (filter.resolved ?? error.resolved) === error.resolved &&
      (filter.source ?? error.source) === error.source &&
      error.text.includes(filter.search ?? ''),
  );
}
