import { parseEventId } from '../../src/ingest/sentry/parse-event-id';
import { parseEventTime } from '../../src/ingest/sentry/event/read-time';
import { fillTemplate } from '../../src/ingest/sentry/event/fill-template';
import { readParts, thrownIn } from '../support/sentry-events';

type Sent = Record<string, unknown>;

const thrown = { type: 'KeyError', value: 'no' };

describe('the id of an event', () => {
  const id = 'ad8e5a02aa404749a8d849e22d011512';

  test.each([
    [id, id],
    ['AD8E5A02-AA40-4749-a8d8-49e22d011512', id],
    [id.slice(1), null],
    [`${id}0`, null],
    ['g'.repeat(32), null],
    ['0'.repeat(32), null],
    ['', null],
    [7, null],
    [null, null],
  ])('%j is %j', (sent, read) => {
    expect(parseEventId(sent)).toBe(read);
  });

  test('is that of the envelope, else its own, else a new one', () => {
    const own = 'b'.repeat(32);
    expect(readParts({ event_id: own }, { eventId: id }).details.eventId).toBe(id);
    expect(readParts({ event_id: own }).details.eventId).toBe(own);
    const made = [readParts({ event_id: 'none' }), readParts({})].map(({ details }) => details.eventId);
    expect(made).toEqual([expect.stringMatching(/^[0-9a-f]{32}$/), expect.stringMatching(/^[0-9a-f]{32}$/)]);
    expect(made[0]).not.toBe(made[1]);
  });
});

describe('the time of an event', () => {
  test.each<[unknown, string | null]>([
    [1795394678.721, '2026-11-23T00:44:38.721Z'],
    [1795394678, '2026-11-23T00:44:38.000Z'],
    ['1795394678.721', '2026-11-23T00:44:38.721Z'],
    ['2026-11-23T00:46:38.543206764Z', '2026-11-23T00:46:38.543Z'],
    ['2026-11-23T00:46:32', '2026-11-23T00:46:32.000Z'],
    ['2026-11-23 00:46:32', '2026-11-23T00:46:32.000Z'],
    ['2026-11-23T00:46', '2026-11-23T00:46:00.000Z'],
    ['2026-11-23T01:46:32.5+01:00', '2026-11-23T00:46:32.500Z'],
    ['2026-11-22T19:46:32-0500', '2026-11-23T00:46:32.000Z'],
    ['2026-11-23T00:46:32 UTC', '2026-11-23T00:46:32.000Z'],
    ['2026-13-23T00:46:32Z', null],
    ['yesterday', null],
    ['', null],
    [1e300, null],
    [true, null],
    [null, null],
    [{}, null],
  ])('%j is %j', (sent, read) => {
    const ms = parseEventTime(sent);
    expect(ms === null ? null : new Date(Math.round(ms)).toISOString()).toBe(read);
  });

  const receivedAt = new Date('2026-11-23T12:00:00Z');

  test.each([
    ['is as it was sent', '2026-11-23T11:59:00Z', null, '2026-11-23T11:59:00.000Z'],
    [
      'is kept when the event came late',
      '2026-11-23T11:00:00Z',
      '2026-11-23T11:10:00Z',
      '2026-11-23T11:00:00.000Z',
    ],
    [
      'is put right when the clock is slow',
      '2026-11-23T09:59:50Z',
      '2026-11-23T10:00:00Z',
      '2026-11-23T11:59:50.000Z',
    ],
    [
      'is put right when the clock is fast',
      '2026-11-23T14:59:50Z',
      '2026-11-23T15:00:00Z',
      '2026-11-23T11:59:50.000Z',
    ],
    ['is at most a minute ahead', '2026-11-23T12:30:00Z', null, '2026-11-23T12:01:00.000Z'],
    ['is at most thirty days ago', '2001-01-01T00:00:00Z', null, '2026-10-24T12:00:00.000Z'],
    ['is when it arrived when it is unknown', 'now', null, '2026-11-23T12:00:00.000Z'],
  ])('%s', (_what, timestamp, sentAt, occurredAt) => {
    const arrival = { receivedAt, sentAt: sentAt === null ? null : new Date(sentAt) };
    const { context, report } = readParts({ timestamp }, arrival);

    expect(context.occurred_at).toBe(occurredAt);
    expect(report.receivedAt).toEqual(receivedAt);
  });

  test('moves what happened before along', () => {
    const { context } = readParts(
      { timestamp: '2026-11-23T10:00:00Z', breadcrumbs: [{ timestamp: '2026-11-23T09:59:58Z' }] },
      { receivedAt, sentAt: new Date('2026-11-23T10:00:00Z') },
    );
    expect(context.breadcrumbs?.[0]?.timestamp).toBe('2026-11-23T11:59:58.000Z');
  });
});

