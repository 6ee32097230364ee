import { setTimeout as delay } from 'node:timers/promises';
import { brotliCompressSync, constants, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import {
  anEnvelope,
  anEvent,
  type EventProject,
  errorsOf,
  makeEventProject,
  sendEvent,
} from '../support/events';
import { makeKey, send } from '../support/ingest-keys';
import { startTestServer, type TestServer } from '../support/test-server';

const ID = 'fc6d8c0c43fc4630ad850ee518f1b9d0';
const MIB = 1024 * 1024;
const { BROTLI_PARAM_LARGE_WINDOW, BROTLI_PARAM_LGWIN } = constants;

describe("Sentry's routes", () => {
  let server: TestServer;
  let project: EventProject;
  let names = 0;
  beforeAll(async () => (server = await startTestServer()));
  afterAll(() => server.close());
  beforeEach(async () => (project = await makeEventProject(server, `project ${++names}`)));

  const name = () => `project ${names}`;
  const post = (path: string, body: string | Uint8Array, headers: Record<string, string> = {}) =>
    send(server, path, { body: body as string, headers });
  const counts = async () => (await errorsOf(server, name())).map(({ count }) => count);

  describe('take', () => {
    const envelope = anEnvelope({ event_id: ID }, ['event', anEvent()]);

    test.each<[string, string | Uint8Array, Record<string, string>]>([
      ['an envelope', envelope, {}],
      ['an envelope of a wrong type', envelope, { 'Content-Type': 'application/x-www-form-urlencoded' }],
      ['an envelope called multipart', envelope, { 'Content-Type': 'multipart/form-data; boundary=x' }],
      ['an envelope in gzip', gzipSync(envelope), { 'Content-Encoding': 'gzip' }],
      ['an envelope in x-gzip', gzipSync(envelope), { 'Content-Encoding': 'X-GZIP' }],
      ['an envelope in deflate', deflateSync(envelope), { 'Content-Encoding': 'deflate' }],
      ['an envelope in raw deflate', deflateRawSync(envelope), { 'Content-Encoding': 'deflate' }],
      ['an envelope in brotli', brotliCompressSync(envelope), { 'Content-Encoding': 'br' }],
      ['an envelope with an empty encoding', envelope, { 'Content-Encoding': '' }],
      ['an envelope with a charset for its encoding', envelope, { 'Content-Encoding': 'utf-8' }],
    ])('%s, and answer 200 with its id', async (_what, body, headers) => {
      const answer = await post(project.envelopePath, body, headers);
      expect(answer).toMatchObject({ status: 200, body: { id: ID } });
      expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
      expect(await counts()).toEqual([1]);
    });

    test('a body in pieces without a length', async () => {
      const pieces = new ReadableStream({
        start(controller) {
          for (const piece of envelope.match(/.{1,40}/gs)!) controller.enqueue(Buffer.from(piece));
          controller.close();
        },
      });
      const options = { body: pieces, duplex: 'half' } as RequestInit;
      expect((await send(server, project.envelopePath, options)).status).toBe(200);
      expect(await counts()).toEqual([1]);
    });

    test.each([
      ['plain JSON', (event: string) => event],
      ['base64 of JSON', (event: string) => Buffer.from(event).toString('base64')],
      ['base64 of JSON in zlib', (event: string) => deflateSync(event).toString('base64')],
      ['gzip', (event: string) => gzipSync(event)],
    ])('an event alone as %s', async (form, encode) => {
      const headers: Record<string, string> = form === 'gzip' ? { 'Content-Encoding': 'gzip' } : {};
      const body = encode(JSON.stringify(anEvent({ event_id: ID })));
      const answer = await post(`/api/${project.projectId}/store/`, body, {
        ...headers,
        'X-Sentry-Auth': `Sentry sentry_key=${project.key}, sentry_version=5, sentry_secret=s`,
      });
      expect(answer).toMatchObject({ status: 200, body: { id: ID } });
      expect(await counts()).toEqual([1]);
    });

    test('an envelope on the route for single events when it is called one', async () => {
      const path = project.envelopePath.replace('envelope', 'store');
      expect((await post(path, envelope, { 'Content-Type': 'application/x-sentry-envelope' })).body).toEqual({
        id: ID,
      });
    });

    test.each(['application/csp-report', 'application/json', 'text/plain'])(
      'a report of a policy as %s',
      async (type) => {
        const report = {
          'csp-report': {
            'document-uri': 'https://shop.example.com/cart',
            'effective-directive': 'img-src',
            'blocked-uri': 'https://evil.example.com/a.png',
          },
        };
        const path = `/api/${project.projectId}/security/?sentry_key=${project.key}&sentry_environment=staging`;
        expect((await post(path, JSON.stringify(report), { 'Content-Type': type })).status).toBe(200);
        expect(await errorsOf(server, name())).toMatchObject([
          { exception_type: 'CSP', message: expect.stringContaining("'img-src'"), level: 'warning' },
        ]);
      },
    );

    test('an envelope with nothing that is kept', async () => {
      const sessions = anEnvelope({}, ['session', { sid: 'x' }], ['never heard of', {}]);
      const answer = await post(project.envelopePath, sessions);
      expect(answer).toMatchObject({ status: 200, body: {} });
      expect(answer.headers.get('x-sentry-rate-limits')).toMatch(
        /^86400:transaction;span;.*:organization:unsupported$/,
      );
      expect((await post(project.envelopePath, anEnvelope({ event_id: ID }))).body).toEqual({ id: ID });
      expect(await counts()).toEqual([]);
    });

    test('an event without an id, and make one', async () => {
      const { body } = await sendEvent(server, project);
      expect(body.id).toMatch(/^[0-9a-f]{32}$/);
      const { id } = (await errorsOf(server, name()))[0]!;
      const { occurrences } = (await server.call(`/api/errors/${id}`)).body;
      expect(occurrences[0].event_id).toBe(body.id);
    });

    test.each([
      ['without the last slash', (path: string) => path.replace('/?', '?')],
      ['with doubled slashes', (path: string) => path.replaceAll('/', '//')],
    ])('an address %s, without a redirect', async (_how, change) => {
      expect((await post(change(project.envelopePath), envelope)).status).toBe(200);
    });

    test('the key from the envelope of a tunnel', async () => {
      const header = { dsn: project.dsn };
      const path = `/api/${project.projectId}/envelope/`;
      expect((await post(path, anEnvelope(header, ['event', anEvent()]))).status).toBe(200);
      expect(
        (await post(path, gzipSync(anEnvelope(header, ['event', anEvent()])), { 'Content-Encoding': 'gzip' }))
          .status,
      ).toBe(200);
      expect(await counts()).toEqual([2]);
    });
  });

  describe('store an event once', () => {
    test('that is sent twenty times at the same time', async () => {
      const event = anEvent({ event_id: ID });
      const answers = await Promise.all(Array.from({ length: 20 }, () => sendEvent(server, project, event)));
      expect(answers.map(({ status, body }) => [status, body])).toEqual(answers.map(() => [200, { id: ID }]));
      expect(await counts()).toEqual([1]);
    });

    test('that is sent again later, among others of its error', async () => {
      const ids = Array.from({ length: 9 }, (_, i) => `${i + 1}`.repeat(32));
      const sendAll = (some: string[]) =>
        Promise.all(some.map((event_id) => sendEvent(server, project, anEvent({ event_id }))));
      await sendAll(ids.slice(0, 3));
      await sendAll(ids);
      await sendAll(ids);
      expect(await counts()).toEqual([9]);
      const { id } = (await errorsOf(server, name()))[0]!;
      const { occurrences } = (await server.call(`/api/errors/${id}`)).body;
      expect(new Set(occurrences.map(({ event_id }: { event_id: string }) => event_id)).size).toBe(5);
      const hours = (await server.call(`/api/errors/${id}/counts?bucket=hour`)).body;
      expect(JSON.stringify(hours)).toContain('9');
    });

    test('in each project', async () => {
      const other = await makeEventProject(server, `${name()} as well`);
      await sendEvent(server, project, anEvent({ event_id: ID }));
      await sendEvent(server, other, anEvent({ event_id: ID }));
      expect([await counts(), (await errorsOf(server, `${name()} as well`)).length]).toEqual([[1], 1]);
    });

    test('and the native report beside it counts on', async () => {
      const event = anEvent({ event_id: ID });
      await sendEvent(server, project, event);
      const { id } = (await errorsOf(server, name()))[0]!;
      const { error } = (await server.call(`/api/errors/${id}`)).body;
      const native = {
        project: name(),
        exception_type: 'ValueError',
        message: 'no',
        traceback: 'File "shop/cart.py", line 31, in add',
      };
      const [, , reported] = await Promise.all([
        sendEvent(server, project, event),
        sendEvent(server, project, event),
        server.call('/api/errors', { json: native }),
      ]);
      expect(reported.body).toEqual({ status: 'existing', fingerprint: error.fingerprint, count: 2 });
    });
  });

  describe('refuse', () => {
    const envelope = anEnvelope({}, ['event', anEvent()]);

    test.each<[string, number, RegExp, string | Uint8Array, Record<string, string>]>([
      ['nothing', 400, /^The envelope is empty$/, '', {}],
      ['no envelope', 400, /^The header of the envelope is not valid JSON$/, 'hello', {}],
      ['an event that is no JSON', 400, /^The event is not valid JSON$/, '{}\n{"type":"event"}\n{', {}],
      ['an event that is a list', 400, /^The event must be a JSON object$/, '{}\n{"type":"event"}\n[]', {}],
      [
        'JSON that is too deep',
        400,
        /deeper than 64/,
        `{}\n{"type":"event"}\n{"a":${'['.repeat(10_000)}`,
        {},
      ],
      [
        'a broken gzip',
        400,
        /^The compression of the body is broken$/,
        gzipSync(envelope).subarray(0, 60),
        { 'Content-Encoding': 'gzip' },
      ],
      [
        'what is no gzip',
        400,
        /^The compression of the body is broken$/,
        envelope,
        { 'Content-Encoding': 'gzip' },
      ],
      [
        'what is no brotli',
        400,
        /^The compression of the body is broken$/,
        envelope,
        { 'Content-Encoding': 'br' },
      ],
      [
        'brotli that is cut off',
        400,
        /^The compression of the body is broken$/,
        brotliCompressSync(envelope).subarray(0, 40),
        { 'Content-Encoding': 'br' },
      ],
      [
        'brotli with windows of a gigabyte',
        400,
        /^The compression of the body is broken$/,
        brotliCompressSync(envelope, {
          params: { [BROTLI_PARAM_LARGE_WINDOW]: 1, [BROTLI_PARAM_LGWIN]: 30 },
        }),
        { 'Content-Encoding': 'br' },
      ],
      [
        'twenty megabytes out of some bytes of brotli',
        413,
        /^The body must be at most 8 MiB$/,
        brotliCompressSync(`{}\n{"type":"attachment","length":${20 * MIB}}\n${'x'.repeat(20 * MIB)}`),
        { 'Content-Encoding': 'br' },
      ],
      ['another encoding', 415, /^The Content-Encoding must be/, envelope, { 'Content-Encoding': 'zstd' }],
      [
        'an event of more than 1 MiB',
        413,
        /^The event must be at most 1048576 bytes$/,
        `{}\n{"type":"event"}\n{"a":"${'x'.repeat(MIB)}"}`,
        {},
      ],
    ])('%s with %i', async (_what, status, sentence, body, headers) => {
      const answer = await post(project.envelopePath, body, headers);
      expect(answer).toMatchObject({ status, body: { detail: expect.stringMatching(sentence) } });
      expect(answer.headers.get('x-sentry-error')).toBe(answer.body.detail);
      expect(answer.headers.get('access-control-allow-origin')).toBe('*');
      expect(await counts()).toEqual([]);
    });

    test('who gives no key, an unknown one, or one of another project', async () => {
      const other = await makeKey(server, `${name()} other`);
      const path = `/api/${project.projectId}/envelope/`;
      const statuses = async (query: string) => {
        const { status, body } = await post(path + query, envelope);
        return [status, body.detail];
      };
      expect(await statuses('')).toEqual([401, 'missing authorization information']);
      const inBrotli = brotliCompressSync(anEnvelope({ dsn: project.dsn }, ['event', anEvent()]));
      expect((await post(path, inBrotli, { 'Content-Encoding': 'br' })).status).toBe(401);
      expect(await statuses('?sentry_key=')).toEqual([403, 'The key is unknown or revoked']);
      expect(await statuses(`?sentry_key=${'0'.repeat(32)}`)).toEqual([403, 'The key is unknown or revoked']);
      expect(await statuses(`?sentry_key=${other.key}`)).toEqual([
        403,
        expect.stringMatching(/^The key is of another project/),
      ]);
      expect(
        (await post(`/api/${'9'.repeat(19)}/envelope/?sentry_key=${project.key}`, envelope)).status,
      ).toBe(403);
      expect(
        (await post(path, anEnvelope({ dsn: `http://${'0'.repeat(32)}@host/1` }, ['event', anEvent()])))
          .status,
      ).toBe(403);
      await server.call(`${project.path}/revoke`, { method: 'POST' });
      await server.call(project.path, { method: 'DELETE' });
      expect(await counts()).toEqual([]);
    });

    test('pages of other origins once the project names some', async () => {
      await server.call(`/api/projects/${project.projectId}`, {
        method: 'PATCH',
        json: { allowed_origins: ['https://shop.example.com'] },
      });
      const from = async (headers: Record<string, string>) =>
        (await post(project.envelopePath, envelope, headers)).status;
      expect(await from({ Origin: 'https://shop.example.com' })).toBe(200);
      expect(await from({ Referer: 'https://shop.example.com/cart' })).toBe(200);
      expect(await from({})).toBe(200);
      expect(await from({ Origin: 'https://evil.example.com' })).toBe(403);
      expect(await from({ Referer: 'https://evil.example.com/' })).toBe(403);
      expect(await from({ Referer: 'nonsense' })).toBe(200);
    });

    test('what a key sends beyond its limit, in the words that clients understand', async () => {
      const limited = await makeEventProject(server, `${name()} limited`, { rate_limit_per_minute: 1 });
      expect((await sendEvent(server, limited)).status).toBe(200);
      const { status, headers, body } = await sendEvent(server, limited);
      expect([status, body.detail]).toEqual([429, expect.stringMatching(/with this ingest key/)]);
      expect(headers.get('retry-after')).toMatch(/^\d+$/);
      const limits = headers.get('x-sentry-rate-limits')!.split(/[:;]/);
      expect(limits[0]).toBe(headers.get('retry-after'));
      expect(limits).toEqual(expect.arrayContaining(['error', 'default', 'security', 'organization']));
      expect(limits).not.toContain('internal');
      expect(headers.get('access-control-expose-headers')).toContain('X-Sentry-Rate-Limits');
    });

    test('an event but not what a client beyond its limit tells of what it lost', async () => {
      const limited = await makeEventProject(server, `${name()} lossy`, { rate_limit_per_minute: 1 });
      await sendEvent(server, limited);
      const lost = { discarded_events: [{ reason: 'ratelimit_backoff', category: 'error', quantity: 7 }] };
      const report = anEnvelope({}, ['client_report', lost]);
      expect((await post(limited.envelopePath, report)).status).toBe(200);
      expect(
        (await post(limited.envelopePath, gzipSync(report), { 'Content-Encoding': 'gzip' })).status,
      ).toBe(200);
      for (const other of [
        anEnvelope({}, ['client_report', lost], ['event', anEvent()]),
        anEnvelope({}, ['client_report', { ...lost, padding: 'x'.repeat(5_000) }]),
        '{}',
      ]) {
        expect((await post(limited.envelopePath, other)).status).toBe(429);
      }
      expect((await post(limited.envelopePath.replace(limited.key, 'f'.repeat(32)), report)).status).toBe(
        403,
      );
      const told = async () => {
        const { entries } = (await server.call(`/api/ledger?project_id=${limited.projectId}`)).body;
        return entries.find(({ outcome }: { outcome: string }) => outcome === 'lost');
      };
      for (let i = 0; i < 100 && (await told()) === undefined; i++) await delay(50);
      expect(await told()).toMatchObject({ detail: 'ratelimit_backoff: error', count: 14 });
    });

    test('a gigabyte that comes out of a megabyte, at once', async () => {
      const mebibyte = gzipSync(Buffer.alloc(MIB));
      const bomb = Buffer.concat(Array.from({ length: 1_024 }, () => mebibyte));
      const before = process.memoryUsage().rss;
      const { status } = await post(project.envelopePath, bomb, { 'Content-Encoding': 'gzip' });
      expect(status).toBe(413);
      expect(process.memoryUsage().rss - before).toBeLessThan(60 * MIB);
    });
  });

  test('take an event without an envelope for an envelope that holds nothing, and have the ledger say so', async () => {
    expect(
      (await post(project.envelopePath, JSON.stringify(anEvent({ message: 'no envelope' })))).status,
    ).toBe(200);
    const told = async () =>
      (await server.call(`/api/ledger?project_id=${project.projectId}`)).body.entries as {
        reason: string;
      }[];
    for (let i = 0; i < 100 && (await told()).length === 0; i++) await delay(50);
    expect((await told()).map(({ reason }) => reason)).toEqual(['no-items']);
  });

  test('keep the event of an envelope however large what comes after it', async () => {
    const event = Buffer.from(anEnvelope({}, ['event', anEvent()]));
    const header = Buffer.from(`\n{"type":"attachment","length":${15 * MIB}}\n`);
    const body = Buffer.concat([event, header, Buffer.alloc(15 * MIB)]);
    expect((await post(project.envelopePath, body)).status).toBe(200);
    expect((await post(project.envelopePath, gzipSync(body), { 'Content-Encoding': 'gzip' })).status).toBe(
      200,
    );
    const bomb = Buffer.concat(Array.from({ length: 300 }, () => gzipSync(Buffer.alloc(MIB))));
    const withBomb = Buffer.concat([
      gzipSync(Buffer.concat([event, Buffer.from(`\n{"type":"attachment","length":${99 * MIB}}\n`)])),
      bomb,
    ]);
    expect((await post(project.envelopePath, withBomb, { 'Content-Encoding': 'gzip' })).status).toBe(200);
    expect(await counts()).toEqual([3]);
  });

  test.each<[string, string]>([
    ['more items than it may have', '{"type":"attachment","length":1}\nx\n'.repeat(120)],
    ['too long a header line', `{"type":"attachment","filename":"${'x'.repeat(20_000)}"}\nx`],
    ['too large a report of a policy', `{"type":"raw_security"}\n${'x'.repeat(70_000)}`],
    ['a report of a policy that is no JSON', '{"type":"raw_security"}\nno'],
  ])('keep the event of an envelope with %s, though it comes in one piece', async (_what, rest) => {
    const body = `${anEnvelope({ event_id: ID }, ['event', anEvent()])}\n${rest}`;
    for (const [sent, headers] of [
      [body, {}],
      [gzipSync(body), { 'Content-Encoding': 'gzip' }],
    ] as const) {
      expect(await post(project.envelopePath, sent, headers)).toMatchObject({
        status: 200,
        body: { id: ID },
      });
    }
    const inTunnel = `/api/${project.projectId}/envelope/`;
    expect((await post(inTunnel, body)).status).toBe(401);
    expect((await post(inTunnel, body.replace('{', `{"dsn":"${project.dsn}",`))).status).toBe(200);
    expect(await counts()).toEqual([1]);
  });

  test.each([
    ['before', 0],
    ['between', 1],
    ['after', 2],
  ])(
    'store every report of a policy and the event %s them, whose id is that of the envelope',
    async (_where, place) => {
      const report = (blocked: string) => ({
        'csp-report': { 'effective-directive': 'img-src', 'blocked-uri': `https://${blocked}/a.png` },
      });
      const items: [string, object][] = ['a.example', 'b.example'].map((host) => [
        'raw_security',
        report(host),
      ]);
      items.splice(place, 0, ['event', anEvent()]);
      const body = anEnvelope({ event_id: ID }, ...items);
      expect((await post(project.envelopePath, body)).body).toEqual({ id: ID });
      expect(await counts()).toEqual([1, 1, 1]);
      const { body: found } = await server.call(`/api/events/${ID}?project=${encodeURIComponent(name())}`);
      const { body: detail } = await server.call(`/api/errors/${found.error_id}`);
      expect(detail.error.exception_type).toBe('ValueError');
    },
  );

  test('store the longest release and environment so that lists find errors by what an occurrence says', async () => {
    const sent = {
      release: `a\nb${'r'.repeat(247)}`,
      environment: 'e'.repeat(250),
      user: { id: 'u'.repeat(300) },
    };
    await sendEvent(server, project, anEvent(sent));
    const { id } = (await errorsOf(server, name()))[0]!;
    const [occurrence] = (await server.call(`/api/errors/${id}`)).body.occurrences;
    const { release, environment, user_id: user } = occurrence;
    expect({ release, environment }).toEqual({
      release: sent.release.replace('\n', ' '),
      environment: sent.environment,
    });
    for (const filter of Object.entries({ release, environment, user })) {
      const query = new URLSearchParams([['project', name()], filter]).toString();
      expect((await server.call(`/api/errors?${query}`)).body.total).toBe(1);
    }
  });

  test('ask clients that send transactions not to, and answer with their ids', async () => {
    const answer = await post(
      `/api/${project.projectId}/store/?sentry_key=${project.key}`,
      JSON.stringify({ type: 'transaction', event_id: ID }),
    );
    expect(answer).toMatchObject({ status: 200, body: { id: ID } });
    expect(answer.headers.get('x-sentry-rate-limits')).toMatch(/^86400:transaction/);
  });

  test('answer every preflight, and only what they know', async () => {
    const ask = (path: string, headers: Record<string, string> = {}) =>
      fetch(server.url + path, { method: 'OPTIONS', headers });
    const answer = await ask(`/api/${project.projectId}/envelope/`, {
      Origin: 'https://shop.example.com',
      'Access-Control-Request-Method': 'POST',
      'Access-Control-Request-Headers': 'x-shop, sentry-trace',
    });
    expect(answer.status).toBe(204);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'POST, OPTIONS',
      'access-control-allow-headers': 'x-shop, sentry-trace',
      'access-control-max-age': '3600',
    });
    expect(answer.headers.has('access-control-allow-credentials')).toBe(false);
    expect((await ask('/api/999/store')).headers.get('access-control-allow-headers')).toContain(
      'X-Sentry-Auth',
    );
    for (const path of ['/api/7/minidump/', '/api/web/envelope/', '/api/0/envelope/']) {
      const refused = await post(path, 'x');
      expect([refused.status, typeof refused.body.detail]).toEqual([404, 'string']);
    }
    expect((await fetch(`${server.url}/api/7/store/?sentry_data=x`)).status).toBe(404);
  });
});
