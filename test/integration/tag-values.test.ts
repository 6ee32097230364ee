import { aReport } from '../support/reports';
import { startTestServer, type TestServer } from '../support/test-server';

describe('GET /api/tags', () => {
  let server: TestServer;
  const get = async (path: string) => (await server.call(`/api/tags${path}`)).body as Record<string, unknown>;

  const values = ['production', 'production-eu', 'Production', '100%_sure', '100 percent', 'Ü', '\u{1F4A5}'];

  beforeAll(async () => {
    server = await startTestServer();
    const ids: number[] = [];
    for (const project of ['shop', 'billing']) {
      ids.push((await server.call('/api/errors', { json: aReport({ project }) })).body.id as number);
    }
    const rows = ids.flatMap((error_id) => [
      ...values.map((value) => ({ error_id, name: 'environment', value })),
      { error_id, name: 'it\'s/a "name" 100%', value: 'x' },
    ]);
    const numbered = Array.from({ length: 250 }, (_, i) => String(i).padStart(3, '0'));
    await server.database.insert('error_tags', [
      ...rows,
      ...numbered.map((n) => ({ error_id: ids[0], name: `n${n}`, value: 'x' })),
      ...numbered.map((n) => ({ error_id: ids[0], name: 'release', value: `shop@${n}` })),
    ]);
  });
  afterAll(() => server.close());

  it.each<[string, string[]]>([
    ['', ['100 percent', '100%_sure', 'Production', 'production', 'production-eu', 'Ü', '\u{1F4A5}']],
    ['?prefix=production', ['production', 'production-eu']],
    ['?prefix=P', ['Production']],
    ['?prefix=%25', []],
    ['?prefix=_', []],
    ['?prefix=100%25', ['100%_sure']],
    ['?prefix=%00', []],
    ['?prefix=%F0%9F%92%A5', ['\u{1F4A5}']],
    ['?prefix=zzz', []],
    ["?prefix=';--", []],
    [`?prefix=${'%F0%9F%92%A5'.repeat(250)}`, []],
  ])('/environment%s gives each value once', async (query, expected) => {
    expect(await get(`/environment${query}`)).toEqual({ name: 'environment', values: expected, more: false });
  });

  it('ends after so many, and says that there are more', async () => {
    expect(await get('/environment?limit=2')).toMatchObject({
      values: ['100 percent', '100%_sure'],
      more: true,
    });
    expect(await get('/environment?limit=2&prefix=production')).toMatchObject({ more: false });
    expect(await get('/environment?limit=1&prefix=production')).toMatchObject({
      values: ['production'],
      more: true,
    });
    const { values: releases, more } = await get('/release');
    expect(releases).toHaveLength(100);
    expect(more).toBe(true);
  });

  it('takes any name', async () => {
    const name = 'it\'s/a "name" 100%';
    expect(await get(`/${encodeURIComponent(name)}`)).toEqual({ name, values: ['x'], more: false });
    expect(await get('/unknown')).toEqual({ name: 'unknown', values: [], more: false });
    expect(await get('/%00')).toEqual({ name: '\uFFFD', values: [], more: false });
  });

  it('gives the first 200 names', async () => {
    const { names, more } = (await get('')) as { names: string[]; more: boolean };
    expect(names).toHaveLength(200);
    expect(names.slice(0, 3)).toEqual(['environment', 'it\'s/a "name" 100%', 'n000']);
    expect(more).toBe(true);
  });

  it.each([
    ['/environment?limit=0', 'limit must be a whole number from 1 to 200'],
    ['/environment?limit=201', 'limit must be a whole number from 1 to 200'],
    ['/environment?limit=1&limit=2', 'limit must be a whole number from 1 to 200'],
    ['/environment?prefix=a&prefix=b', 'prefix must be given once'],
    [`/environment?prefix=${'a'.repeat(251)}`, 'prefix must be at most 250 characters long'],
    [`/${'a'.repeat(201)}`, 'name must be at most 200 characters long'],
  ])('%s is refused with 400', async (path, detail) => {
    const answer = await server.call(`/api/tags${path}`);
    expect(answer).toMatchObject({ status: 400, body: { detail } });
  });

  it('is for those with the API key, and described', async () => {
    expect((await fetch(`${server.url}/api/tags`)).status).toBe(401);
    expect((await fetch(`${server.url}/api/tags/environment`)).status).toBe(401);
    const { body } = await server.call('/docs-json');
    expect(Object.keys(body.paths['/api/tags/{name}'].get.responses)).toEqual(
      expect.arrayContaining(['200', '400', '401', '429', '503']),
    );
  });
});