describe('the level', () => {
  test.each<[unknown, string]>([
    ['debug', 'debug'],
    ['info', 'info'],
    ['log', 'info'],
    ['warn', 'warning'],
    [' WARNING ', 'warning'],
    ['error', 'error'],
    ['critical', 'fatal'],
    ['fatal', 'fatal'],
    [30, 'warning'],
    ['50', 'fatal'],
    ['loud', 'error'],
    [35, 'error'],
    [null, 'error'],
    [['info'], 'error'],
  ])('%j of an exception is %s', (level, read) => {
    expect(readParts({ level, exception: [thrown] }).details.level).toBe(read);
  });

  test('of a message that says none is info', () => {
    expect(readParts({ message: 'hi' }).details.level).toBe('info');
  });
});

describe('exceptions', () => {
  test.each<[string, unknown]>([
    ['a list', [thrown]],
    ['values', { values: [thrown] }],
    ['values that are one', { values: thrown }],
    ['one alone', thrown],
    ['a list with nulls', [null, thrown, null]],
    ['a list with what is none', [7, 'x', [], { module: 'a' }, thrown, { type: null, value: '' }]],
  ])('may come as %s', (_form, exception) => {
    for (const name of ['exception', 'sentry.interfaces.Exception']) {
      const { report, context } = readParts({ [name]: exception });
      expect([report.exceptionType, report.message]).toEqual(['KeyError', 'no']);
      expect(context.exceptions).toHaveLength(1);
    }
  });

  test.each<[Sent, string, string]>([
    [{ type: 'E', value: 'text' }, 'E', 'text'],
    [{ type: 'E' }, 'E', ''],
    [{ type: 7, value: 7.5 }, '7', '7.5'],
    [{ type: 'E', value: { code: 3, password: 'x' } }, 'E', '{"code":3,"password":"[removed]"}'],
    [{ type: 'E', value: ['a'] }, 'E', '["a"]'],
    [{ value: 'no type' }, 'Error', 'no type'],
    [{ type: ' ', value: 'blank' }, 'Error', 'blank'],
    [{ type: 'E', value: 'a\0b\ud800' }, 'E', 'a\ufffdb\ufffd'],
    [{ type: 'E'.repeat(300), value: 'x' }, `${'E'.repeat(199)}…`, 'x'],
    [{ type: 'E', value: 'x'.repeat(9_000) }, 'E', `${'x'.repeat(8_191)}…`],
    [{ type: 'E', value: `${'x'.repeat(8_190)}😀😀` }, 'E', `${'x'.repeat(8_190)}…`],
  ])('%j are named and described', (exception, type, message) => {
    const { report } = readParts({ exception: [exception], message: '' });
    expect([report.exceptionType, report.message]).toEqual([type, message]);
  });

  test.each([
    ['java', 'com.shop', 'PayError', 'com.shop.PayError'],
    ['java', null, 'PayError', 'PayError'],
    ['java', 'com.shop', 'com.shop.PayError', 'com.shop.PayError'],
    ['python', 'shop', 'PayError', 'PayError'],
  ])('of %s in %j are called %s: %s', (platform, module, type, expected) => {
    expect(readParts({ platform, exception: [{ type, module, value: 'x' }] }).report.exceptionType).toBe(
      expected,
    );
  });

  test('that are signals tell the function they came in', () => {
    const signal = {
      type: 'SIGSEGV',
      value: 'Segfault',
      mechanism: { type: 'signalhandler', synthetic: true, handled: false },
    };
    const frames = [
      { function: 'charge', package: '/srv/shop', in_app: true },
      { function: 'abort', package: '/lib/libc.so', in_app: false },
    ];
    expect(readParts(thrownIn('native', frames, signal)).report).toMatchObject({
      exceptionType: 'SIGSEGV',
      message: 'Segfault (in charge)',
      details: { handled: false },
    });
    expect(readParts(thrownIn('javascript', frames, signal)).report.message).toBe('Segfault');
  });

  test.each<[unknown, boolean | null]>([
    [{ handled: true }, true],
    [{ handled: false }, false],
    [{ handled: 'no' }, null],
    [{}, null],
    [null, null],
    ['generic', null],
  ])('with the mechanism %j are handled: %j', (mechanism, handled) => {
    expect(readParts({ exception: [{ ...thrown, mechanism }] }).details.handled).toBe(handled);
  });

  test('keep what was logged with them', () => {
    const { report, extra } = readParts({
      exception: [thrown],
      logentry: { message: 'could not pay %s', params: [7] },
    });
    expect(report.message).toBe('no');
    expect(extra).toEqual({ log_message: 'could not pay 7' });
  });
});

