import type { Breadcrumb } from '../../client/api-answers';
import { beforeError, crumbText } from '../../client/detail/crumb-text';

const crumb = (message: string | null, data?: unknown): Breadcrumb => ({
  message,
  data,
  timestamp: null,
  type: null,
  category: null,
  level: null,
});

describe('A breadcrumb', () => {
  it.each<[string, Breadcrumb, string | null]>([
    ['its message', crumb('paid', { url: '/pay' }), 'paid'],
    ['the request', crumb(null, { method: 'GET', url: '/a', status_code: 503 }), 'GET /a → 503'],
    ['the request without an answer', crumb(' ', { method: 'GET', url: '/a' }), 'GET /a'],
    ['an address alone', crumb(null, { url: '/a', status_code: '200' }), '/a → 200'],
    ['the step from page to page', crumb(null, { from: '/a', to: '/b' }), '/a → /b'],
    ['nothing when its data is of another kind', crumb(null, { url: { a: 1 }, from: 1, to: '/b' }), null],
    ['nothing when its data is a list', crumb(null, ['url']), null],
    ['nothing without data', crumb(null), null],
  ])('says %s', (_name, given, expected) => {
    expect(crumbText(given)).toBe(expected);
  });

  it.each([
    [0, '0 ms'],
    [999, '−999 ms'],
    [2_367, '−2.367 s'],
    [59_999, '−59.999 s'],
    [63_400, '−1 min 03 s'],
    [3_600_000, '−1 h 00 min'],
    [47 * 3_600_000, '−47 h 00 min'],
    [20_785 * 86_400_000, '−20785 days'],
  ])('was %d ms before the error: %s', (ms, expected) => {
    expect(beforeError(ms)).toBe(expected);
  });
});
