import fc from 'fast-check';
import { toSqlTime } from '../../src/database/sql-time';
import { type Sort, SORTS } from '../../src/errors/list-cursor';
import {
  ERRORS,
  fitting,
  type Query,
  queryOf,
  searches,
  seedErrors,
  type Seeded,
  sorted,
  states,
  timeAfter,
} from '../support/seeded-errors';
import { startTestServer, type TestServer } from '../support/test-server';

interface Page {
  errors: { id: number }[];
  total: number;
  total_is_lower_bound?: boolean;
  searched_newest?: number;
  next_cursor: string | null;
}

describe('GET /api/errors with many errors', () => {
  let server: TestServer;
  /** newest first */
  let seeded: Seeded[];
  let inOrder: Record<Sort, Seeded[]>;
  const list = async (query: string) => (await server.call(`/api/errors?${query}`)).body as Page;
  const ids = (page: { id: number }[]) => page.map((error) => error.id);

  beforeAll(async () => {
    server = await startTestServer();
    seeded = await seedErrors(server.database);
    inOrder = {
      last_seen: seeded,
      first_seen: sorted(seeded, 'first_seen'),
      count: sorted(seeded, 'count'),
    };
  }, 60_000);
  afterAll(() => server.close());

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

  it('answers a full page of the longest messages', async () => {
    const now = toSqlTime(new Date());
    const errors = Array.from({ length: 200 }, (_, i) => ({
      fingerprint: `long${i}`,
      project: 'long',
      exception_type: 'Error',
      message: '\u4e16'.repeat(87_000),
      traceback: '',
      count: 1,
      first_seen: now,
      last_seen: now,
      source: 'server',
    }));
    await server.database.insert('errors', errors);
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
