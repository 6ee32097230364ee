import { type Sort, SORTS } from '../../src/errors/list-cursor';
import { aReport, pythonTraceback } from '../support/reports';
import { fitting, seedErrors, type Seeded, sorted } from '../support/seeded-errors';
import { seedTags, taggedBy } from '../support/seeded-tags';
import { startTestServer, type TestServer } from '../support/test-server';

interface Page {
  errors: { id: number; message: string }[];
  total: number;
  total_is_lower_bound?: boolean;
  searched_newest?: number;
  next_cursor: string | null;
}

const HOSTILE = `'; DROP TABLE errors; -- "%_\\ 100% \u{1F4A5}`;
const LONGEST = '\u{1F4A5}'.repeat(250);

describe('GET /api/errors by what reports had', () => {
  let server: TestServer;
  const list = async (query: string) => (await server.call(`/api/errors?${query}`)).body as Page;
  const messages = async (query: string) => (await list(query)).errors.map(({ message }) => message);

  beforeAll(async () => {
    server = await startTestServer();
    await add('native', {});
    await add('production', { environment: ['production'], level: ['error'], user: ['ada'] }, 'error');
    await add('both', { environment: ['production', 'staging'], level: ['error', 'fatal'] }, 'error');
    await add('warning', { environment: ['staging'], level: ['warning'], region: ['eu', 'us'] }, 'warning');
    await add('native, then info', { level: ['info'], release: ['shop@1'], region: ['eu'] });
    await add('hostile', { [HOSTILE]: [HOSTILE], release: [LONGEST], 'a:b': ['c'], x: ['Ü'] }, 'debug');
    await add('other project', { environment: ['production'], level: ['error'] }, 'error', 'billing');
  });
  afterAll(() => server.close());

  async function add(
    message: string,
    tags: Record<string, string[]>,
    level: string | null = null,
    project = 'shop',
  ): Promise<void> {
    const traceback = pythonTraceback(`${message}.py`, 1);
    const { body } = await server.call('/api/errors', { json: aReport({ message, traceback, project }) });
    await server.database.run('UPDATE errors SET level = ? WHERE id = ?', [level, body.id]);
    const rows = Object.entries(tags).flatMap(([name, values]) =>
      values.map((value) => ({ error_id: body.id as number, name, value })),
    );
    await server.database.insert('error_tags', rows);
  }

  const q = (...parameters: [string, string][]) => new URLSearchParams(parameters).toString();

  it.each<[string, string[]]>([
    ['environment=production', ['other project', 'both', 'production']],
    ['environment=PRODUCTION', []],
    ['environment=produc', []],
    ['environment=%25', []],
    ['environment=%00', []],
    ['environment=production&project=shop', ['both', 'production']],
    ['tag=environment:production&environment=staging', ['both']],
    ['level=fatal', ['both']],
    ['level=error', ['other project', 'native, then info', 'both', 'production', 'native']],
    ['tag=level:error&project=billing', ['other project']],
    ['level=error&environment=production&project=shop', ['both', 'production']],
    ['level=info', ['native, then info']],
    ['level=warning&tag=region:eu&tag=region:us', ['warning']],
    ['tag=region:eu', ['native, then info', 'warning']],
    ['tag=region:eu&tag=region:ap', []],
    ['tag=region:eu&sort=first_seen', ['native, then info', 'warning']],
    ['tag=region:eu&resolved=true', []],
    ['tag=region:eu&source=server&resolved=false&search=WARN', ['warning']],
    ['tag=region:eu&search=%CC%81', []],
    ['tag=region:eu&since=2999-01-01T00:00:00Z', []],
    ['tag=region:eu&since=2020-01-01T00:00:00Z&search=inf', ['native, then info']],
    ['user=ada', ['production']],
    [q(['tag', `${HOSTILE}:${HOSTILE}`]), ['hostile']],
    [q(['release', LONGEST]), ['hostile']],
    // The first colon ends the name, unless it is escaped.
    ['tag=a:b:c', []],
    ['tag=a%5C:b:c', ['hostile']],
    ['tag=x:%C3%9C', ['hostile']],
    ['tag=x:U', []],
    ['tag=__proto__:x&tag=constructor:y', []],
  ])('?%s gives the errors that fit', async (query, expected) => {
    const page = await list(query);
    expect(page.errors.map(({ message }) => message)).toEqual(expected);
    expect(page).toMatchObject({ total: expected.length, next_cursor: null });
    expect(page.total_is_lower_bound).toBeUndefined();
  });

  it('shows the level of the first report and pages by cursor and offset', async () => {
    const first = await list('level=error&limit=2&counts=24h&message_length=3');
    expect(first.errors).toMatchObject([
      { message: 'oth', level: 'error', counts: expect.any(Array) },
      { message: 'nat', level: 'error' },
    ]);
    expect(first.total).toBe(5);
    expect(await messages(`level=error&limit=2&cursor=${first.next_cursor}`)).toEqual(['both', 'production']);
    expect(await messages('level=error&limit=2&offset=4')).toEqual(['native']);
    expect(await list('level=error&offset=5')).toMatchObject({ errors: [], total: 5, next_cursor: null });
  });

  it.each<[string, RegExp]>([
    ['environment=', /^environment must be 1 to 250 characters long$/],
    [`environment=${'a'.repeat(251)}`, /^environment must be 1 to 250/],
    ['environment=a&environment=b', /^environment must be given once$/],
    ['environment[]=a&environment=a&environment=', /^environment must be given once$/],
    [`release=${'a'.repeat(5_000)}`, /^release must be 1 to 250/],
    ['release=a&release=a', /^release must be given once$/],
    ['user=', /^user must be 1 to 250/],
    ['user=a&user=b', /^user must be given once$/],
    ['level=', /^level must be one of debug, info, warning, error, fatal$/],
    ['level=ERROR', /^level must be one of/],
    ['level=error&level=error', /^level must be one of/],
    ['tag=', /^tag must be a name and a value, such as region:eu/],
    ['tag=region', /^tag must be/],
    ['tag=region:', /^tag must be/],
    ['tag=:eu', /^tag must be/],
    ['tag=region:eu&tag=region', /^tag must be/],
    [`tag=region:${'a'.repeat(251)}`, /^tag must be/],
    [`tag=${'a'.repeat(201)}:eu`, /^tag must be/],
    [q(...Array.from({ length: 6 }, (): [string, string] => ['tag', 'a:b'])), /^tag may be given at most 5/],
  ])('?%s is refused with 400', async (query, detail) => {
    const answer = await server.call(`/api/errors?${query}`);
    expect(answer.status).toBe(400);
    expect(answer.body).toEqual({ detail: expect.stringMatching(detail) });
  });

  it('is described', async () => {
    const { body } = await server.call('/docs-json');
    const { parameters } = body.paths['/api/errors'].get as { parameters: { name: string }[] };
    const described = Object.fromEntries(parameters.map((parameter) => [parameter.name, parameter]));
    expect(described).toMatchObject({
      environment: { required: false, schema: { type: 'string', minLength: 1, maxLength: 250 } },
      release: {},
      user: {},
      level: { schema: { enum: ['debug', 'info', 'warning', 'error', 'fatal'] } },
      tag: { schema: { type: 'array', maxItems: 5, items: { type: 'string' } } },
    });
  });
});

