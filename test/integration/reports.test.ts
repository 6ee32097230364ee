import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { aReport, pythonTraceback } from '../support/reports';
import type { TestServer } from '../support/test-server';
import { API_KEY, startTestServer } from '../support/test-server';

// The gate answers the usual spelling of the path, Nest and Express any other: both must say the same.
describe.each([
  ['the gate', '/api/errors'],
  ['Nest', '/API/errors'],
])('a report taken by %s', (_world, path) => {
  let server: TestServer;
  beforeAll(async () => (server = await startTestServer()));
  afterAll(() => server.close());

  const send = (json: unknown) => server.call(path, { json });
  const sendText = (body: string | Uint8Array, headers: Record<string, string> = {}) =>
    server.call(path, { body, headers: { 'Content-Type': 'application/json', ...headers } });

  it('answers 201 with the id to the first report of an error and 200 with the count to later ones', async () => {
    const report = aReport({ traceback: pythonTraceback('first.py', 1) });
    const first = await send(report);
    expect(first.status).toBe(201);
    expect(first.body).toEqual({
      status: 'created',
      fingerprint: expect.stringMatching(/^[0-9a-f]{32}$/),
      id: expect.any(Number),
    });
    const second = await send({ ...report, message: 'another message' });
    expect(second.status).toBe(200);
    expect(second.body).toEqual({ status: 'existing', fingerprint: first.body.fingerprint, count: 2 });
    const third = await send(report);
    expect(third.body.count).toBe(3);
  });

  it('groups by project, type, file and line, not by message', async () => {
    const report = aReport({ traceback: pythonTraceback('group.py', 7) });
    const { body: first } = await send(report);
    const changes = [
      { project: 'other' },
      { exception_type: 'TypeError' },
      { traceback: pythonTraceback('group.py', 8) },
      { traceback: pythonTraceback('Group.py', 7) },
    ];
    for (const change of changes) expect((await send({ ...report, ...change })).status).toBe(201);
    expect((await send({ ...report, message: '' })).body.fingerprint).toBe(first.fingerprint);
  });

  it('gives the documented MD5', async () => {
    const { body } = await send(aReport({ traceback: pythonTraceback('a.py', 3) }));
    expect(body.fingerprint).toBe('8a39b2b351211988be1183d99acceda3'); // shop:ValueError:a.py:3
  });

  describe('refuses with 400 and a sentence that names the field', () => {
    const cases: [string, unknown, RegExp][] = [
      ['no project', aReport({ project: undefined }), /^project is required$/],
      ['an empty project', aReport({ project: '' }), /^project must not be empty$/],
      ['a project of 101 characters', aReport({ project: 'a'.repeat(101) }), /^project must be at most 100/],
      ['a number as project', aReport({ project: 5 }), /^project must be a string$/],
      ['a huge number as project', aReport({ project: 5 }), /^project must be a string$/],
      ['null as project', aReport({ project: null }), /^project must be a string$/],
      ['no exception_type', aReport({ exception_type: undefined }), /^exception_type is required$/],
      ['an empty exception_type', aReport({ exception_type: '' }), /^exception_type must not be empty$/],
      [
        'a type of 201 characters',
        aReport({ exception_type: 'a'.repeat(201) }),
        /^exception_type must be at most 200/,
      ],
      ['no message', aReport({ message: undefined }), /^message is required$/],
      ['an object as message', aReport({ message: {} }), /^message must be a string$/],
      ['no traceback', aReport({ traceback: undefined }), /^traceback is required$/],
      ['a list as traceback', aReport({ traceback: [] }), /^traceback must be a string$/],
      ['a number as request_url', aReport({ request_url: 1 }), /^request_url must be a string$/],
      [
        'a method of 11 characters',
        aReport({ request_method: 'A'.repeat(11) }),
        /^request_method must be at most 10/,
      ],
      ['true as request_method', aReport({ request_method: true }), /^request_method must be a string$/],
      ['a number as user_id', aReport({ user_id: 12 }), /^user_id must be a string$/],
      ['a user_id of 201 characters', aReport({ user_id: 'u'.repeat(201) }), /^user_id must be at most 200/],
      ['a list', [aReport()], /^The body must be a JSON object$/],
      ['null', null, /^The body must be a JSON object$/],
      ['a string', 'report', /^The body must be a JSON object$/],
    ];
    it.each(cases)('%s', async (_situation, json, detail) => {
      const answer = await send(json);
      expect(answer.status).toBe(400);
      expect(answer.body).toEqual({ detail: expect.stringMatching(detail) });
    });

    it.each([
      ['an empty body', '', /^The body is empty$/],
      ['no JSON', 'project=shop', /^The body is not valid JSON$/],
      ['JSON that is cut off', JSON.stringify(aReport()).slice(0, -2), /^The body is not valid JSON$/],
      [
        'a huge number as project',
        '{"project":123456789012345678901234567890}',
        /^project must be a string$/,
      ],
      ['arrays 65 deep', `{"extra":${'['.repeat(64)}${']'.repeat(64)}}`, /deeper than 64 levels$/],
      ['250 KB of [', '['.repeat(250_000), /deeper than 64 levels$/],
      ['250 KB of {"a":', '{"a":'.repeat(50_000), /deeper than 64 levels$/],
    ])('%s', async (_situation, text, detail) => {
      const answer = await sendText(text);
      expect(answer.status).toBe(400);
      expect(answer.body.detail).toMatch(detail);
    });
  });

  describe('accepts', () => {
    const cases: [string, Record<string, unknown>][] = [
      ['an empty message and traceback', { message: '', traceback: '' }],
      ['a project of 100 emoji', { project: '🐛'.repeat(100) }],
      ['a type of 200 characters', { exception_type: 'T'.repeat(200) }],
      [
        'null for every optional field',
        { request_url: null, request_method: null, user_id: null, extra: null },
      ],
      ['unknown keys', { release: '1.2', breadcrumbs: [{}], constructor: 1 }],
      ['text as extra', { extra: 'just text' }],
      ['JSON 64 levels deep', { extra: JSON.parse(`${'['.repeat(63)}${']'.repeat(63)}`) as unknown }],
      ['SQL in every field', { project: "'; DROP TABLE errors; --", message: "' OR 1=1", user_id: '")' }],
      ['NUL and lone surrogates', { project: 'a\0b', message: '\ud800 \udc00 \0', user_id: '\ud83d' }],
      ['200 KB of opening parentheses', { traceback: '('.repeat(200_000) }],
      ['line breaks of every kind', { message: 'a\r\nb\u2028c\u0085d', exception_type: 'E\nF' }],
    ];
    it.each(cases)('%s', async (_situation, changes) => {
      const answer = await send(aReport(changes));
      expect([200, 201]).toContain(answer.status);
    });
  });

  it('takes the longest line number that a trace may have', async () => {
    const traceback =
      'Traceback (most recent call last):\n  File "f.py", line 9999999999, in add\nValueError';
    const { status, body } = await send(aReport({ traceback }));
    expect(status).toBe(201);
    const listed = await server.call(`/api/errors/${body.id}`);
    expect(listed.body.error).toMatchObject({ file: 'f.py', line: 9_999_999_999 });
  });

  it('gives request_headers and extra back as the JSON that was sent, and each occurrence its own text', async () => {
    const traceback = pythonTraceback('whole.py', 5);
    const context = {
      request_url: 'https://shop.example/cart?x=1#y',
      request_method: 'POST',
      request_headers: { 'user-agent': 'x', cookie: ['a', 'b'], __proto__x: null },
      user_id: 'u-1',
      extra: { nested: { list: [1, 2.5, true, null, 'ä🐛\u0000'] }, constructor: 'c' },
    };
    const { body: created } = await send(aReport({ traceback }));
    await send(aReport({ traceback, message: 'second', ...context }));
    const { body } = await server.call(`/api/errors/${created.id}`);
    expect(body.error).toMatchObject({ message: 'invalid quantity', traceback, count: 2, resolved: false });
    expect(body.occurrences).toHaveLength(2);
    expect(body.occurrences[0]).toMatchObject({ ...context, message: 'second', traceback });
    expect(body.occurrences[1]).toMatchObject({
      request_headers: null,
      extra: null,
      message: 'invalid quantity',
    });
  });

  it('keeps every digit of numbers and the key __proto__', async () => {
    const extra = '{"order":12345678901234567891,"price":1.10000000000000000001,"__proto__":{"admin":true}}';
    const text = JSON.stringify(aReport({ traceback: pythonTraceback('digits.py', 1) })).replace(
      /}$/,
      `,"extra":${extra}}`,
    );
    const { body: created } = await sendText(text);
    const answer = await fetch(`${server.url}/api/errors/${created.id}`, {
      headers: { 'X-API-Key': API_KEY },
    });
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(await answer.text()).toContain(`"extra":${extra}`);
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });

  it.each([
    '1e20',
    '-1.5E-7',
    '9007199254740993',
    '0.1234567890123456789',
    '0.1000000000000000055',
    '7.4618399687221281',
    '1234567890123.4567',
    '1732345678.1234567',
    '12345678901234567890',
    '1.0',
    '1e400',
    '1e-400',
    '{"isLosslessNumber":true,"value":"1e400"}',
    '{"a":1,"a":{"b":2.0}}',
    '[ 1e400,\t{"a" : "\\u00e4\\ud800"} ]',
    'false',
    '"text"',
  ])('gives %s back as it was written', async (json) => {
    const text = JSON.stringify(aReport({ project: `as ${json}` }));
    const { body } = await sendText(
      text.replace(/}$/, () => `,"request_headers":{"n": ${json}},"extra": ${json} }`),
    );
    const answer = await fetch(`${server.url}/api/errors/${body.id}`, { headers: { 'X-API-Key': API_KEY } });
    const written = await answer.text();
    expect(written).toContain(`"request_headers":{"n": ${json}}`);
    expect(written).toContain(`"extra":${json}}`);
    JSON.parse(written);
  });

  it('keeps the last of several members of one name, also when that is null', async () => {
    const text = JSON.stringify(aReport({ project: 'twice' }));
    const { body } = await sendText(
      text.replace(/}$/, ',"extra":1.0,"ext\\u0072a":2.0,"request_headers":{},"request_headers":null}'),
    );
    const answer = await fetch(`${server.url}/api/errors/${body.id}`, { headers: { 'X-API-Key': API_KEY } });
    expect(await answer.text()).toContain('"request_headers":null,"extra":2.0}');
  });

  it.each([
    ['the method BROWSER', { request_method: 'BROWSER' }, 'browser'],
    ['extra.source browser', { extra: { source: 'browser' } }, 'browser'],
    ['another method', { request_method: 'GET' }, 'server'],
    ['extra.source server', { extra: { source: 'server' } }, 'server'],
    ['neither', {}, 'server'],
  ])('takes the source from %s', async (situation, changes, source) => {
    const { body: created } = await send(aReport({ ...changes, project: `source of ${situation}` }));
    const { body } = await server.call(`/api/errors/${created.id}`);
    expect(body.error.source).toBe(source);
  });

  describe('bodies', () => {
    const bytes = Buffer.from(JSON.stringify(aReport({ message: 'zipped', project: 'zip' })));

    it('takes gzip, and text with a byte order mark', async () => {
      expect((await sendText(gzipSync(bytes), { 'Content-Encoding': 'gzip' })).status).toBe(201);
      expect((await sendText(gzipSync(bytes), { 'Content-Encoding': 'X-GZIP' })).status).toBe(200);
      expect((await sendText(bytes, { 'Content-Encoding': 'identity' })).status).toBe(200);
      expect((await sendText(Buffer.concat([Buffer.from('\uFEFF'), bytes]))).status).toBe(200);
    });

    it('takes bytes that are no UTF-8 rather than losing the report', async () => {
      const latin1 = Buffer.from(JSON.stringify(aReport({ message: 'Grüße', project: 'latin' })), 'latin1');
      const { status, body } = await sendText(latin1);
      expect(status).toBe(201);
      const detail = await server.call(`/api/errors/${body.id}`);
      expect(detail.body.error.message).toBe('Gr\uFFFD\uFFFDe');
    });

    it('takes exactly 256 KiB and refuses one byte more with 413', async () => {
      const empty = JSON.stringify(aReport({ message: '', project: 'size' })).length;
      const full = (size: number) =>
        JSON.stringify(aReport({ message: 'm'.repeat(size - empty), project: 'size' }));
      expect((await sendText(full(262_144))).status).toBe(201);
      const answer = await sendText(full(262_145));
      expect(answer.status).toBe(413);
      expect(answer.body.detail).toMatch(/at most 262144 bytes/);
    });

    it('refuses a gzip bomb with 413 and broken gzip with 400', async () => {
      const bomb = gzipSync(Buffer.alloc(50 * 1024 * 1024, 0x20), { level: 9 });
      expect((await sendText(bomb, { 'Content-Encoding': 'gzip' })).status).toBe(413);
      for (const broken of [bytes, gzipSync(bytes).subarray(0, 60), Buffer.alloc(0)]) {
        const answer = await sendText(broken, { 'Content-Encoding': 'gzip' });
        expect(answer.status).toBe(400);
        expect(answer.body.detail).toMatch(/gzip|empty/);
      }
    });

    it.each([
      'text/plain',
      'application/x-www-form-urlencoded',
      'application/jsonp',
      'application/json; charset=utf-16',
    ])('refuses the Content-Type %s with 415', async (type) => {
      const answer = await sendText(bytes, { 'Content-Type': type });
      expect(answer.status).toBe(415);
      expect(answer.body.detail).toMatch(/^The (Content-Type|charset) must be/);
    });

    it.each(['Application/JSON', 'application/json;charset=UTF-8', 'application/json; charset="utf-8"'])(
      'takes the Content-Type %s',
      async (type) => expect((await sendText(bytes, { 'Content-Type': type })).status).toBe(200),
    );

    it.each(['br', 'deflate', 'zstd', 'gzip, gzip'])(
      'refuses the Content-Encoding %s with 415',
      async (encoding) => {
        const answer = await sendText(bytes, { 'Content-Encoding': encoding });
        expect(answer.status).toBe(415);
        expect(answer.body.detail).toMatch(/^The Content-Encoding must be gzip or identity$/);
      },
    );

    it('refuses a body that ends early without counting it, and goes on serving', async () => {
      const before = (await server.call('/api/errors?project=early')).body.total;
      const text = JSON.stringify(aReport({ project: 'early' }));
      const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
      socket.write(
        `POST ${path} HTTP/1.1\r\nHost: x\r\nX-API-Key: ${API_KEY}\r\nContent-Type: application/json\r\n` +
          `Content-Length: ${text.length + 10}\r\n\r\n${text}`,
      );
      await new Promise((resolve) => socket.once('ready', resolve));
      socket.end();
      await new Promise((resolve) => socket.once('close', resolve).resume());
      expect((await server.call('/health')).status).toBe(200);
      expect((await server.call('/api/errors?project=early')).body.total).toBe(before);
    });
  });

  it('answers 503 with Retry-After while the database is locked, and stores nothing of it', async () => {
    const unlock = await server.database.lock();
    const refused = await send(aReport({ project: 'locked' }));
    await unlock();
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('5');
    expect(refused.body).toEqual({
      detail: expect.stringMatching(/^The database cannot take reports right now/),
    });
    expect((await server.call('/api/errors?project=locked')).body.total).toBe(0);
    expect((await send(aReport({ project: 'locked' }))).status).toBe(201);
  });

  it('counts every one of 64 simultaneous reports of one error exactly once', async () => {
    const report = aReport({ traceback: pythonTraceback('many.py', 1) });
    const answers = await Promise.all(Array.from({ length: 64 }, () => send(report)));
    const created = answers.filter((answer) => answer.status === 201);
    expect(created).toHaveLength(1);
    const counts = answers
      .filter((answer) => answer.status === 200)
      .map((answer) => Number(answer.body.count));
    expect(counts.sort((a, b) => a - b)).toEqual(Array.from({ length: 63 }, (_, i) => i + 2));
  });
});
