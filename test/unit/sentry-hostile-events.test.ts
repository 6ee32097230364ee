import fc from 'fast-check';
import { readCspReport } from '../../src/ingest/sentry/event/read-csp-report';
import { readParts, thrownIn } from '../support/sentry-events';
import { cpuMsOf } from '../support/cpu-time';

type Sent = Record<string, unknown>;

const CONTEXT_BYTES = 256 * 1024;
const EXTRA_BYTES = 64 * 1024;

/** What databases do not take, and what would change objects. */
function expectStorable({ report }: ReturnType<typeof readParts>): void {
  const texts = [
    report.message,
    report.traceback,
    report.exceptionType,
    report.file,
    report.requestUrl,
    report.userId,
  ];
  for (const text of [
    ...texts,
    report.extra,
    report.requestHeaders,
    report.details!.context,
    report.details!.tags,
  ]) {
    expect(text ?? '').not.toMatch(/\0|\\u0000|\\ud[89a-f]/i);
    expect((text ?? '').isWellFormed()).toBe(true);
    expect(text ?? '').not.toMatch(/"(?:__proto__|constructor|prototype)":/);
  }
  expect(report.fingerprint).toMatch(/^[0-9a-f]{32}$/);
  expect(report.details!.eventId).toMatch(/^[0-9a-f]{32}$/);
  expect(report.exceptionType.length).toBeGreaterThan(0);
  expect(report.exceptionType.length).toBeLessThanOrEqual(200);
  expect(report.message.length).toBeLessThanOrEqual(8_192);
  expect((report.userId ?? '').length).toBeLessThanOrEqual(200);
  expect((report.requestMethod ?? '').length).toBeLessThanOrEqual(10);
  expect(Buffer.byteLength(report.details!.context)).toBeLessThanOrEqual(CONTEXT_BYTES);
  expect(Buffer.byteLength(report.extra ?? '')).toBeLessThanOrEqual(EXTRA_BYTES);
}

describe('any event', () => {
  const name = fc.constantFrom(
    'event_id',
    'timestamp',
    'level',
    'platform',
    'exception',
    'values',
    'type',
    'value',
    'module',
    'mechanism',
    'handled',
    'synthetic',
    'exception_id',
    'parent_id',
    'is_exception_group',
    'stacktrace',
    'frames',
    'filename',
    'abs_path',
    'lineno',
    'colno',
    'function',
    'context_line',
    'pre_context',
    'post_context',
    'vars',
    'in_app',
    'message',
    'logentry',
    'params',
    'formatted',
    'threads',
    'crashed',
    'current',
    'breadcrumbs',
    'data',
    'category',
    'tags',
    'user',
    'id',
    'ip_address',
    'request',
    'url',
    'query_string',
    'headers',
    'cookies',
    'env',
    'contexts',
    'extra',
    'modules',
    'release',
    'fingerprint',
    'sdk',
    'name',
    'version',
    'debug_meta',
    'images',
    'code_file',
    'password',
    '__proto__',
    'constructor',
    '\0',
    '\ud800',
    '',
  );
  const leaf = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.double(),
    fc.integer(),
    fc.boolean(),
    fc.constantFrom<unknown>(
      null,
      '',
      'python',
      'javascript',
      'php',
      'ruby',
      'java',
      'go',
      'native',
      'a.py',
      '%s {a} %(b)s',
      '{{ default }}',
      '{"password":"x"',
      '?token=a&b',
      '://a:b@',
      '2026-11-23T00:00:00Z',
      1e308,
      -0,
      '\ud800',
      '\0',
    ),
  );
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small', maxDepth: 9 },
      leaf,
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(name, tie('value'), { maxKeys: 6 }),
      fc.tuple(name, tie('value')),
    ),
  }));

  test('is read without an error, into what can be stored', () => {
    fc.assert(
      fc.property(fc.dictionary(name, value, { maxKeys: 12 }), (event) => {
        expectStorable(readParts(event));
      }),
      { numRuns: 600 },
    );
  });

  test('about a policy, too', () => {
    const arrival = {
      project: 'a',
      receivedAt: new Date(),
      eventId: null,
      sentAt: null,
      isBrowser: true,
      peerAddress: null,
    };
    const member = fc.constantFrom(
      'blocked-uri',
      'blockedURL',
      'effective_directive',
      'violated-directive',
      'document-uri',
      'x',
    );
    const scrubber = { isSecret: () => false, isSecretNumber: () => false, findHint: () => null };
    fc.assert(
      fc.property(fc.dictionary(member, value), (report) => {
        for (const body of [{ 'csp-report': report }, [{ type: 'csp-violation', body: report }]]) {
          readCspReport(body, { environment: null, release: null }, arrival, scrubber);
        }
      }),
      { numRuns: 300 },
    );
  });
});