describe('GET /api/errors by what reports of many errors had', () => {
  let server: TestServer;
  let inOrder: Record<Sort, Seeded[]>;
  const list = async (query: string) => (await server.call(`/api/errors?${query}`)).body as Page;
  const ids = (errors: readonly { id: number }[]) => errors.map(({ id }) => id);

  beforeAll(async () => {
    server = await startTestServer();
    const seeded = await seedErrors(server.database, 40_000);
    await seedTags(server.database, seeded);
    inOrder = {
      last_seen: seeded,
      first_seen: sorted(seeded, 'first_seen'),
      count: sorted(seeded, 'count'),
    };
  }, 60_000);
  afterAll(() => server.close());

  const few = [
    'release=shop@7',
    'tag=sparse:yes',
    'level=warning&tag=five:yes',
    'tag=region:us',
    'level=fatal',
  ];
  const narrow = ['environment=production&project=tiny', 'level=error&project=shop&resolved=true'];
  const unknown = ['environment=nowhere', 'environment=production&tag=none:such'];
  const searched = [
    'environment=production&search=needle',
    'tag=old:yes&search=number 1777',
    'tag=five:yes&search=haystack',
    'environment=production&search=zq&project=tiny',
  ];
  /** Each with a sort of its own, all three in turn. */
  const inTurn = (queries: string[]) =>
    queries.map((query, at): [string, Sort] => {
      const sort = SORTS[at % SORTS.length] as Sort;
      return [`${query}&sort=${sort}`, sort];
    });

  it.each(inTurn([...few, ...narrow, ...unknown, ...searched]))(
    '?%s gives every page and an exact total',
    async (query, sort) => {
      const expected = ids(plainly(query, sort));
      for (const offset of [0, 3, expected.length - 3, 10 ** 12].filter((each) => each >= 0)) {
        const page = await list(`${query}&limit=5&offset=${offset}`);
        expect(ids(page.errors)).toEqual(expected.slice(offset, offset + 5));
        expect(page.total).toBe(expected.length);
        expect(page.total_is_lower_bound).toBeUndefined();
        expect(page.next_cursor === null).toBe(offset + 5 >= expected.length);
      }
      await expectNextPage(query, expected);
    },
  );

  const veryMany = [
    'environment=production',
    'level=error',
    'level=error&environment=production&resolved=false',
    'environment=production&search=timeout',
    'level=error&source=server&search=e',
  ];
  it.each(inTurn(veryMany))(
    '?%s, which fits very many, gives the pages that lie near the top',
    async (query, sort) => {
      const expected = ids(plainly(query, sort));
      for (const offset of [0, 700, 995, 996, 2_000]) {
        const page = await list(`${query}&limit=5&offset=${offset}`);
        expect(ids(page.errors)).toEqual(expected.slice(offset, offset + 5));
        expect(page.total_is_lower_bound).toBe(true);
        expect(page.total).toBe(Math.max(1_001, offset + 6));
        expect(page.searched_newest).toBeUndefined();
      }
      await expectNextPage(query, expected);
    },
  );

  it('ends where it has looked at enough, and says so', async () => {
    const page = await list('environment=production&search=timeout&limit=5&offset=20000');
    expect(page).toMatchObject({ errors: [], total: 1_001, total_is_lower_bound: true, next_cursor: null });
    expect(page.searched_newest).toBeGreaterThanOrEqual(5_000);
  });

  it.each([
    ['tag=old:yes', 10_000],
    ['tag=old:yes&level=error', 4_000],
    ['tag=old:yes&search=timeout', 4_000],
  ])(
    '?%s, which none of the newest has, gives those that were made last, and says so',
    async (query, least) => {
      const expected = ids(plainly(query, 'last_seen'));
      const seen: number[] = [];
      let cursor = '';
      for (let pages = 0; pages < 3; pages++) {
        const page = await list(`${query}&limit=200${cursor}`);
        expect(page.total_is_lower_bound).toBe(true);
        expect(page.total).toBeGreaterThanOrEqual(least);
        expect(page.total).toBeLessThanOrEqual(expected.length);
        expect(page.searched_newest).toBeGreaterThan(1_000);
        seen.push(...ids(page.errors));
        cursor = `&cursor=${page.next_cursor}`;
      }
      // In the order of the list, each once, as if the others were not there.
      const places = seen.map((id) => expected.indexOf(id));
      expect(places).not.toContain(-1);
      expect(places).toEqual([...new Set(places)].sort((a, b) => a - b));
      expect(places).toHaveLength(600);
      const byOffset = await list(`${query}&limit=200&offset=200`);
      expect(ids(byOffset.errors)).toEqual(seen.slice(200, 400));
    },
  );

  async function expectNextPage(query: string, expected: number[]): Promise<void> {
    const { next_cursor } = await list(`${query}&limit=7`);
    if (next_cursor === null) return;
    const page = await list(`${query}&limit=7&cursor=${next_cursor}`);
    expect(ids(page.errors)).toEqual(expected.slice(7, 14));
  }

  function plainly(query: string, sort: Sort): Seeded[] {
    return fitting(inOrder[sort], query).filter(taggedBy(query));
  }
});
