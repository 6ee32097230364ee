import { toTagAddress } from '../../client/detail/tag-address';
import { parseFilters, toApiQuery, toPageAddress } from '../../client/list/filters';
import { parseTag } from '../../src/errors/tag-filter';

describe('The list of errors that had a tag', () => {
  it.each([
    ['environment', 'production', '/?state=all&environment=production'],
    ['release', 'shop@1.0+7 & more', '/?state=all&release=shop%401.0%2B7+%26+more'],
    ['level', 'fatal', '/?state=all&level=fatal'],
    ['user', 'ada', '/?state=all&user=ada'],
    ['state', 'open', '/?state=all&tag=state%3Aopen'],
    ['url', 'https://a.example/#b', '/?state=all&tag=url%3Ahttps%3A%2F%2Fa.example%2F%23b'],
  ])('by %s %s is at %s', (name, value, expected) => {
    expect(toTagAddress(name, value)).toBe(expected);
  });

  it.each([
    ['a:b', 'c'],
    ['a', 'b:c'],
    ['a\\', ':b\\'],
    ['a\\:', '\\:'],
    [':\\\\:', 'c'],
    ['C:\\dir', 'C:\\dir\\'],
  ])('asks the API for the tag %j with the value %j', (name, value) => {
    const filters = parseFilters(toTagAddress(name, value).slice(1));
    expect(parseFilters(toPageAddress(filters).slice(1))).toEqual(filters);
    expect(toApiQuery(filters, new Date()).getAll('tag').map(parseTag)).toEqual([{ name, value }]);
  });
});
