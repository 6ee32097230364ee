import { hash } from 'node:crypto';
import {
  findCrashFrame,
  hideBuildHash,
  isLibraryCode,
  normalizeFile,
} from '../../src/fingerprints/crash-place';
import {
  fingerprintByMessage,
  fingerprintByParts,
  fingerprintByPlace,
  toTemplate,
} from '../../src/fingerprints/event-fingerprint';
import { readParts, thrownIn } from '../support/sentry-events';

// These rules are released: a line that has to change here splits errors that are stored.

type Sent = Record<string, unknown>;
const md5 = (text: string) => hash('md5', text, 'hex');

describe('the frame where an error was thrown', () => {
  const frame = (name: string, more: Sent = {}) => ({
    filename: name,
    file: name,
    module: null,
    line: 1,
    inApp: null,
    ...more,
  });
  const own = { inApp: true };
  const library = { inApp: false };

  test.each([
    ['the newest of the application', [frame('a', library), frame('b', own), frame('c', own)], 1],
    ['of the application before one that may be', [frame('a'), frame('b', own)], 1],
    ['one that may be before a library', [frame('a', library), frame('b')], 1],
    ['one that may be, by its path', [frame('/x/node_modules/a.js'), frame('b.js')], 1],
    ['the newest library when all are', [frame('a', library), frame('/x/site-packages/b.py')], 0],
    ['never one without a line', [frame('a', { ...own, line: null }), frame('b', library)], 1],
    [
      'never one without a file',
      [frame('', own), frame('<anonymous>', own), frame('[native code]', own), frame('b')],
      3,
    ],
    ['never one without any name', [frame('a', { ...own, filename: null, file: null }), frame('b')], 1],
    [
      'one with a module alone',
      [frame('a', { ...own, filename: null, file: null, module: 'a.B' }), frame('b')],
      0,
    ],
    ['none', [frame('a', { line: null })], -1],
    ['none of none', [], -1],
  ])('is %s', (_what, frames, index) => {
    expect(findCrashFrame(frames)).toBe(index);
  });

  test.each([
    '/app/node_modules/x/a.js',
    'node_modules/x.js',
    'node:fs',
    'internal/timers.js',
    '/v/site-packages/a.py',
    '/usr/lib/python3/dist-packages/a.py',
    '/gems/rack-3.0/a.rb',
    '/app/vendor/symfony/a.php',
    '<frozen importlib>',
  ])('is not in the library %s', (file) => {
    expect(isLibraryCode({ file, module: null })).toBe(true);
  });

  test.each([
    'java.util.List',
    'javax.net.X',
    'jdk.internal.X',
    'sun.misc.X',
    'kotlin.X',
    'System.Linq.X',
    'Microsoft.X',
  ])('is not in the package %s', (module) => {
    expect(isLibraryCode({ file: 'X', module })).toBe(true);
  });

  test.each([
    ['/app/internal/a.go', null],
    ['vendors.js', null],
    ['src/my_node_modules.js', null],
    ['Main.java', 'javanese.Main'],
    ['a.cs', 'SystemX.A'],
    [null, null],
  ])('may be in %s of %s', (file, module) => {
    expect(isLibraryCode({ file, module })).toBe(false);
  });
});

