import fc from 'fast-check';
import { aReport, pythonTraceback } from '../support/reports';
import type { TestServer } from '../support/test-server';
import { startTestServer } from '../support/test-server';

const cursorOf = (text: string) => Buffer.from(text).toString('base64url');
const A_CURSOR = cursorOf('2026-01-31 12:00:00.000 17');

describe('GET /api/errors', () => {
  let server: TestServer;
  const list = async (query: string) => (await server.call(`/api/errors?${query}`)).body;
  const messages = async (query: string) => {
    const { errors } = (await list(query)) as { errors: { message: string }[] };
    return errors.map((error) => error.message);
  };

  beforeAll(async () => {
    server = await startTestServer();
    let line = 0;
    const send = async (changes: Record<string, unknown>) => {
      line += 1;
      const { body } = await server.call('/api/errors', {
        json: aReport({ traceback: pythonTraceback('list.py', line), ...changes }),
      });
      return body.id as number;
    };
    await send({ project: 'shop', message: 'first: disk 100% full' });
    await send({ project: 'shop', message: 'second: disk 100 percent full' });
    const resolved = await send({ project: 'shop', message: 'third: snake_case' });
    await send({ project: 'billing', message: 'fourth: snakeXcase', request_method: 'BROWSER' });
    await send({ project: 'a b/ü?&#', message: 'fifth: École ÄRGER Straße', exception_type: 'Ünïcode' });
    await send({ project: 'shop', message: 'sixth: "quoted" \\ back\'slash', request_method: 'BROWSER' });
    await server.call(`/api/errors/${resolved}/resolve`, { method: 'POST' });
  });
  afterAll(() => server.close());

  it('answers rows with all documented keys, newest last_seen first', async () => {
    const body = await list('');
    expect(body).toMatchObject({ total: 6, limit: 50, offset: 0 });
    expect(Object.keys(body.errors[0]).sort()).toEqual([
      'count',
      'exception_type',
      'file',
      'fingerprint',
      'first_seen',
      'id',
      'last_seen',
      'level',
      'line',
      'message',
      'platform',
      'project',
      'resolved',
      'source',
    ]);
    expect(body.errors[0].last_seen).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    const times = (body.errors as { last_seen: string }[]).map((error) => error.last_seen);
    expect(times).toEqual([...times].sort().reverse());
  });

  it('puts an error that is reported again first', async () => {
    await server.call('/api/errors', { json: aReport({ traceback: pythonTraceback('list.py', 1) }) });
    expect((await messages('limit=1'))[0]).toMatch(/^first/);
  });

  it.each<[string, RegExp[]]>([
    ['project=billing', [/^fourth/]],
    ['project=a+b%2F%C3%BC%3F%26%23', [/^fifth/]],
    ['project=nobody', []],
    ['project=SHOP', []],
    ['resolved=true', [/^third/]],
    ['resolved=true&project=billing', []],
    ['source=browser', [/^sixth/, /^fourth/]],
    ['source=browser&project=shop', [/^sixth/]],
    ['search=100%25', [/^first/]],
    ['search=snake_case', [/^third/]],
    ['search=%25%25', []],
    ['search=_', [/^third/]],
    ['search=%25', [/^first/]],
    ['search=DISK+100', [/^first/, /^second/]],
    ['search=%C3%A9COLE', [/^fifth/]],
    ['search=%C3%A4rger', [/^fifth/]],
    ['search=STRASSE', [/^fifth/]],
    ['search=%C3%BCN%C3%8FC', [/^fifth/]],
    ['search=%22quoted%22', [/^sixth/]],
    ['search=%5C', [/^sixth/]],
    ["search='slash", [/^sixth/]],
    ["search=k's", [/^sixth/]],
    ['search=disk&resolved=false&project=shop&source=server', [/^first/, /^second/]],
    ['search=no+such+text', []],
    ['search=valueerror&limit=2', [/^first/, /^sixth/]],
    ['search=%F0%9F%90%9B', []],
    ["search=';%20DROP%20TABLE%20errors;%20--", []],
    ['search=AND%20OR%20NOT%20*', []],
    ['search=%CC%81', []],
    ['search=%0A', []],
    ['search=valueerror%0Afirst', []],
  ])('?%s gives the errors that fit', async (query, expected) => {
    const found = await messages(query);
    expect(found).toHaveLength(expected.length);
    expected.forEach((pattern, i) => expect(found[i]).toMatch(pattern));
  });

  it('counts in total all that fit, not only the page', async () => {
    expect(await list('search=ValueError&limit=2&offset=1')).toMatchObject({ total: 5, limit: 2, offset: 1 });
    expect(await list('offset=1000')).toEqual({
      errors: [],
      total: 6,
      limit: 50,
      offset: 1000,
      next_cursor: null,
    });
  });

  it('gives every error exactly once when paged through', async () => {
    const all = await messages('');
    const paged: string[] = [];
    for (let offset = 0; offset < 6; offset += 2) paged.push(...(await messages(`limit=2&offset=${offset}`)));
    expect(paged).toEqual(all);
  });

  it.each([
    ['limit=0', /^limit must be a whole number from 1 to 200$/],
    ['limit=201', /^limit/],
    ['limit=-1', /^limit/],
    ['limit=ten', /^limit/],
    ['limit=1.5', /^limit/],
    ['limit=1e2', /^limit/],
    ['limit=', /^limit/],
    ['limit=10&limit=20', /^limit/],
    ['limit=99999999999999999999999', /^limit/],
    ['offset=-1', /^offset must be a whole number/],
    ['offset=abc', /^offset/],
    ['offset=99999999999999999999', /^offset/],
    ['resolved=maybe', /^resolved must be true or false$/],
    ['resolved=1', /^resolved/],
    ['resolved=', /^resolved/],
    ['resolved=toString', /^resolved/],
    ['source=phone', /^source must be one of browser, server$/],
    ['source=', /^source/],
    ['project=', /^project must be 1 to 100/],
    [`project=${'a'.repeat(101)}`, /^project must be 1 to 100/],
    ['project=a&project=b', /^project must be given once$/],
    ['search=a&search=b', /^search must be given once$/],
    [`search=${'a'.repeat(201)}`, /^search must be at most 200/],
    ['cursor=', /^cursor must be the next_cursor of an earlier answer$/],
    ['cursor=toString', /^cursor must be/],
    ['cursor=null', /^cursor must be/],
    [`cursor=${'A'.repeat(5000)}`, /^cursor must be/],
    [`cursor=${cursorOf('2026-01-31 12:00:00.000')}`, /^cursor must be/],
    [`cursor=${cursorOf('2026-01-31 12:00:00.000 0')}`, /^cursor must be/],
    [`cursor=${cursorOf('2026-01-31 12:00:00.000 1 OR 1=1')}`, /^cursor must be/],
    [`cursor=${cursorOf('2026-02-30 12:00:00.000 17')}`, /^cursor must be/],
    [`cursor=${cursorOf('0000-01-01 12:00:00.000 17')}`, /^cursor must be/],
    [`sort=count&cursor=${cursorOf('count 1.5 17')}`, /^cursor must be/],
    [`sort=count&cursor=${cursorOf('count 1e+21 17')}`, /^cursor must be/],
    [`cursor=${cursorOf('2026-01-31 12:00:00.000 9999999999999999')}`, /^cursor must be/],
    [`cursor=${cursorOf('2026-01-31 12:00:00.000 17')}=`, /^cursor must be/],
    [`cursor=${A_CURSOR}&cursor=${A_CURSOR}`, /^cursor must be/],
    [`cursor=${A_CURSOR}&offset=1`, /^cursor and offset cannot be given together$/],
    [`cursor=${A_CURSOR}&sort=count`, /^cursor is of a list with another sort/],
    [`cursor=${A_CURSOR}&sort=first_seen`, /^cursor is of a list with another sort/],
    [`cursor=${cursorOf('count 3 17')}`, /^cursor is of a list with another sort/],
    [`cursor=${cursorOf('count 3 17')}&sort=first_seen`, /^cursor is of a list with another sort/],
    [`cursor=${cursorOf('first_seen 2026-01-31 12:00:00.000 17')}`, /^cursor is of a list with another sort/],
    [`cursor=${cursorOf('last_seen 2026-01-31 12:00:00.000 17')}`, /^cursor must be/],
    [`sort=count&cursor=${cursorOf('count 2026-01-31 12:00:00.000 17')}`, /^cursor must be/],
    [`sort=count&cursor=${cursorOf('count 03 17')}`, /^cursor must be/],
    [`sort=count&cursor=${cursorOf('count NaN 17')}`, /^cursor must be/],
    [`sort=count&cursor=${cursorOf('count  17')}`, /^cursor must be/],
    [`sort=first_seen&cursor=${cursorOf('first_seen 42 17')}`, /^cursor must be/],
    ['sort=', /^sort must be one of last_seen, first_seen, count$/],
    ['sort=id', /^sort must be one of/],
    ['sort=COUNT', /^sort must be one of/],
    ['sort=count&sort=count', /^sort must be one of/],
    ['sort=count;DROP%20TABLE%20errors', /^sort must be one of/],
    ['message_length=0', /^message_length must be a whole number from 1 to 262144$/],
    ['message_length=262145', /^message_length must be a whole number/],
    ['message_length=', /^message_length must be a whole number/],
    ['message_length=1e2', /^message_length must be a whole number/],
    ['message_length=1&message_length=2', /^message_length must be a whole number/],
    ['counts=7d', /^counts must be one of 24h, 14d$/],
    ['counts=', /^counts must be one of/],
    ['counts=24h&counts=14d', /^counts must be one of/],
    ['since=', /^since must be a time with Z or an offset, such as 2026-11-23T17:00:00Z$/],
    ['since=2026-11-23', /^since must be a time/],
    ['since=2026-11-23T17:00:00', /^since must be a time/],
    ['since=2026-02-30T17:00:00Z', /^since must be a time/],
    ['since=yesterday', /^since must be a time/],
    ['since=1764000000', /^since must be a time/],
    ['since=2026-11-23T17:00:00Z&since=2026-11-23T17:00:00Z', /^since must be a time/],
    ['until=2026-11-23T17:00', /^until must be a time/],
    ['until=2026-11-23T17:00Z&until=2026-11-23T18:00Z', /^until must be a time/],
    ['since=1969-12-31T23:59:59.999Z', /^since and until must be in the years 1970 to 9999$/],
    ['until=9999-12-31T23:59:59-01:00', /^since and until must be in the years 1970 to 9999$/],
    ['since=2026-11-23T17:00Z&until=2026-11-23T17:00Z', /^since must be before until$/],
    ['since=2026-11-23T17:00Z&until=2026-11-23T18:00%2B02:00', /^since must be before until$/],
  ])('?%s is refused with 400', async (query, detail) => {
    const answer = await server.call(`/api/errors?${query}`);
    expect(answer.status).toBe(400);
    expect(answer.body).toEqual({ detail: expect.stringMatching(detail) });
  });

  it('ignores unknown parameters and an empty search', async () => {
    expect(await list('search=&_=123&__proto__=1&constructor=2')).toMatchObject({ total: 6 });
  });

  it('never fails on any query', async () => {
    const value = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 30 }),
      fc.constantFrom(
        '\0',
        '%',
        '"',
        '\ud800',
        A_CURSOR,
        'count',
        '24h',
        '2026-11-23T17:00Z',
        'error',
        'a:b',
      ),
    );
    const name = fc.constantFrom(
      ...[
        'project',
        'resolved',
        'search',
        'source',
        'limit',
        'offset',
        'cursor',
        'sort',
        'since',
        'until',
        'counts',
        'environment',
        'level',
        'tag',
      ],
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(name, value), { maxLength: 4 }), async (parameters) => {
        const query = new URLSearchParams(parameters).toString();
        expect([200, 400]).toContain((await server.call(`/api/errors?${query}`)).status);
      }),
      { numRuns: 200 },
    );
  });

  it('finds any piece of a stored message', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }),
        fc.nat(),
        fc.nat(),
        async (message, from, length) => {
          const { body } = await server.call('/api/errors', {
            json: aReport({ project: 'pieces', message, traceback: message }),
          });
          const graphemes = [...message];
          const start = from % graphemes.length;
          const piece = graphemes.slice(start, start + 1 + (length % 20)).join('');
          // A combining mark alone is an accent, which is never looked at.
          fc.pre(/[^\u0300-\u036f]/.test(piece));
          const query = new URLSearchParams({ project: 'pieces', search: piece, limit: '200' });
          const found = (await list(query.toString())).errors as { fingerprint: string }[];
          expect(found.map((error) => error.fingerprint)).toContain(body.fingerprint);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('goes on after a cursor without skipping or repeating while new errors come in', async () => {
    const all = await messages('limit=200');
    const paged: string[] = [];
    let line = 1000;
    let cursor: string | null = null;
    do {
      const page = await list(`limit=9${cursor ? `&cursor=${cursor}` : ''}`);
      paged.push(...(page.errors as { message: string }[]).map((error) => error.message));
      expect(page.total).toBe(all.length + line - 1000);
      cursor = page.next_cursor as string | null;
      line += 1;
      await server.call('/api/errors', {
        json: aReport({ project: 'newcomer', message: 'new', traceback: pythonTraceback('new.py', line) }),
      });
    } while (cursor);
    expect(paged).toEqual(all);
  });

  it('gives a cursor only when more errors follow', async () => {
    expect((await list('project=shop&limit=4')).next_cursor).toBeNull();
    expect((await list('project=shop&limit=3')).next_cursor).toEqual(expect.any(String));
    expect((await list('project=nobody')).next_cursor).toBeNull();
  });

  it('cuts messages to so many characters on request, never inside of one', async () => {
    await server.call('/api/errors', {
      json: aReport({ project: 'cut', message: '💥'.repeat(10), traceback: pythonTraceback('cut.py', 1) }),
    });
    const messageOf = async (query: string) => {
      const { body } = await server.call(`/api/errors?project=cut${query}`);
      return body.errors[0].message as string;
    };
    expect(await messageOf('')).toBe('💥'.repeat(10));
    expect(await messageOf('&message_length=3')).toBe('💥💥💥');
    expect(await messageOf('&message_length=262144')).toBe('💥'.repeat(10));
  });
});
