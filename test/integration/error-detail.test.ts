import { aReport, pythonTraceback } from '../support/reports';
import type { TestServer } from '../support/test-server';
import { startTestServer } from '../support/test-server';

describe('one error', () => {
  let server: TestServer;
  let line = 0;
  beforeAll(async () => (server = await startTestServer()));
  afterAll(() => server.close());

  const newError = async (written = {}) => {
    line += 1;
    const report = aReport({ traceback: pythonTraceback('detail.py', line), ...written });
    const again = (changes = {}) => server.call('/api/errors', { json: { ...report, ...changes } });
    const { body } = await again();
    const get = async () => (await server.call(`/api/errors/${body.id}`)).body;
    const resolve = () => server.call(`/api/errors/${body.id}/resolve`, { method: 'POST' });
    return { id: body.id as number, again, get, resolve };
  };

  it('has the documented keys', async () => {
    const error = await newError();
    const { error: detail, occurrences } = await error.get();
    expect(Object.keys(detail)).toEqual(
      expect.arrayContaining([
        'id',
        'fingerprint',
        'project',
        'exception_type',
        'message',
        'traceback',
        'count',
        'first_seen',
        'last_seen',
        'resolved',
      ]),
    );
    expect(Object.keys(occurrences[0])).toEqual(
      expect.arrayContaining([
        'id',
        'timestamp',
        'request_url',
        'request_method',
        'request_headers',
        'user_id',
        'extra',
      ]),
    );
  });

  it('says what can be read in its traceback: language, place and frames', async () => {
    const traceback =
      'TypeError: x is undefined\n    at total (/srv/shop/cart.js:31:7)\n    at Array.map (<anonymous>)\n' +
      '    at handle (/srv/shop/node_modules/router/index.js:449:11)';
    const error = await newError({ traceback });
    const { error: detail, occurrences } = await error.get();
    expect(detail).toMatchObject({ language: 'javascript', file: '/srv/shop/cart.js', line: 31 });
    const router = '/srv/shop/node_modules/router/index.js';
    expect(detail.frames).toEqual([
      { function: 'total', file: '/srv/shop/cart.js', line: 31, column: 7, library: false, thrown: true },
      { function: 'Array.map', file: null, line: null, column: null, library: true, thrown: false },
      { function: 'handle', file: router, line: 449, column: 11, library: true, thrown: false },
    ]);
    expect(occurrences[0]).toMatchObject({ traceback, frames: null });
  });

  it('has frames with an occurrence whose traceback is another one', async () => {
    const error = await newError();
    const { traceback } = (await error.get()).error;
    const deeper = `Traceback (most recent call last):\n  File "main.py", line 2, in main\n${traceback}`;
    for (const changes of [{ traceback: deeper }, {}, { traceback: deeper }]) await error.again(changes);
    const { error: detail, occurrences } = await error.get();
    expect(detail.count).toBe(4);
    const [newest, same, older, first] = occurrences;
    expect(newest.frames).toMatchObject([
      { function: 'main', file: 'main.py', line: 2, thrown: false },
      { function: 'add', file: 'detail.py', line: detail.line, thrown: true },
    ]);
    expect(older).toMatchObject({ traceback: deeper, frames: newest.frames });
    expect([same, first]).toMatchObject([
      { traceback, frames: null },
      { traceback, frames: null },
    ]);
  });

  it.each([
    ['a sentence', 'The cart could not be saved.'],
    ['nothing but line breaks', '\n\r\n\n'],
    ['hostile text', '<script>alert(1)</script>\u2028\u202e{"frames":[]}'],
  ])('has neither language nor frames when its traceback is %s', async (_what, traceback) => {
    const error = await newError({ traceback });
    const { error: detail, occurrences } = await error.get();
    expect(detail).toMatchObject({ traceback, language: null, file: null, line: null, frames: null });
    expect(occurrences[0]).toMatchObject({ traceback, frames: null });
  });

  it('has frames without a place to group by when the traceback names no file', async () => {
    const { error: detail } = await (
      await newError({ traceback: 'Error: x\n    at Array.forEach (native)' })
    ).get();
    expect(detail).toMatchObject({ language: 'javascript', file: null, line: null });
    expect(detail.frames).toMatchObject([{ function: 'Array.forEach', library: true, thrown: false }]);
  });

  it('keeps to the first 2,000 frames of a deep recursion, and still says where it was thrown', async () => {
    const frame = (line: number) => `  File "deep.py", line ${line}, in f\n`;
    const deep = (length: number) =>
      `Traceback (most recent call last):\n${Array.from({ length }, (_, index) => frame(index + 1)).join('')}`;
    const recursion = await newError({ exception_type: 'RecursionError', traceback: deep(2500) });
    const { error: detail } = await recursion.get();
    expect(detail).toMatchObject({ file: 'deep.py', line: 2500 });
    expect(detail.frames).toHaveLength(2000);
    expect(detail.frames.at(-1)).toMatchObject({ line: 2000 });
    expect((detail.frames as { thrown: boolean }[]).some(({ thrown }) => thrown)).toBe(false);
    const whole = (await (await newError({ traceback: deep(2000) })).get()).error.frames;
    expect(whole.at(-1)).toMatchObject({ line: 2000, thrown: true });
  });

  it('keeps the newest five occurrences, newest first, and counts all', async () => {
    const error = await newError();
    for (let i = 2; i <= 12; i++) await error.again({ user_id: `report ${i}`, message: `message ${i}` });
    const { error: detail, occurrences } = await error.get();
    expect(detail).toMatchObject({ count: 12, message: 'invalid quantity' });
    expect((occurrences as { user_id: string }[]).map((occurrence) => occurrence.user_id)).toEqual([
      'report 12',
      'report 11',
      'report 10',
      'report 9',
      'report 8',
    ]);
    expect(occurrences[0].message).toBe('message 12');
  });

  it('is resolved any number of times, and opened again by the next report', async () => {
    const error = await newError();
    for (let i = 0; i < 2; i++) {
      const answer = await error.resolve();
      expect(answer.status).toBe(200);
      expect(answer.body).toEqual({ status: 'resolved' });
    }
    const { error: resolved } = await error.get();
    expect(resolved).toMatchObject({ resolved: true, resolved_at: expect.stringMatching(/Z$/) });
    expect((await error.again()).body).toMatchObject({ status: 'existing', count: 2 });
    const { error: reopened } = await error.get();
    expect(reopened).toMatchObject({ resolved: false, resolved_at: null });
    expect(reopened.last_seen > reopened.first_seen).toBe(true);
  });

  it('keeps resolved_at when it is resolved again', async () => {
    const error = await newError();
    await error.resolve();
    const { error: first } = await error.get();
    await error.resolve();
    expect((await error.get()).error.resolved_at).toBe(first.resolved_at);
  });

  it.each([
    ['999999', 404],
    ['0', 404],
    ['99999999999999999999999999', 404],
    ['-1', 400],
    ['1.5', 400],
    ['abc', 400],
    ['1e3', 400],
    ['0x1', 400],
    ['%00', 400],
    ['1%20', 400],
    ["1'%20OR%201=1", 400],
    ['%E0%A4%A', 400],
    ['..%2f..%2fetc', 400],
  ])('answers /api/errors/%s with %i, reading and resolving', async (id, status) => {
    for (const [path, method] of [
      [`/api/errors/${id}`, 'GET'],
      [`/api/errors/${id}/resolve`, 'POST'],
    ] as const) {
      const answer = await server.call(path, { method });
      expect(answer.status).toBe(status);
      expect(answer.body).toEqual({ detail: expect.stringMatching(/.+/) });
    }
  });

  it('lists every project that has reported, once and sorted', async () => {
    for (const project of ['zebra', 'apple', 'Äpfel', 'apple']) {
      await server.call('/api/errors', { json: aReport({ project }) });
    }
    expect((await server.call('/api/projects')).body).toEqual({
      projects: ['apple', 'shop', 'zebra', 'Äpfel'],
    });
  });
});
