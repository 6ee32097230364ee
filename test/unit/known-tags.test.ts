import { KnownTags } from '../../src/errors/known-tags';

const MEGABYTE = 1024 * 1024;

describe('What is known of stored tags', () => {
  test.each<[string, number, number, (number: number) => string]>([
    ['long lists of one error', 1_000, 100, (number) => `${number} ${'x'.repeat(20_000)}`],
    ['long lists in another script', 1_000, 100, (number) => `${number} ${'я'.repeat(20_000)}`],
    ['short lists', 60_000, 10_000, (number) => `[["level","error"],["id","${number}"]]`],
  ])('takes a few megabytes, whatever comes: %s', (_what, count, least, listOf) => {
    const known = new KnownTags();
    const lists = Array.from({ length: count }, (_, number) => listOf(number));
    let most = 0;
    let forgotAtOnce = 0;
    for (const [number, list] of lists.entries()) {
      known.addList(1, list);
      if (!known.hasList(1, list)) forgotAtOnce += 1;
      if (number % (count / 20) !== 0) continue;
      most = Math.max(most, lists.filter((each) => known.hasList(1, each)).length);
    }
    expect(forgotAtOnce).toBe(0);
    expect(most * lists[0]!.length * 2).toBeLessThan(8 * MEGABYTE);
    expect(most).toBeGreaterThan(least);
  });

  test('takes no more for very many errors', () => {
    const known = new KnownTags();
    const errors = Array.from({ length: 50_000 }, (_, id) => id);
    for (const id of errors) known.addList(id, '[]');
    expect(errors.filter((id) => known.hasList(id, '[]')).length).toBeLessThan(25_000);
  });

  test('is of one error, until it is forgotten', () => {
    const known = new KnownTags();
    known.addList(1, '[]');
    expect([known.hasList(1, '[]'), known.hasList(2, '[]')]).toEqual([true, false]);
    known.forget();
    expect(known.hasList(1, '[]')).toBe(false);
  });
});