describe('messages', () => {
  test.each<[string, Sent, string]>([
    ['a text', { message: 'hi' }, 'hi'],
    ['an object', { message: { message: 'hi %s', params: ['you'], formatted: 'hi you!' } }, 'hi you!'],
    ['logentry.formatted', { logentry: { message: 'a %s', formatted: 'a b' }, message: 'other' }, 'a b'],
    ['logentry with parameters', { logentry: { message: 'a %s', params: ['b'] } }, 'a b'],
    ['logentry alone', { logentry: { message: 'a %s' } }, 'a %s'],
    ['a logentry that is a text', { logentry: 'a' }, 'a'],
    ['an empty logentry', { logentry: { formatted: '' }, message: 'fallback' }, 'fallback'],
    ['the oldest form', { 'sentry.interfaces.Message': { message: '%d', params: [3] } }, '3'],
    ['nothing', {}, ''],
    ['a number', { message: 42 }, '42'],
    ['what is none', { message: ['a'] }, ''],
    ['an exception without a type', { exception: [{ value: 'js', mechanism: { synthetic: true } }] }, 'js'],
  ])('may come as %s', (_form, event, message) => {
    const { report, details } = readParts(event);
    expect(report).toMatchObject({ exceptionType: 'Message', message, file: null, line: null });
    expect(report.traceback).toBe(message === '' ? 'Message' : `Message: ${message}`);
    expect(details.handled).toBeNull();
  });

  test.each<[string, unknown, string]>([
    ['invoice %s failed for %s', [12, 'acme'], 'invoice 12 failed for acme'],
    ['%r and %r', ['a', 1], "'a' and 1"],
    ['%d of %5.2f%%', [1, 2.5], '1 of 2.5%'],
    ['%(name)s is %(age)d', { name: 'Ada', age: 36 }, 'Ada is 36'],
    ['%(name)s', [{ name: 'Ada' }], 'Ada'],
    ['{name} and {}', ['a', 'b'], 'a and b'],
    ['{1} before {0}', ['a', 'b'], 'b before a'],
    ['{name}', { name: ['a'] }, '["a"]'],
    ['too few %s %s', ['a'], 'too few a %s'],
    ['unknown {other}', { name: 'a' }, 'unknown {other}'],
    ['%s', [null], 'null'],
    ['100%', [], '100%'],
    ['100%', null, '100%'],
    ['{__proto__} %(constructor)s', { a: 1 }, '{__proto__} %(constructor)s'],
  ])('%j with %j say %j', (template, params, text) => {
    expect(fillTemplate(template, params)).toBe(text);
  });

  const frame = { filename: 'a.py', function: 'f', lineno: 3, in_app: true };
  const stack = { frames: [frame] };
  const other = { frames: [{ ...frame, lineno: 9 }] };

  test.each<[string, Sent]>([
    [
      'an exception without a type',
      { exception: { values: [{ value: 'hi', stacktrace: stack, mechanism: { synthetic: true } }] } },
    ],
    ['the only thread', { threads: [{ stacktrace: stack }] }],
    [
      'the thread that crashed',
      {
        threads: {
          values: [
            { current: true, stacktrace: other },
            { crashed: true, stacktrace: stack },
          ],
        },
      },
    ],
    [
      'the current thread',
      {
        threads: [
          { id: 1, stacktrace: other },
          { id: 2, current: true, stacktrace: stack },
          { id: 3, crashed: true, stacktrace: null },
        ],
      },
    ],
    ['the top', { stacktrace: stack, threads: [{ stacktrace: null }] }],
    ['the top, in the oldest form', { 'sentry.interfaces.Stacktrace': stack }],
  ])('have the stack of %s, and group by their text all the same', (_form, event) => {
    const { report, context } = readParts({ ...event, message: 'hi', platform: 'python' });

    expect(report).toMatchObject({ exceptionType: 'Message', message: 'hi', file: null, line: null });
    expect(context.exceptions).toEqual([
      {
        type: null,
        value: null,
        module: null,
        mechanism: null,
        handled: null,
        parent: null,
        frames: [{ function: 'f', file: 'a.py', line: 3, column: null, library: false, thrown: true }],
      },
    ]);
    expect(report.traceback).toBe(
      'Traceback (most recent call last):\n  File "a.py", line 3, in f\nMessage: hi',
    );
    expect(report.fingerprint).toBe(readParts({ message: 'hi' }).report.fingerprint);
  });

  test('the stack of a thread is that of an exception without one', () => {
    const { report, context } = readParts({
      exception: [thrown],
      threads: [{ crashed: true, stacktrace: stack }],
    });
    expect([report.file, report.line]).toEqual(['a.py', 3]);
    expect(context.exceptions?.[0]).toMatchObject({ type: 'KeyError', frames: [{ line: 3, thrown: true }] });
  });
});