describe('a file', () => {
  test.each([
    ['C:\\shop\\a.py', 'C:/shop/a.py'],
    ['https://shop.example:8080/assets/app.js?v=3#x', '/assets/app.js'],
    ['http://localhost/', '/'],
    ['http://localhost', '/'],
    ['http://localhost?x', '/'],
    ['webpack://shop/./src/a.js', 'src/a.js'],
    ['webpack:///./src/a.js', 'src/a.js'],
    ['webpack-internal:///(rsc)/./src/a.js', '(rsc)/./src/a.js'],
    ['file:///srv/a.mjs', '/srv/a.mjs'],
    ['./a.js', 'a.js'],
    ['../../a.js', 'a.js'],
    ['a/../b.js', 'a/../b.js'],
    ['./', './'],
    ['/srv/a.py?x', '/srv/a.py?x'],
    ['app:///main.js', 'app:///main.js'],
  ])('%s groups as %s', (written, file) => {
    expect(normalizeFile(written)).toBe(file);
  });

  test.each([
    ['/assets/app-0f3a9c21.js', '/assets/app-*.js'],
    ['/assets/app.0F3A9C21d4.min.js', '/assets/app.*.min.js'],
    ['/assets/app-0f3a9c2.js', '/assets/app-0f3a9c2.js'],
    ['/assets/app-component.js', '/assets/app-component.js'],
    ['/0f3a9c21/a-0f3a9c21/app.js', '/0f3a9c21/a-0f3a9c21/app.js'],
  ])('of a bundle, %s, groups as %s', (file, hidden) => {
    expect(hideBuildHash(file)).toBe(hidden);
  });
});

describe('a message', () => {
  test.each([
    ['order 12 of 3.5 failed', 'order * of * failed'],
    ['user 1f0e2d3c-4b5a-6978-8a9b-0c1d2e3f4a5b left', 'user * left'],
    ['commit deadbeef01 and 0xdeadbeef', 'commit * and *'],
    ['key \'a b\' and "c" and `d`', 'key * and * and *'],
    ["don't stop, can't go", "don't stop, can't go"],
    ['1,234.5 items', '* items'],
    ['user42', 'user*'],
    ['', ''],
    ['x'.repeat(300), 'x'.repeat(200)],
  ])('%j is one of %j', (message, template) => {
    expect(toTemplate(message)).toBe(template);
  });
});

