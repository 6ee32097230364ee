import { gatherTags, parseTag } from '../../src/errors/tag-filter';

describe('parseTag', () => {
  test.each<[string, string, string]>([
    ['region:eu', 'region', 'eu'],
    ['url:https://a.example:8080/', 'url', 'https://a.example:8080/'],
    [' spaced name : spaced value ', ' spaced name ', ' spaced value '],
    ['sql:%_\'"\\', 'sql', '%_\'"\\'],
    ['nul\0:a\0b', 'nul\uFFFD', 'a\uFFFDb'],
    ['half:\ud800', 'half', '\uFFFD'],
    [`${'n'.repeat(200)}:${'v'.repeat(250)}`, 'n'.repeat(200), 'v'.repeat(250)],
    [`${'💥'.repeat(200)}:${'💥'.repeat(250)}`, '💥'.repeat(200), '💥'.repeat(250)],
    ['a::', 'a', ':'],
    ['a\\:b:c', 'a:b', 'c'],
    ['\\::\\:', ':', '\\:'],
    ['a\\\\:b', 'a\\', 'b'],
    ['a\\\\\\:b:c', 'a\\:b', 'c'],
    ['C\\d:e\\\\', 'C\\d', 'e\\\\'],
    [`${'\\:'.repeat(200)}:v`, ':'.repeat(200), 'v'],
  ])('reads %j', (text, name, value) => {
    expect(parseTag(text)).toEqual({ name, value });
  });

  test.each([
    '',
    ':',
    'region',
    'region:',
    ':eu',
    'a\\:b',
    '\\',
    `${'n'.repeat(201)}:v`,
    `n:${'v'.repeat(251)}`,
    `n:${'💥'.repeat(251)}`,
    `n:${'v'.repeat(1_000_000)}`,
  ])('refuses %.20j', (text) => {
    expect(parseTag(text)).toBeNull();
  });
});

describe('gatherTags', () => {
  it('takes the tags out of the filters, each once, and leaves the others', () => {
    const region = { name: 'region', value: 'eu' };
    const filters = {
      project: 'shop',
      environment: 'production',
      user: undefined,
      level: 'error',
      tag: [region, { name: 'environment', value: 'production' }, region],
    };
    expect(gatherTags(filters)).toEqual({
      project: 'shop',
      tags: [{ name: 'environment', value: 'production' }, { name: 'level', value: 'error' }, region],
    });
  });

  it('tells those apart whose parts have colons', () => {
    const tag = [
      { name: 'a', value: 'b:c' },
      { name: 'a:b', value: 'c' },
    ];
    expect(gatherTags({ tag }).tags).toEqual(tag);
  });

  test.each([[{}], [{ tag: [] }], [{ release: undefined }]])('gives no tags for %j', (filters) => {
    expect(gatherTags(filters)).toEqual({});
  });
});