describe('a frame', () => {
  const read = (frame: Sent) => readParts(thrownIn('other', [frame])).context.exceptions?.[0]?.frames[0];
  const bare = { function: null, file: null, line: null, column: null, library: false, thrown: false };

  test.each<[string, Sent, Sent]>([
    ['nothing', {}, bare],
    [
      'wrong types',
      { filename: {}, lineno: 'x', colno: -1, function: [], in_app: 'yes', vars: [1], context_line: 7 },
      bare,
    ],
    [
      'numbers as texts',
      { filename: 'a', lineno: '12', colno: '3' },
      { ...bare, file: 'a', line: 12, column: 3, thrown: true },
    ],
    ['line 0', { filename: 'a', lineno: 0 }, { ...bare, file: 'a' }],
    ['a huge line', { filename: 'a', lineno: 1e15 }, { ...bare, file: 'a' }],
    ['only a path', { abs_path: '/a.go', lineno: 1 }, { ...bare, file: '/a.go', line: 1, thrown: true }],
    ['path and file', { abs_path: '/s/a.py', filename: 'a.py' }, { ...bare, file: 'a.py', path: '/s/a.py' }],
    ['only a module', { module: 'a.B', lineno: 2 }, { ...bare, module: 'a.B', line: 2, thrown: true }],
    ['an unknown function', { function: '?' }, bare],
    ['a raw function', { raw_function: '_ZN4f' }, { ...bare, function: '_ZN4f' }],
    ['a library', { filename: 'a.py', in_app: false }, { ...bare, file: 'a.py', library: true }],
    [
      'a library by its path',
      { filename: '/v/site-packages/a.py' },
      { ...bare, file: '/v/site-packages/a.py', library: true },
    ],
    [
      'one of the application in such a path',
      { filename: '/v/site-packages/a.py', in_app: true },
      { ...bare, file: '/v/site-packages/a.py' },
    ],
    [
      'lines as Ruby sends them',
      { context_line: 'c\n', pre_context: [null, 'a\n', 'b\n'], post_context: ['d\n', null, null] },
      { ...bare, before: ['a', 'b'], source: 'c', after: ['d'] },
    ],
    [
      'more lines than are shown',
      { context_line: 'x'.repeat(600), pre_context: [...'1234567'], post_context: [...'1234567'] },
      { ...bare, before: [...'34567'], source: `${'x'.repeat(499)}…`, after: [...'12345'] },
    ],
    ['lines around none', { pre_context: ['a'], post_context: ['b'] }, bare],
    ['variables', { vars: { a: 1, b: null } }, { ...bare, variables: { a: 1, b: null } }],
    ['no variables', { vars: {} }, bare],
  ])('with %s', (_what, sent, shown) => {
    expect(read(sent)).toEqual(shown);
  });

  test('is dropped when it is none, and frames may come as a list alone', () => {
    const frames = [null, 7, 'x', { filename: 'a', lineno: 1 }];
    expect(readParts({ exception: [{ ...thrown, stacktrace: { frames } }] }).report.line).toBe(1);
    expect(readParts({ exception: [{ ...thrown, stacktrace: frames }] }).report.line).toBe(1);
    expect(
      readParts({ exception: [{ ...thrown, stacktrace: null, raw_stacktrace: { frames } }] }).report.line,
    ).toBe(1);
    expect(readParts({ exception: [{ ...thrown, stacktrace: 'a:1' }] }).report.line).toBeNull();
  });
});