describe('a fingerprint', () => {
  const place = { project: 'shop', exceptionType: 'KeyError', file: 'a.py', line: '3' };

  test('is a hash of what it names', () => {
    expect(fingerprintByPlace(place)).toBe(md5('shop:KeyError:a.py:3'));
    expect(
      fingerprintByMessage({ project: 'shop', exceptionType: 'Message', logger: 'pay', template: 'paid %s' }),
    ).toBe(md5('shop:Message:message:pay:paid %s'));
  });

  test.each([
    [['{{ default }}'], 'D'],
    [['{{default}}'], 'D'],
    [['{{   default }}', 'eu'], md5('shop:custom:D\x1feu')],
    [['a', '{{ default }}'], md5('shop:custom:a\x1fD')],
    [['a', 'b'], md5('shop:custom:a\x1fb')],
    [['a:b'], md5('shop:custom:a:b')],
    [['{{ type }}', 'x {{ default }}'], md5('shop:custom:{{ type }}\x1fx {{ default }}')],
  ])('of the parts %j is %s', (parts, expected) => {
    expect(fingerprintByParts('shop', parts, 'D')).toBe(expected);
  });

  const frame = { filename: 'a.py', lineno: 3, in_app: true };

  test.each<[string, unknown, string]>([
    ['none', undefined, 'shop:ValueError:a.py:3'],
    ['an empty list', [], 'shop:ValueError:a.py:3'],
    ['what is none', { a: 1 }, 'shop:ValueError:a.py:3'],
    ['empty texts', ['', null, {}], 'shop:ValueError:a.py:3'],
    ['the default', ['{{ default }}'], 'shop:ValueError:a.py:3'],
    ['parts', ['pay', 7, true], 'shop:custom:pay\x1f7\x1ftrue'],
    ['a text', 'pay', 'shop:custom:pay'],
    [
      'parts around the default',
      ['{{ default }}', 'eu'],
      `shop:custom:${md5('shop:ValueError:a.py:3')}\x1feu`,
    ],
  ])('of an event with %s', (_what, fingerprint, text) => {
    expect(readParts({ ...thrownIn('python', [frame]), fingerprint }).report.fingerprint).toBe(md5(text));
  });

  test('may be a checksum, as the oldest SDKs call it', () => {
    expect(readParts({ message: 'a', checksum: 'abc' }).report.fingerprint).toBe(md5('shop:custom:abc'));
    expect(readParts({ message: 'a', checksum: 'abc', fingerprint: ['b'] }).report.fingerprint).toBe(
      md5('shop:custom:b'),
    );
  });

  test.each<[string, Sent, string]>([
    ['a message', { message: 'order 7 failed', logger: 'pay' }, 'shop:Message:message:pay:order * failed'],
    [
      'a template',
      { logentry: { message: 'order %s of 5', params: [7] } },
      'shop:Message:message::order %s of 5',
    ],
    [
      'a message without parameters',
      { logentry: { message: 'order 7', params: [] } },
      'shop:Message:message::order *',
    ],
    [
      'an exception without frames',
      { exception: [{ type: 'E', value: 'at 0x12345678' }] },
      'shop:E:message::at *',
    ],
    [
      'an exception without a usable frame',
      thrownIn('javascript', [{ filename: '<anonymous>', lineno: 1 }]),
      'shop:ValueError:message::no',
    ],
  ])('of %s goes by its text', (_what, event, text) => {
    const { report } = readParts(event);
    expect(report.fingerprint).toBe(md5(text));
    expect([report.file, report.line]).toEqual([null, null]);
  });

  const url = 'https://shop.example/assets/app-0f3a9c21.js';
  const image = { type: 'sourcemap', code_file: url, debug_id: 'x' };

  test.each<[string, string, Sent, unknown[], string]>([
    [
      'a written script',
      'node',
      { filename: '/a.js', lineno: 3, colno: 5, context_line: 'f()' },
      [],
      '/a.js:3',
    ],
    ['a script without its lines', 'node', { filename: '/a.js', lineno: 3, colno: 200 }, [], '/a.js:3'],
    ['a bundle without its lines', 'node', { filename: '/a.js', lineno: 3, colno: 201 }, [], '/a.js:3:201'],
    [
      'a bundle of long lines',
      'node',
      { filename: '/a.js', lineno: 3, colno: 201, context_line: 'x'.repeat(301) },
      [],
      '/a.js:3:201',
    ],
    [
      'a bundle whose line the SDK cut',
      'node',
      { filename: '/a.js', lineno: 3, colno: 201, context_line: '{snip} f() {snip}' },
      [],
      '/a.js:3:201',
    ],
    [
      'a written line that is long',
      'node',
      { filename: '/a.js', lineno: 3, colno: 201, context_line: 'x'.repeat(300) },
      [],
      '/a.js:3',
    ],
    ['an asset', 'javascript', { filename: url, lineno: 3, colno: 5 }, [], '/assets/app-*.js:3'],
    [
      'an asset with a source map',
      'javascript',
      { filename: url, lineno: 3, colno: 5 },
      [{ type: 'other', code_file: url }, null, image],
      '/assets/app-*.js:3:5',
    ],
    [
      'an asset with a map but no column',
      'javascript',
      { filename: url, lineno: 3 },
      [image],
      '/assets/app-*.js:3',
    ],
    [
      'a script with a source map',
      'node',
      { abs_path: 'file:///a.cjs', filename: 'a.cjs', lineno: 3, colno: 5 },
      [{ ...image, code_file: '/a.cjs' }],
      'a.cjs:3:5',
    ],
    [
      'another language',
      'python',
      { filename: '/a-0f3a9c21.py', lineno: 3, colno: 500 },
      [],
      '/a-0f3a9c21.py:3',
    ],
  ])('of %s is that of its place', (_what, platform, sent, images, place) => {
    const { report } = readParts({ ...thrownIn(platform, [sent]), debug_meta: { images } });
    expect(report.fingerprint).toBe(md5(`shop:ValueError:${place}`));
    expect(report.line).toBe(3);
    expect(report.file).not.toContain('*');
  });
});