test('an event with NUL and lone surrogates in every name and value is read into what can be stored', () => {
  const bad = 'a\0b\ud800';
  const object = {
    [bad]: bad,
    list: [bad, { [bad]: bad }],
    __proto: bad,
    ['__proto__']: { x: 1 },
    constructor: bad,
  };
  const parts = readParts({
    event_id: bad,
    timestamp: bad,
    level: bad,
    platform: bad,
    logger: bad,
    transaction: bad,
    server_name: bad,
    dist: bad,
    release: bad,
    environment: bad,
    fingerprint: [bad],
    tags: { [bad]: bad, constructor: 'x' },
    extra: object,
    modules: object,
    contexts: { [bad]: object },
    user: { ...object, id: bad },
    sdk: { name: bad, version: bad },
    breadcrumbs: [{ timestamp: bad, type: bad, category: bad, level: bad, message: bad, data: object }],
    request: {
      url: bad,
      method: bad,
      query_string: object,
      headers: object,
      cookies: object,
      env: object,
      data: object,
    },
    logentry: { message: `${bad}%s`, params: [bad] },
    exception: [
      { type: bad, value: object },
      {
        type: bad,
        value: bad,
        module: bad,
        mechanism: { type: bad, source: bad },
        stacktrace: {
          frames: [
            {
              filename: bad,
              abs_path: `/${bad}`,
              module: bad,
              function: bad,
              package: bad,
              instruction_addr: bad,
              lineno: 1,
              platform: bad,
              context_line: bad,
              pre_context: [bad],
              post_context: [bad],
              vars: object,
            },
          ],
        },
      },
    ],
  });

  expectStorable(parts);
  const read = 'a\ufffdb\ufffd';
  expect(parts.report).toMatchObject({
    exceptionType: read,
    message: read,
    file: read,
    userId: read,
    requestUrl: expect.stringMatching(/^a\ufffdb\ufffd\?/),
  });
  expect(parts.context.tags).toEqual({ [read]: read });
  expect(parts.extra).toMatchObject({
    [read]: read,
    list: [read, { [read]: read }],
    log_message: `${read}${read}`,
  });
  expect(parts.context.contexts).toEqual({
    [read]: { [read]: read, list: [read, { [read]: read }], __proto: read },
  });
});

test('letters that are longer in the other case do not make a value too long', () => {
  const { report } = readParts({ platform: 'İ'.repeat(50), request: { method: `ßa${'😀'.repeat(4)}` } });
  expect(report.details!.platform!.length).toBeLessThanOrEqual(50);
  expect(report.requestMethod!.length).toBeLessThanOrEqual(10);
  expect(report.requestMethod!.isWellFormed()).toBe(true);
});