describe('breadcrumbs', () => {
  const bare = { timestamp: null, type: null, category: null, level: null, message: null };

  test.each<[string, unknown]>([
    ['a list', [{ message: 'a' }, null, 7]],
    ['values', { values: [{ message: 'a' }] }],
    ['one alone', { message: 'a' }],
  ])('may come as %s', (_form, breadcrumbs) => {
    expect(readParts({ breadcrumbs }).context.breadcrumbs).toEqual([{ ...bare, message: 'a' }]);
  });

  test('are the last hundred, with data that may be anything', () => {
    const { context, cut } = readParts({
      breadcrumbs: Array.from({ length: 150 }, (_, index) => ({
        message: index,
        level: 'log',
        data: index === 149 ? {} : 'x',
      })),
    });
    expect(context.breadcrumbs).toHaveLength(100);
    expect(context.breadcrumbs?.at(0)).toEqual({ ...bare, level: 'info', message: '50', data: 'x' });
    expect(context.breadcrumbs?.at(-1)).toEqual({ ...bare, level: 'info', message: '149' });
    expect(cut).toEqual(['breadcrumbs']);
  });

  test('that are none are missing', () => {
    for (const breadcrumbs of [undefined, null, [], {}, 'x', { values: null }]) {
      const { context } = readParts({ breadcrumbs });
      expect(context.breadcrumbs ?? [bare]).toEqual([bare]);
    }
  });
});

describe('tags', () => {
  test.each<[string, unknown]>([
    ['an object', { a: 'x', b: 7, c: true, ' d ': ' y\r\nz ', e: null, f: '', g: {} }],
    [
      'pairs',
      [
        ['a', 'x'],
        ['b', 7],
        ['c', true],
        [' d ', ' y\r\nz '],
        ['e', null],
        ['f', ''],
        ['g', {}],
        null,
        'h',
        ['i'],
        [{}, 'j'],
      ],
    ],
  ])('may come as %s', (_form, tags) => {
    const { context, tags: foundBy } = readParts({ tags });
    expect(context.tags).toEqual({ a: 'x', b: '7', c: 'true', d: 'y z' });
    expect(foundBy).toEqual([
      ['level', 'info'],
      ['a', 'x'],
      ['b', '7'],
      ['c', 'true'],
      ['d', 'y z'],
    ]);
  });

  test('that are called like our own are shown, but not found by', () => {
    const tags = { environment: 'other', release: 'other', level: 'other', user: 'other', mine: 'yes' };
    const parts = readParts({ tags, environment: 'production', release: 'a@1', user: { id: 7 } });
    expect(parts.context.tags).toEqual(tags);
    expect(parts.tags).toEqual([
      ['environment', 'production'],
      ['release', 'a@1'],
      ['level', 'info'],
      ['user', '7'],
      ['mine', 'yes'],
    ]);
  });

  test('are cut, and so are too many', () => {
    const tags = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`t${index}`, 'x'.repeat(300)]));
    const parts = readParts({ tags, release: 'r'.repeat(300) });
    expect(parts.tags).toHaveLength(52);
    expect(parts.tags.find(([name]) => name === 't0')?.[1]).toBe(`${'x'.repeat(199)}…`);
    expect(parts.tags[0]).toEqual(['release', `${'r'.repeat(249)}…`]);
    expect(parts.details.release).toBe(`${'r'.repeat(249)}…`);
    expect(parts.cut).toEqual(['release', 'tags']);
  });
});

