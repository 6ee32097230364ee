import { FullTags } from '../../src/errors/full-tags';
import { aParsedReport } from '../support/reports';

const report = aParsedReport({ project: 'shop' });
const elsewhere = aParsedReport({ project: 'billing' });

describe('Errors that take no more tags', () => {
  test('are known by name, or for all names', () => {
    const full = new FullTags();
    full.add(report, 'request', 7);
    const find = () =>
      ['request', 'region'].map((name) => [full.find(report, name), full.find(elsewhere, name)]);
    expect(find()).toEqual([
      [7, null],
      [null, null],
    ]);
    full.add(report, null, 8);
    expect(find()).toEqual([
      [7, null],
      [8, null],
    ]);
    full.add(report, 'request', 9);
    expect(full.find(report, 'request')).toBe(9);
  });

  test('take a few megabytes, whatever comes', () => {
    const full = new FullTags();
    const names = Array.from({ length: 20_000 }, (_, number) => `${'я'.repeat(200)}${number}`);
    names.forEach((name, number) => full.add(report, name, number));
    expect(full.find(report, names.at(-1)!)).toBe(19_999);
    expect(names.filter((name) => full.find(report, name) !== null).length).toBeLessThan(10_000);
  });
});
