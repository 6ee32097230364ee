import 'reflect-metadata';
import fc from 'fast-check';
import { type Filters, noFilters, parseFilters, toApiQuery, toPageAddress } from '../../client/list/filters';
import { queryPipe } from '../../src/common/query-pipe';
import { ListErrorsQuery } from '../../src/errors/list-errors.query';

const NOW = new Date('2026-11-26T08:00:00.000Z');

describe('The address of the list', () => {
  test.each<[string, Partial<Filters>]>([
    ['?', {}],
    ['?state=all&project=shop&source=server', { state: 'all', project: 'shop', source: 'server' }],
    ['?search=%20%20a%20b%20%20', { search: 'a b' }],
    ['?search=a&search=b', { search: 'a' }],
    ['?state=OPEN&source=both&sort=id&chart=7d&range=2h', {}],
    ['?offset=50', { offset: 50 }],
    ['?offset=-50', {}],
    ['?offset=0.5', {}],
    ['?offset=1e99', {}],
    ['?offset=9007199254740991', { offset: 1_000_000_000 }],
    ['?since=2026-11-26T09:00%2B01:00', { since: '2026-11-26T08:00:00.000Z' }],
    ['?since=yesterday&until=2026-11-26T08:00:00Z', { until: '2026-11-26T08:00:00.000Z' }],
    ['?since=1969-12-31T23:59:59Z', {}],
    ['?until=%2B010000-01-01T00:00:00Z', {}],
    ['?since=2026-11-26T08:00:00Z&until=2026-11-26T08:00:00Z', {}],
    ['?range=1h&since=2026-11-26T08:00:00Z', { range: '1h' }],
    [
      '?environment=%20production%20&release=shop@1&user=ada&level=warning',
      { environment: 'production', release: 'shop@1', user: 'ada', level: 'warning' },
    ],
    ['?level=ERROR&environment=%20', {}],
    ['?tag=region:eu&tag=%20os%20:%20Linux:6%20&tag=region:eu', { tag: ['region:eu', 'os:Linux:6'] }],
    ['?tag=&tag=region&tag=:eu&tag=region:&tag=%20:%20', {}],
    ['?tag=a:1&tag=a:2&tag=a:3&tag=a:4&tag=a:5&tag=a:6', { tag: ['a:1', 'a:2', 'a:3', 'a:4', 'a:5'] }],
  ])('%s is read as what makes sense in it', (query, expected) => {
    expect(parseFilters(query)).toEqual({ ...noFilters, ...expected });
  });

  test.each<[string, string, Partial<Filters>]>([
    ['a project too long', `?project=${'💥'.repeat(101)}`, { project: '💥'.repeat(100) }],
    ['a search too long', `?search=${'💥'.repeat(201)}`, { search: '💥'.repeat(200) }],
    [
      'a search with a blank where it is cut',
      `?search=${'s'.repeat(199)}%20end`,
      { search: 's'.repeat(199) },
    ],
    ['a release too long', `?release=${'💥'.repeat(251)}`, { release: '💥'.repeat(250) }],
    [
      'a tag too long',
      `?tag=${'n'.repeat(201)}:${'💥'.repeat(251)}`,
      { tag: [`${'n'.repeat(200)}:${'💥'.repeat(250)}`] },
    ],
  ])('with %s is read as far as the API takes it', (_, query, expected) => {
    expect(parseFilters(query)).toEqual({ ...noFilters, ...expected });
  });

  it('is the same after it was read and written once, whatever it was', () => {
    fc.assert(
      fc.property(anyQuery(), (query) => {
        const filters = parseFilters(query);
        const address = toPageAddress(filters);
        expect(parseFilters(address.slice(1))).toEqual(filters);
      }),
      { numRuns: 2_000 },
    );
  });

  it('never asks the API for what it refuses', async () => {
    await fc.assert(
      fc.asyncProperty(anyQuery(), async (query) => {
        const asking = toApiQuery(parseFilters(query), NOW);
        const asked = { ...Object.fromEntries(asking), tag: asking.getAll('tag') };
        await queryPipe.transform(asked, { type: 'query', metatype: ListErrorsQuery });
      }),
      { numRuns: 2_000 },
    );
  });

  it('asks for a time back from now by the clock of the server', () => {
    const query = toApiQuery({ ...noFilters, range: '24h' }, NOW);
    expect(query.get('since')).toBe('2026-11-25T08:00:00.000Z');
    expect(query.has('until')).toBe(false);
  });
});

/** Queries with the names that mean something, values that nearly do, and anything else. */
function anyQuery(): fc.Arbitrary<string> {
  const names = [...Object.keys(noFilters), '__proto__', ''];
  const values = [
    'open',
    'all',
    'resolved',
    'server',
    'browser',
    '1h',
    '30d',
    'count',
    '14d',
    '9007199254740991',
    '50',
    'warning',
    'region:eu',
    ': ',
    ' ',
  ];
  const value = fc.oneof(
    fc.constantFrom(...values),
    fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
    fc.date({ min: new Date(0), max: NOW, noInvalidDate: true }).map((date) => date.toISOString()),
    fc.integer().map(String),
    fc.double().map(String),
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.string({ unit: fc.constantFrom('a', ' ', '💥', '\ud83d'), minLength: 90, maxLength: 260 }),
  );
  return fc
    .array(fc.tuple(fc.constantFrom(...names), value), { maxLength: 12 })
    .map((entries) => `?${new URLSearchParams(entries).toString()}`);
}