describe('the user', () => {
  test.each<[unknown, string | null, Sent | undefined]>([
    [{ id: 42, email: 'a@b' }, '42', { id: 42, email: 'a@b' }],
    [{ id: null, username: 'ada', email: 'a@b', segment: null }, 'ada', { username: 'ada', email: 'a@b' }],
    [{ id: '', email: 'a@b' }, 'a@b', { email: 'a@b' }],
    [
      { name: 'Ada', geo: { city: 'X' }, data: { plan: 'pro', token: 't' } },
      null,
      { name: 'Ada', geo: { city: 'X' }, data: { plan: 'pro', token: '[removed]' } },
    ],
    [{ id: 'x'.repeat(300) }, `${'x'.repeat(199)}…`, { id: 'x'.repeat(300) }],
    [{}, null, undefined],
    [[], null, undefined],
    ['ada', null, undefined],
    [null, null, undefined],
  ])('%j has the id %j', (user, id, shown) => {
    const { report, context } = readParts({ user });
    expect(report.userId).toBe(id);
    expect(context.user).toEqual(shown);
  });

  test.each<[string, Sent, string | null, unknown]>([
    ['{{auto}} is the address it came from', { user: { ip_address: '{{auto}}' } }, '192.0.2.1', '192.0.2.1'],
    [
      '{{auto}} is nothing when addresses are not stored',
      { user: { ip_address: '{{auto}}' } },
      null,
      undefined,
    ],
    [
      'none is the address when the SDK asks for it',
      { sdk: { settings: { infer_ip: 'auto' } } },
      '192.0.2.1',
      '192.0.2.1',
    ],
    ['none is none when it does not', { sdk: { settings: { infer_ip: 'never' } } }, '192.0.2.1', undefined],
    ['one of its own stays', { user: { ip_address: '198.51.100.7' } }, '192.0.2.1', '198.51.100.7'],
  ])('address: %s', (_what, event, peerAddress, address) => {
    expect(readParts(event, { peerAddress }).context.user?.ip_address).toBe(address);
  });
});

describe('the request', () => {
  test.each<[Sent, string | null]>([
    [{ url: 'http://a/b', query_string: 'x=1' }, 'http://a/b?x=1'],
    [{ url: 'http://a/b', query_string: '?x=1' }, 'http://a/b?x=1'],
    [{ url: 'http://a/b', query_string: { x: 1, y: 'a b' } }, 'http://a/b?x=1&y=a%20b'],
    [
      {
        url: 'http://a/b',
        query_string: [
          ['x', '1'],
          ['x', '2'],
        ],
      },
      'http://a/b?x=1&x=2',
    ],
    [{ url: 'http://a/b?z=0', query_string: 'x=1' }, 'http://a/b?z=0'],
    [{ url: 'http://a/b', query_string: '' }, 'http://a/b'],
    [{ query_string: 'x=1' }, null],
    [{ url: ['http://a'] }, null],
  ])('%j was to %j', (request, url) => {
    expect(readParts({ request }).report.requestUrl).toBe(url);
    expect(readParts({ 'sentry.interfaces.Http': request }).report.requestUrl).toBe(url);
  });

  test.each<[unknown, Sent | null]>([
    [
      { Accept: '*/*', 'X-N': 7 },
      { Accept: '*/*', 'X-N': '7' },
    ],
    [
      [
        ['Accept', 'a'],
        ['Accept', 'b'],
      ],
      { Accept: 'a, b' },
    ],
    [{ Accept: ['a', null, 'b'] }, { Accept: 'a, b' }],
    [{ Accept: null, Other: {} }, null],
    ['Accept: a', null],
  ])('has the headers %j', (headers, read) => {
    expect(readParts({ request: { headers } }).headers).toEqual(read);
  });

  test('has its method in capitals', () => {
    expect(readParts({ request: { method: 'post' } }).report.requestMethod).toBe('POST');
    expect(readParts({ request: { method: {} } }).report.requestMethod).toBeNull();
    expect(readParts({ request: 'GET /' }).report.requestMethod).toBeNull();
  });

  test.each<[unknown, unknown]>([
    ['{"qty":2}', { qty: 2 }],
    ['[1]', [1]],
    ['qty=2', 'qty=2'],
    ['plain text', 'plain text'],
    [{ qty: 2 }, { qty: 2 }],
    [7, 7],
    ['', undefined],
    [{}, undefined],
  ])('has the body %j as %j', (data, read) => {
    expect(readParts({ request: { data } }).extra?.request_data).toEqual(read);
  });
});

