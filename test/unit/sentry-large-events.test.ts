import { createScrubber, type Scrubber } from '../../src/ingest/sentry/scrub/scrubber';
import { readParts, thrownIn } from '../support/sentry-events';

/** Counts the names of members and the characters of texts that are looked at. */
function counting() {
  const scrubber = createScrubber();
  const seen = { names: 0, characters: 0 };
  const secrets: Scrubber = {
    ...scrubber,
    isSecret(name) {
      seen.names += 1;
      return scrubber.isSecret(name);
    },
    findHint(text, from) {
      seen.characters += text.length;
      return scrubber.findHint(text, from);
    },
  };
  return { seen, secrets };
}

const many = <T>(count: number, make: (index: number) => T) =>
  Array.from({ length: count }, (_, index) => make(index));
const object = (count: number, value: unknown) =>
  Object.fromEntries(many(count, (index) => [`name${index}`, value]));

describe('of an event that holds more than is ever stored', () => {
  test('no more local variables than a budget are copied, those of the newest own call and the newest calls first', () => {
    const frames = many(250, (index) => ({
      filename: index === 3 ? 'own.py' : 'site-packages/a.py',
      lineno: index + 1,
      vars: object(10, object(10, { a: index })),
    }));
    const { seen, secrets } = counting();
    const { context, cut } = readParts(thrownIn('python', frames), {}, secrets);
    expect(seen.names).toBeGreaterThan(10_000);
    expect(seen.names).toBeLessThan(20_500);
    expect(cut).toContain('local variables');
    const shown = context.exceptions![0]!.frames;
    expect(
      shown.map(({ line, variables }) => (variables ? line : null)).filter((line) => line !== null),
    ).toEqual(expect.arrayContaining([250, 249, 4]));
    expect(shown.find(({ line }) => line === 5)?.variables).toBeUndefined();
    expect(shown.find(({ line }) => line === 4)?.variables).toHaveProperty('name9.name9', { a: 3 });
  });

  test('no more characters than a budget are looked through for secrets', () => {
    const text = `=${'x'.repeat(1_000)}`;
    const frames = many(50, (index) => ({ filename: 'a.py', lineno: index + 1, vars: object(40, text) }));
    const { seen, secrets } = counting();
    const { cut } = readParts(thrownIn('python', frames), {}, secrets);
    expect(seen.characters).toBeGreaterThan(250_000);
    expect(seen.characters).toBeLessThan(320_000);
    expect(cut).toContain('local variables');
  });

  test.each<[string, Record<string, unknown>, string]>([
    [
      'breadcrumbs',
      { breadcrumbs: many(100, () => ({ data: object(50, object(50, 1)) })) },
      'data of breadcrumbs',
    ],
    ['contexts', { contexts: object(50, object(50, object(50, 1))) }, 'contexts'],
    ['extra data', { extra: object(50, object(50, object(50, 1))) }, 'extra'],
    ['the user', { user: object(50, object(50, object(50, 1))) }, 'user'],
    ['a body', { request: { data: object(50, object(50, object(50, 1))) } }, 'extra'],
    ['a body as JSON', { request: { data: JSON.stringify(object(50, object(50, object(50, 1)))) } }, 'extra'],
  ])('no more of %s than a budget is copied', (_, event, part) => {
    const { seen, secrets } = counting();
    const { cut } = readParts(event, {}, secrets);
    expect(seen.names).toBeGreaterThan(10_000);
    expect(seen.names).toBeLessThan(21_000);
    expect(cut).toContain(part);
  });

  test('local variables take no room from what else is known', () => {
    const frames = many(100, (index) => ({
      filename: 'a.py',
      lineno: index + 1,
      vars: object(90, object(90, 1)),
    }));
    const { extra, context, cut } = readParts({
      ...thrownIn('python', frames),
      extra: { a: 1 },
      breadcrumbs: [{ data: { b: 2 } }],
    });
    expect(cut).toEqual(['local variables']);
    expect(extra).toEqual({ a: 1 });
    expect(context.breadcrumbs![0]!.data).toEqual({ b: 2 });
  });
});
