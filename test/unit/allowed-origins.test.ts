import { AllowedOrigins, MOST_ORIGINS, parseAllowedOrigins } from '../../src/projects/allowed-origins';
import { cpuMsOf } from '../support/cpu-time';

describe('allowed origins', () => {
  test.each([
    ['https://shop.example.com', 'https://shop.example.com'],
    [' https://Shop.Example.COM/ ', 'https://shop.example.com'],
    ['https://shop.example.com:443', 'https://shop.example.com'],
    ['http://shop.example.com:80', 'http://shop.example.com'],
    ['http://localhost:3000', 'http://localhost:3000'],
    ['http://[::1]:3000', 'http://[::1]:3000'],
    ['https://müller.example', 'https://xn--mller-kva.example'],
    ['https://*.example.com', 'https://*.example.com'],
    ['https://*.Example.com:443/', 'https://*.example.com'],
    ['https://*.example.com:8443', 'https://*.example.com:8443'],
    ['capacitor://localhost', 'capacitor://localhost'],
    ['chrome-extension://abcdefghijklmnop', 'chrome-extension://abcdefghijklmnop'],
    ['*', '*'],
  ])('%j is taken as %j', (written, expected) => {
    expect(parseAllowedOrigins([written])).toEqual([expected]);
  });

  test.each([
    '',
    'shop.example.com',
    'https://',
    'https://*',
    'https://*.',
    'https://shop.*.com',
    'https://*.*.example.com',
    'https://*shop.example.com',
    'https://shop.example.com/cart',
    'https://shop.example.com?x',
    'https://shop.example.com/#x',
    'https://me:secret@shop.example.com',
    'https://me@*.example.com',
    'https://shop.example.com:70000',
    'https://shop example.com',
    'https:shop.example.com\\@evil.example',
    'javascript:alert(1)',
    'data:text/html,x',
    'null',
    'https://shop.example.com,https://b.example.com',
    `https://${'a'.repeat(300)}.example.com`,
    'capacitor://local host\r\nX-Evil: 1',
    7,
    null,
    ['https://shop.example.com'],
    {},
  ])('%j is none', (written) => {
    expect(() => parseAllowedOrigins(['https://fine.example.com', written])).toThrow(
      /^allowed_origins\[1\] must be an origin such as/,
    );
  });

  test.each([undefined, null, '*', {}, Array.from({ length: MOST_ORIGINS + 1 }, () => '*')])(
    '%j is no list of them',
    (value) => {
      expect(() => parseAllowedOrigins(value)).toThrow(
        /^allowed_origins must be a list of at most 50 origins$/,
      );
    },
  );

  test('are kept once each, in their order', () => {
    const written = ['https://b.example.com', 'https://a.example.com', 'https://B.example.com:443/'];
    expect(parseAllowedOrigins(written)).toEqual(['https://b.example.com', 'https://a.example.com']);
  });

  test.each([
    ['https://shop.example.com', 'https://shop.example.com', true],
    ['https://shop.example.com', 'http://shop.example.com', false],
    ['https://shop.example.com', 'https://shop.example.com:8443', false],
    ['https://shop.example.com', 'https://shop.example.com.evil.example', false],
    ['https://shop.example.com', 'https://evil.example/https://shop.example.com', false],
    ['https://*.example.com', 'https://shop.example.com', true],
    ['https://*.example.com', 'https://a.b.example.com', true],
    ['https://*.example.com', 'https://example.com', false],
    ['https://*.example.com', 'https://.example.com', false],
    ['https://*.example.com', 'https://evilexample.com', false],
    ['https://*.example.com', 'https://shop.example.com.evil.example', false],
    ['https://*.example.com', 'https://evil.example/.example.com', false],
    ['https://*.example.com', 'https://evil.example?.example.com', false],
    ['https://*.example.com', 'https://shop.example.com:8443', false],
    ['https://*.example.com', 'http://shop.example.com', false],
    ['https://*.example.com:8443', 'https://shop.example.com:8443', true],
    ['https://*.example.com', 'null', false],
    ['https://*.example.com', '', false],
    ['*', 'https://anything.example', true],
    ['*', 'null', true],
  ])('%j: the origin %j may report: %j', (allowed, origin, expected) => {
    expect(new AllowedOrigins([allowed]).allows(origin)).toBe(expected);
  });

  test('are told to the browser as the page’s own origin, and as * where all are allowed', () => {
    expect(new AllowedOrigins(['https://*.example.com']).headerFor('https://a.example.com')).toBe(
      'https://a.example.com',
    );
    expect(new AllowedOrigins(['*', 'https://a.example.com']).headerFor('https://a.example.com')).toBe('*');
    expect(new AllowedOrigins([]).headerFor('https://a.example.com')).toBeNull();
  });

  test('are looked up in no time, whatever a client sends', () => {
    const origins = new AllowedOrigins(['https://*.example.com']);
    const tookMs = cpuMsOf(() => {
      for (let i = 0; i < 1_000; i++) origins.allows(`https://${'a.'.repeat(8_000)}`);
    });
    expect(tookMs).toBeLessThan(500);
  });
});