describe('what else there is', () => {
  test('is kept: as extra, contexts, SDK, environment, release, handling', () => {
    const parts = readParts({
      platform: 'Python',
      environment: ' production ',
      release: 'shop@1\n',
      dist: 7,
      server_name: 'web-1',
      transaction: 'GET /',
      culprit: 'old',
      logger: 'shop',
      modules: { flask: '3.0', '': '', empty: null },
      extra: { a: [1, { b: null }], logger: 'of the client' },
      contexts: {
        os: { name: 'Linux', build: null },
        empty: {},
        bad: 'x',
        session: { os: 'x', session: 'y' },
      },
      sdk: { name: 'sentry.python', version: '2.0', integrations: [] },
      _meta: { a: 1 },
      spans: [],
    });
    expect(parts.details).toMatchObject({ environment: 'production', release: 'shop@1', platform: 'python' });
    expect(parts.extra).toEqual({
      a: [1, { b: null }],
      logger: 'of the client',
      transaction: 'GET /',
      server_name: 'web-1',
      dist: '7',
      modules: { flask: '3.0' },
    });
    expect(parts.context.contexts).toEqual({
      os: { name: 'Linux' },
      session: { os: 'x', session: '[removed]' },
    });
    expect(parts.context.sdk).toEqual({ name: 'sentry.python', version: '2.0' });
  });

  test('is nothing when the event is empty', () => {
    const { report, context, cut } = readParts({});
    expect(report).toMatchObject({
      project: 'shop',
      exceptionType: 'Message',
      message: '',
      traceback: 'Message',
      requestUrl: null,
      requestMethod: null,
      requestHeaders: null,
      userId: null,
      extra: null,
      details: {
        environment: null,
        release: null,
        level: 'info',
        platform: 'other',
        tags: '[["level","info"]]',
      },
    });
    expect(context).toEqual({ occurred_at: '2026-11-23T12:00:00.000Z' });
    expect(cut).toEqual([]);
  });

  test.each<[string, Sent, boolean, string]>([
    ['a page sent it', { platform: 'python' }, true, 'browser'],
    ['JavaScript', { platform: 'javascript' }, false, 'browser'],
    [
      'a page through a tunnel',
      { platform: 'javascript', sdk: { name: 'sentry.javascript.browser' } },
      false,
      'browser',
    ],
    ['Node', { platform: 'node' }, false, 'server'],
    ['JavaScript on a named server', { platform: 'javascript', server_name: 'web-1' }, false, 'server'],
    [
      'JavaScript in Deno',
      { platform: 'javascript', contexts: { runtime: { name: 'Deno' } } },
      false,
      'server',
    ],
    [
      'JavaScript of an SDK for servers',
      { platform: 'javascript', sdk: { name: 'sentry.javascript.bun' } },
      false,
      'server',
    ],
    ['anything else', {}, false, 'server'],
  ])('%s: %j, in a browser: %j, is from a %s', (_what, event, isBrowser, source) => {
    expect(readParts(event, { isBrowser }).report.source).toBe(source);
  });
});
