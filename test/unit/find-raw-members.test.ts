import fc from 'fast-check';
import { findRawMembers } from '../../src/ingest/find-raw-members';

const NAMES = ['request_headers', 'extra'] as const;
const find = (text: string) => Object.fromEntries(findRawMembers(text, NAMES));

describe('The raw members', () => {
  test.each<[string, string, Record<string, string>]>([
    ['of an empty object', '{}', {}],
    ['of an object that has neither', '{"a":"extra","b":["extra"]}', {}],
    [
      'of both names',
      '{"request_headers":{"a":1},"extra":[2]}',
      { request_headers: '{"a":1}', extra: '[2]' },
    ],
    ['beside white space', ' \r\n{ "extra"\t: \n 1.50 \r\n,"a" : 1 } ', { extra: '1.50' }],
    ['with white space in them', '{"extra": [ 1 , { } ] }', { extra: '[ 1 , { } ]' }],
    ['that are last without white space', '{"a":1,"extra":-1E400}', { extra: '-1E400' }],
    ['that are words', '{"extra":true,"request_headers":null}', { extra: 'true', request_headers: 'null' }],
    ['that are empty', '{"extra":{},"request_headers":""}', { extra: '{}', request_headers: '""' }],
    ['named twice', '{"extra":[1],"extra":{"b":2}}', { extra: '{"b":2}' }],
    ['named twice, once with escapes', '{"extra":1,"ext\\u0072a":2}', { extra: '2' }],
    ['whose key has an escaped backslash', '{"extra\\\\":1,"\\"extra":2}', {}],
    ['after nested ones of the same name', '{"a":{"extra":1,"b":[{"extra":2}]},"extra":3}', { extra: '3' }],
    ['before nested ones of the same name', '{"extra":3,"a":{"extra":1}}', { extra: '3' }],
    ['after brackets in strings', '{"a":"}]","b":["}","\\"}"],"extra":["]{"]}', { extra: '["]{"]' }],
    ['after what looks like one', '{"a":"\\",\\"extra\\":1","extra":2}', { extra: '2' }],
    ['after backslashes', '{"a":"\\\\","b":["\\\\\\\\"],"c":"\\\\\\"","extra":"\\\\"}', { extra: '"\\\\"' }],
    ['of keys in Unicode', '{"ä🐛":"\u2028","extra":"ä🐛"}', { extra: '"ä🐛"' }],
    ['beside __proto__', '{"__proto__":{"extra":1},"extra":2}', { extra: '2' }],
  ])('%s', (_situation, text, members) => {
    JSON.parse(text);
    expect(find(text)).toEqual(members);
  });

  const escaped = (text: string) =>
    [...text].map((one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');
  const white = fc.stringMatching(/^[ \t\r\n]{0,2}$/);
  const key = fc.oneof(
    fc.constantFrom(...NAMES, ...NAMES.map(escaped)).map((name) => `"${name}"`),
    fc
      .string({ unit: fc.constantFrom('"', '\\', '{', ']', ':', ',', 'extra', 'ä') })
      .map((text) => JSON.stringify(text)),
  );
  const value = fc.oneof(
    fc.jsonValue().map((one) => JSON.stringify(one)),
    fc.jsonValue().map((one) => JSON.stringify(one, null, '\t')),
    fc
      .string({ unit: fc.constantFrom('"', '\\', '}', '[', ',') })
      .map((text) => JSON.stringify([{ extra: text }, text])),
  );
  const member = fc.tuple(white, key, white, white, value, white);

  test('of any object are those that JSON.parse finds', () => {
    fc.assert(
      fc.property(fc.array(member, { maxLength: 8 }), (members) => {
        const text = `{${members.map(([a, k, b, c, v, d]) => `${a}${k}${b}:${c}${v}${d}`).join(',')}}`;
        const parsed = JSON.parse(text) as Record<string, unknown>;
        const found = find(text);
        for (const name of NAMES) {
          expect(found[name] === undefined).toBe(!Object.hasOwn(parsed, name));
          if (found[name] !== undefined) expect(JSON.parse(found[name])).toEqual(parsed[name]);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  // A quadratic search would take seconds for each.
  test.each([
    ['numbers', `{"extra":[${'7,'.repeat(125_000)}1e1]}`],
    ['quotes that are escaped', `{"a":"${'\\"'.repeat(125_000)}","extra":1}`],
    ['backslashes', `{"a":"${'\\\\'.repeat(125_000)}","extra":1}`],
    ['strings', `{"a":[${'"\\\\",'.repeat(50_000)}1],"extra":1}`],
    ['brackets', `{"a":${'['.repeat(125_000)}${']'.repeat(125_000)},"extra":1}`],
    ['keys', `{${'"\\u0065":1,'.repeat(25_000)}"extra":1}`],
    ['the same name', `{${'"extra":1,'.repeat(25_000)}"extra":1}`],
    ['white space', `{${' '.repeat(250_000)}"extra":1}`],
  ])('are found in 250 KB of %s in no time', (_what, text) => {
    const start = performance.now();
    const { extra } = find(text);
    expect(performance.now() - start).toBeLessThan(500);
    expect(extra).toBeDefined();
  });
});
