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

  test('takes no more for very many names', () => {
    const known = new KnownTags();
    const names = Array.from({ length: 50_000 }, (_, number) => `${'n'.repeat(200)}${number}`);
    for (const [number, name] of names.entries()) known.setCount(number % 10, name, number);
    const left = names.flatMap((name, number) => known.countOf(number % 10, name) ?? []);
    expect(left.length).toBeLessThan(20_000);
    expect(left.at(-1)).toBe(49_999);
  });

  test('is of one error, until it is forgotten', () => {
    const known = new KnownTags();
    known.addList(1, '[]');
    expect([known.hasList(1, '[]'), known.hasList(2, '[]')]).toEqual([true, false]);
    known.setCount(1, 'request', 7);
    expect([known.countOf(1, 'request'), known.countOf(1, 'user'), known.countOf(2, 'request')]).toEqual([
      7,
      undefined,
      undefined,
    ]);
    known.forget();
    expect([known.hasList(1, '[]'), known.countOf(1, 'request')]).toEqual([false, undefined]);
  });
});