describe('an event of a megabyte', () => {
  const text = (size: number) => 'x'.repeat(size);
  const many = <T>(count: number, make: (index: number) => T) =>
    Array.from({ length: count }, (_, index) => make(index));
  const members = (count: number, member: (index: number) => unknown = () => 'x') =>
    Object.fromEntries(many(count, (index) => [`m${index}`, member(index)]));
  const nested = (depth: number): unknown => (depth === 0 ? 'x' : { a: nested(depth - 1), b: [nested(0)] });
  const frame = { filename: 'a.py', function: 'f', lineno: 1 };
  const one = { type: 'E', value: 'no' };

  test.each<[string, Sent]>([
    ['100,000 tags', { tags: members(100_000) }],
    ['100,000 pairs of tags', { tags: many(100_000, (index) => [`t${index}`, index]) }],
    [
      '5,000 frames with variables',
      thrownIn(
        'python',
        many(5_000, () => ({ ...frame, vars: { a: text(150) } })),
      ),
    ],
    ['20,000 exceptions', { exception: many(20_000, () => one) }],
    [
      '200 exceptions of 100 frames',
      {
        platform: 'python',
        exception: many(200, () => ({ ...one, stacktrace: { frames: many(100, () => frame) } })),
      },
    ],
    [
      'groups in groups',
      {
        exception: many(50, (index) => ({
          type: text(200),
          value: text(8_000),
          mechanism: { exception_id: 49 - index, parent_id: 48 - index, is_exception_group: true },
        })),
      },
    ],
    [
      'exceptions that belong to each other',
      {
        exception: many(50, (index) => ({
          ...one,
          mechanism: { exception_id: index, parent_id: (index + 1) % 50, is_exception_group: true },
        })),
      },
    ],
    [
      'ids that are all the same',
      { exception: many(50, () => ({ ...one, mechanism: { exception_id: 0, parent_id: 0 } })) },
    ],
    ['100,000 breadcrumbs', { breadcrumbs: many(100_000, () => 1) }],
    ['50,000 threads', { threads: many(50_000, () => ({ crashed: true })) }],
    [
      '50,000 images',
      {
        ...thrownIn('javascript', [{ ...frame, colno: 1 }]),
        debug_meta: { images: many(50_000, () => ({ type: 'sourcemap', code_file: 'b' })) },
      },
    ],
    ['100,000 modules', { modules: members(100_000) }],
    ['30,000 headers', { request: { headers: members(30_000, () => text(20)) } }],
    ['headers that are long', { request: { headers: members(100, () => text(10_000)) } }],
    ['30,000 cookies', { request: { cookies: 'a=b;'.repeat(250_000) } }],
    ['a long body', { request: { data: text(1_000_000) } }],
    ['a body of open brackets', { request: { data: '['.repeat(1_000_000) } }],
    ['a body of JSON cut short', { request: { data: `{"password":"${text(1_000_000)}` } }],
    ['a long message', { message: '1 "a" '.repeat(170_000) }],
    [
      'a template of placeholders',
      { logentry: { message: '%s'.repeat(250_000), params: many(100, () => text(4_000)) } },
    ],
    ['deep variables', thrownIn('python', [{ ...frame, vars: nested(60) }])],
    ['a fingerprint of many parts', { fingerprint: many(100_000, (index) => `p${index}`) }],
    ['a fingerprint that is long', { fingerprint: [text(1_000_000)] }],
    [
      'addresses everywhere',
      { extra: members(100, () => '?a=b&'.repeat(2_000)), user: members(50, () => '://a@'.repeat(2_000)) },
    ],
    [
      'objects that were printed',
      {
        extra: members(100, () => `{${"'a':".repeat(2_500)}`),
        contexts: { a: members(100, () => `[${'"\\'.repeat(2_500)}`) },
      },
    ],
    [
      'control characters',
      {
        ...thrownIn(
          'python',
          many(250, () => ({ filename: '\x01'.repeat(1_000), abs_path: '\x01'.repeat(1_000), lineno: 1 })),
        ),
        tags: members(100, () => '\x02'.repeat(200)),
        user: members(50, () => '\x03'.repeat(1_000)),
      },
    ],
    [
      'wide characters',
      {
        ...thrownIn(
          'python',
          many(250, () => ({ ...frame, context_line: '€'.repeat(500), vars: { a: '€'.repeat(1_000) } })),
        ),
        extra: members(100, () => '€'.repeat(2_000)),
      },
    ],
    [
      'texts of a million characters',
      {
        platform: text(1e6),
        release: text(1e6),
        environment: text(1e6),
        event_id: text(1e6),
        timestamp: text(1e6),
        level: text(1e6),
      },
    ],
  ])('with %s is read quickly, into what can be stored', (_what, event) => {
    let parts = readParts({});
    const tookMs = cpuMsOf(() => (parts = readParts(event)));

    expectStorable(parts);
    // Twenty times what it takes on an idle machine.
    expect(tookMs).toBeLessThan(1_500);
  });

  test('loses first what is needed least, and says so', () => {
    const calls = many(60, (index) => ({
      filename: index % 2 === 0 ? '/gems/lib.rb' : 'own.rb',
      function: `f${index}`,
      lineno: index + 1,
      in_app: index % 2 === 1,
      context_line: 'line',
      pre_context: many(5, () => 'before'),
      vars: members(10, () => text(900)),
    }));
    const event = { ...thrownIn('ruby', calls), breadcrumbs: [{ message: 'a', data: { b: 1 } }] };
    const { context, cut } = readParts(event);
    const frames = context.exceptions?.[0]?.frames ?? [];

    expect(cut).toEqual(['local variables']);
    expect(context.cut).toEqual(cut);
    expect(frames).toHaveLength(60);
    expect(frames.every(({ source, before }) => source === 'line' && before?.length === 5)).toBe(true);
    // Those of the application's newest calls stay.
    expect(frames[0]).toMatchObject({ function: 'f59', thrown: true, variables: { m0: text(900) } });
    expect(frames.filter(({ library, variables }) => library && variables)).toEqual([]);
    expect(context.breadcrumbs?.[0]?.data).toEqual({ b: 1 });
  });

  test.each<[string, Sent, string[]]>([
    [
      'breadcrumbs',
      { breadcrumbs: many(100, () => ({ message: 'm', data: members(5, () => text(1_000)) })) },
      ['data of breadcrumbs'],
    ],
    ['contexts', { contexts: members(100, () => ({ a: text(8_000) })) }, ['contexts']],
    ['extra', { extra: { small: 1, ...members(20, () => text(10_000)) } }, ['extra']],
    ['modules', { extra: { a: text(30_000) }, modules: members(1_900, () => text(100)) }, ['modules']],
    ['3,000 modules', { modules: members(3_000) }, ['modules']],
    ['a user', { user: { id: 1, data: members(50, () => members(50, () => text(1_000))) } }, ['user']],
  ])('whose size is in its %s is cut there', (_what, event, cut) => {
    const parts = readParts({ ...event, message: 'kept' });
    expect(parts.cut).toEqual(cut);
    expect(parts.report.message).toBe('kept');
    expectStorable(parts);
  });

  // Each with the longest text that is kept whole.
  test.each<[string, number, string, (long: string) => Sent]>([
    ['an exception', 8_192, 'message', (value) => ({ exception: { type: 'KeyError', value } })],
    ['a message', 8_192, 'message', (formatted) => ({ logentry: { formatted } })],
    ['a thrown object', 1_024, 'message', (value) => ({ exception: { type: 'Error', value: { value } } })],
    ['the type of an exception', 200, 'type of the exception', (type) => ({ exception: { type } })],
    ['a source line', 500, 'source lines', (line) => thrownIn('node', [{ context_line: line }])],
    [
      'a line after it',
      500,
      'source lines',
      (line) => thrownIn('node', [{ context_line: '', post_context: [line] }]),
    ],
    ['a variable', 1_024, 'local variables', (value) => thrownIn('node', [{ vars: { value } }])],
    ['a breadcrumb', 1_024, 'messages of breadcrumbs', (message) => ({ breadcrumbs: [{ message }] })],
    [
      'data of a breadcrumb',
      1_024,
      'data of breadcrumbs',
      (value) => ({ breadcrumbs: [{ data: { value } }] }),
    ],
    ['a context', 8_192, 'contexts', (value) => ({ contexts: { state: { list: [value] } } })],
    ['extra data', 32_768, 'extra', (value) => ({ extra: { value } })],
    ['a body', 16_384, 'extra', (data) => ({ request: { data } })],
    ['a body of broken JSON', 16_384, 'extra', (data) => ({ request: { data: `{${data.slice(1)}` } })],
    ['the address of a request', 4_096, 'address of the request', (url) => ({ request: { url } })],
    ['a header', 2_048, 'headers', (value) => ({ request: { headers: { 'X-A': value } } })],
    ['a tag', 200, 'tags', (value) => ({ tags: { value } })],
    ['the name of a tag', 200, 'tags', (name) => ({ tags: [[name, 1]] })],
    ['an id of a user', 200, 'user', (id) => ({ user: { id } })],
    ['a fact about a user', 1_024, 'user', (value) => ({ user: { plan: value } })],
    ['a release', 250, 'release', (release) => ({ release })],
  ])('names what is cut of %s, beyond %d characters', (_what, longest, part, eventOf) => {
    const whole = readParts(eventOf('x'.repeat(longest)));
    const { cut, context } = readParts(eventOf('x'.repeat(longest + 1)));

    expect(whole.cut).toEqual([]);
    expect(whole.context.cut).toBeUndefined();
    expect(cut).toEqual([part]);
    expect(context.cut).toEqual(cut);
  });

  test('names the part of which members are left out', () => {
    const list = many(101, () => 1);
    const deep = { a: { b: { c: { d: { e: { f: {} } } } } } };
    expect(readParts({ contexts: { a: { list } }, extra: { deep }, user: members(51) }).cut).toEqual([
      'user',
      'extra',
      'contexts',
    ]);
  });

  test('keeps as much of large extra data as it may', () => {
    const { extra } = readParts({
      extra: { small: 1, large: text(40_000), ...members(5, () => text(10_000)) },
    });
    expect(extra?.small).toBe(1);
    expect(JSON.stringify(extra).length).toBeGreaterThan(40_000);
    expect(extra?.large).toMatch(/^x+…$/);
  });

  test('has large values cut, each ending in …', () => {
    const vars = {
      long: text(2_000),
      list: many(150, (index) => index),
      object: members(150),
      deep: nested(10),
    };
    const { context } = readParts(thrownIn('python', [{ ...frame, vars }]));
    const read = context.exceptions?.[0]?.frames[0]?.variables as {
      long: string;
      list: unknown[];
      object: Sent;
      deep: unknown;
    };

    expect(read.long).toBe(`${text(1_023)}…`);
    expect(read.list).toHaveLength(101);
    expect(read.list.at(-1)).toBe('50 more …');
    expect(Object.keys(read.object)).toHaveLength(101);
    expect(read.object['…']).toBe('50 more …');
    expect(JSON.stringify(read.deep)).toMatch(/"…"/);
  });
});
