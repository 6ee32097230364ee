import type Database from 'better-sqlite3';
import fc from 'fast-check';
import { toSqlTime } from '../../src/database/sql-time';
import { openSqliteConnection } from '../../src/database/sqlite-connection';
import { type Sort, SORTS } from '../../src/errors/list-cursor';
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
  last_seen: string;
  first_seen: string;
  count: number;
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
  let inOrder: Record<Sort, Seeded[]>;
  const list = async (query: string) => (await server.call(`/api/errors?${query}`)).body as Page;
  const ids = (page: { id: number }[]) => page.map((error) => error.id);

  beforeAll(async () => {
    server = await startTestServer();
    connection = openSqliteConnection(server.databasePath);
    seeded = seedErrors(connection);
    inOrder = {
      last_seen: seeded,
      first_seen: sorted(seeded, 'first_seen'),
      count: sorted(seeded, 'count'),
    };
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

  const ranges = [[500], [18_000], [500, 36_000], [18_000, 18_500], [undefined, 20_000]];
  it.each(SORTS.flatMap((sort) => ranges.map((range) => ({ sort, range }))))(
    'gives every page of a long or short range: $sort, $range',
    async ({ sort, range }) => {
      const [since, until] = range.map((second) => (second === undefined ? undefined : timeAfter(second)));
      const expected = ids(fitting(inOrder[sort], queryOf({ since, until })));
      for (const share of [0, 0.4, 0.6, 0.8, 0.95]) {
        const offset = Math.floor(expected.length * share);
        const page = await list(queryOf({ since, until, sort, limit: '5', offset: String(offset) }));
        expect(ids(page.errors)).toEqual(expected.slice(offset, offset + 5));
        expectHonestTotal(page, expected.length, offset);
      }
      const last = await list(
        queryOf({ since, until, sort, limit: '5', offset: String(expected.length - 3) }),
      );
      expect(ids(last.errors)).toEqual(expected.slice(-3));
      expect(last).toMatchObject({ total: expected.length, next_cursor: null });
      expect(last.total_is_lower_bound).toBeUndefined();
    },
  );

  const maybe = <T>(...values: T[]) => fc.option(fc.constantFrom(...values), { nil: undefined, freq: 1 });
  const second = fc.oneof(fc.integer({ min: 1, max: 37_000 }), fc.integer({ min: 36_500, max: 36_700 }));
  const range = fc
    .tuple(fc.option(second, { nil: undefined, freq: 1 }), fc.option(second, { nil: undefined, freq: 1 }))
    .map(([a, b]) => (a !== undefined && b !== undefined && a > b ? [b, a] : [a, b]));
  const wanted = fc.record({
    project: maybe('shop', 'tiny', 'billing'),
    resolved: maybe('true', 'false'),
    source: maybe('browser', 'server'),
    search: maybe('needle', 'haystack', 'timeout', 'ancient', 'number 777', 'zq', 'e', 'no such text'),
    range,
    sort: maybe(...SORTS),
    limit: fc.integer({ min: 1, max: 200 }),
    offset: fc.oneof(fc.constant(0), fc.nat(300), fc.nat(ERRORS)),
  });

  it('gives what the plain list gives, whatever is asked for', async () => {
    await fc.assert(
      fc.asyncProperty(wanted, async ({ range, sort, limit, offset, search, ...state }) => {
        const [since, until] = range.map((second) => (second === undefined ? undefined : timeAfter(second)));
        const filter = { ...state, since, until: since === until ? undefined : until };
        const expected = ids(listPlainly(filter, search, sort));
        const query = queryOf({ ...filter, search, sort, limit: String(limit) });

        const page = await list(`${query}&offset=${offset}`);
        expect(ids(page.errors)).toEqual(expected.slice(offset, offset + limit));
        expectHonestTotal(page, expected.length, offset);
        expect(page.next_cursor === null).toBe(offset + limit >= expected.length);

        if (page.next_cursor === null) return;
        const next = await list(`${query}&cursor=${page.next_cursor}`);
        expect(ids(next.errors)).toEqual(expected.slice(offset + limit, offset + 2 * limit));
        expectHonestTotal(next, expected.length, 0);
      }),
      { numRuns: 200 },
    );
  }, 120_000);

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
    const narrowed = [...states, ...searches, ...states.map((state) => `${state}&search=zq`)];
    const ranges = ['', `since=${timeAfter(500)}`, `since=${timeAfter(36_000)}&until=${timeAfter(36_500)}`];
    for (const query of narrowed.flatMap((filter) => ranges.map((range) => `${filter}&${range}`))) {
      const filter = filterOf(query);
      for (const sort of SORTS) {
        const key = sort === 'count' ? 50 : toSqlTime(new Date(oldest + 36_200_000));
        for (const page of [
          { offset: 0, after: null },
          { offset: filter.search ? 1_100 : 100_000, after: null },
          { offset: 0, after: { id: 17, key } },
        ]) {
          listErrors.list(filter, { sort, limit: 5, ...page }, new Date());
        }
      }
    }
    const finding = [...statements].filter((sql) => !sql.includes('_hours'));
    expect(finding.length).toBeGreaterThan(200);
    for (const sql of finding) {
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

  /** A text of one or two letters is looked for in the newest 10,000 errors only. */
  function listPlainly(filter: Query, search: string | undefined, sort: Sort = 'last_seen'): Seeded[] {
    const found = fitting(inOrder[sort], queryOf({ ...filter, search }));
    if (search === undefined || search.length > 2) return found;
    const searched = new Set(ids(fitting(seeded, queryOf(filter)).slice(0, 10_000)));
    return found.filter((error) => searched.has(error.id));
  }

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

/** When the oldest errors were seen last: yesterday, so that retention leaves them alone. */
const oldest = Math.floor(Date.now() / 1000) * 1000 - 86_400_000;

/** Several errors share each time; those with "ancient" are the oldest. */
function seedErrors(connection: Database.Database): Seeded[] {
  const insertError = connection.prepare(
    `INSERT INTO errors (id, fingerprint, project, exception_type, message, traceback, count, first_seen, last_seen,
       resolved, source) VALUES (?, ?, ?, 'Error', ?, '', ?, ?, ?, ?, ?)`,
  );
  const insertText = connection.prepare('INSERT INTO error_search (rowid, text) VALUES (?, ?)');
  const errors = Array.from({ length: ERRORS }, (_, i): Seeded => {
    const place = (i * 7919) % ERRORS;
    const lastSeen = oldest + Math.floor(place / 3) * 1000;
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
      last_seen: toSqlTime(new Date(lastSeen)),
      // Half of them were seen once; the others were seen first up to half a day before.
      first_seen: toSqlTime(new Date(lastSeen - (i % 2) * ((i * 31) % 43_200) * 1000)),
      count: i % 2 ? 1 + ((i * 263) % 97) ** 2 : 1,
    };
  });
  connection.transaction(() => {
    for (const { id, project, resolved, source, text, count, first_seen, last_seen } of errors) {
      const message = text.slice('error\n'.length);
      const state = resolved ? 1 : 0;
      insertError.run(id, String(id), project, message, count, first_seen, last_seen, state, source);
      insertText.run(id, text);
    }
  })();
  return sorted(errors, 'last_seen');
}

function sorted(errors: Seeded[], sort: Sort): Seeded[] {
  return [...errors].sort((a, b) => (a[sort] === b[sort] ? b.id - a.id : a[sort] < b[sort] ? 1 : -1));
}

type Query = Record<string, string | undefined>;

function queryOf(query: Query): string {
  const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return new URLSearchParams(given).toString();
}

function timeAfter(seconds: number): string {
  return new Date(oldest + seconds * 1000).toISOString();
}

function filterOf(query: string) {
  const { project, resolved, source, search, since, until } = Object.fromEntries(new URLSearchParams(query));
  return {
    project,
    resolved: resolved === undefined ? undefined : resolved === 'true',
    source: source as 'browser' | 'server' | undefined,
    search,
    since: since === undefined ? undefined : new Date(since),
    until: until === undefined ? undefined : new Date(until),
  };
}

/** What the list must find, the slow and plain way. */
function fitting(errors: Seeded[], query: string): Seeded[] {
  const filter = filterOf(query);
  const since = filter.since && toSqlTime(filter.since);
  const until = filter.until && toSqlTime(filter.until);
  return errors.filter(
    (error) =>
      (filter.project ?? error.project) === error.project &&
      (filter.resolved ?? error.resolved) === error.resolved &&
      (filter.source ?? error.source) === error.source &&
      (since ?? error.last_seen) <= error.last_seen &&
      (until === undefined || error.last_seen < until) &&
      error.text.includes(filter.search ?? ''),
  );
}
