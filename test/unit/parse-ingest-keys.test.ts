import { parseIngestKeys } from '../../src/config/parse-ingest-keys';

const KEY = '0123456789abcdef0123456789abcdef';
const OTHER = 'fedcba9876543210fedcba9876543210';

describe('INGEST_KEYS', () => {
  test.each([
    [`shop:${KEY}`, [{ project: 'shop', key: KEY }]],
    [
      ` shop : ${KEY} , billing:${OTHER},`,
      [
        { project: 'shop', key: KEY },
        { project: 'billing', key: OTHER },
      ],
    ],
    [`shop:${KEY},shop:${KEY}`, [{ project: 'shop', key: KEY }]],
    [`team:shop:eu:${KEY}`, [{ project: 'team:shop:eu', key: KEY }]],
    [`Grüße 🛒:${KEY}`, [{ project: 'Grüße 🛒', key: KEY }]],
    [`${'🛒'.repeat(100)}:${KEY}`, [{ project: '🛒'.repeat(100), key: KEY }]],
    [',', []],
  ])('%j is read as %j', (text, expected) => {
    expect(parseIngestKeys(text)).toEqual(expected);
  });

  test.each([
    ['shop', 'there is no colon in number 1'],
    [KEY, 'there is no colon in number 1'],
    [`:${KEY}`, 'the project is missing in number 1'],
    [`shop:${KEY},${OTHER}:billing`, 'the key is not 32 lower-case hexadecimal digits in number 2'],
    [`shop:${KEY.toUpperCase()}`, 'the key is not 32 lower-case hexadecimal digits in number 1'],
    [`shop:${KEY}0`, 'the key is not 32 lower-case hexadecimal digits in number 1'],
    ['shop:', 'the key is not 32 lower-case hexadecimal digits in number 1'],
    [`shop:${KEY},billing:${KEY}`, 'the key is that of another project before in number 2'],
    [`${'x'.repeat(101)}:${KEY}`, 'the project is longer than 100 characters in number 1'],
  ])('%j is refused, and neither keys nor projects are repeated', (text, problem) => {
    expect(parseIngestKeys(text)).toBe(
      `must be pairs of project and key such as shop:0123…cdef, separated by commas: ${problem}`,
    );
  });

  test('of more than a thousand keys is refused', () => {
    const pairs = Array.from({ length: 1_001 }, (_, i) => `p:${i.toString(16).padStart(32, '0')}`);
    expect(parseIngestKeys(pairs.slice(1).join())).toHaveLength(1_000);
    expect(parseIngestKeys(pairs.join())).toBe('must name at most 1000 keys');
  });
});
