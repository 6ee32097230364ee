import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { RetentionService } from '../../src/retention/retention.service';
import { until } from '../support/faults/until';
import { listen, type LiveListener } from '../support/live-events';
import { aReport, pythonTraceback } from '../support/reports';
import { endSpawned, startSpawnedServer } from '../support/spawned-server';
import { API_KEY, startTestServer, type TestServer } from '../support/test-server';

const MOST_LISTENERS = 100;
const DEADLINE_MS = 5_000;

let server: TestServer;

const start = async (env: Record<string, string> = {}) => (server = await startTestServer(env));
const stop = () => server.close();

async function report(line: number, changes: Record<string, unknown> = {}): Promise<number> {
  const json = aReport({ traceback: pythonTraceback('live.py', line), ...changes });
  return (await server.call('/api/errors', { json })).body.id;
}

const reports = (count: number): Promise<number[]> =>
  Promise.all(Array.from({ length: count }, (_, line) => report(line)));
const act = (id: number, action: string) => server.call(`/api/errors/${id}/${action}`, { method: 'POST' });
const bulk = (action: string, ids: number[]) => server.call('/api/errors/bulk', { json: { action, ids } });

describe('Whoever listens', () => {
  beforeEach(() => start());
  afterEach(stop);

  test('is greeted with the time, on an answer that no cache and no proxy holds back', async () => {
    const listener = await listen(server.url);
    await until(() => listener.text().endsWith('\n\n'), DEADLINE_MS);

    expect(listener.status).toBe(200);
    expect(Object.fromEntries(listener.headers)).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      'x-content-type-options': 'nosniff',
    });
    const [, time] = /^event: hello\ndata: \{"server_time":"(.*Z)"\}\n\n$/.exec(listener.text())!;
    expect(Math.abs(Date.now() - Date.parse(time!))).toBeLessThan(5_000);
  });

  test('hears of errors that are new, reported, back, opened by hand, resolved and deleted', async () => {
    const project = 'Köln\n\ndata: {}';
    const names = ['known', 'back', 'resolved by hand', 'open', 'gone'];
    const ids = await Promise.all(names.map((_, line) => report(line, { project })));
    const [known, back, resolved, open, gone] = ids as [number, number, number, number, number];
    await bulk('resolve', [back, resolved]);
    const listener = await listen(server.url);

    const created = await report(9, { project });
    await Promise.all([report(0, { project }), report(1, { project })]);
    await act(resolved, 'reopen');
    await act(open, 'resolve');
    await server.call(`/api/errors/${gone}`, { method: 'DELETE' });
    const changes = () => listener.messages().flatMap((message) => message.changes);
    await until(() => changes().length === 6, DEADLINE_MS);

    expect(changes().sort((left, right) => left.id - right.id)).toEqual([
      { id: known, project, kind: 'reported' },
      { id: back, project, kind: 'reopened' },
      { id: resolved, project, kind: 'reopened' },
      { id: open, project, kind: 'resolved' },
      { id: gone, project, kind: 'deleted' },
      { id: created, project, kind: 'created' },
    ]);
  });

  test('hears what retention deletes', async () => {
    const [id] = await reports(2);
    await act(id!, 'resolve');
    await server.database.run(
      "UPDATE errors SET last_seen = '2001-01-01', resolved_at = '2001-01-01' WHERE id = ?",
      [id],
    );
    const listener = await listen(server.url);

    await server.app.get(RetentionService).prune();

    expect(await listener.next()).toEqual({
      changes: [{ id, project: 'shop', kind: 'deleted' }],
      more: false,
    });
  });

  test('hears once of what happened to an error within a second: that it is new or back, or what was last', async () => {
    const [back, gone] = (await reports(2)) as [number, number];
    await bulk('resolve', [back]);
    const listener = await listen(server.url);

    const [created] = await Promise.all([report(7), report(0)]);
    await Promise.all([report(7), report(0), report(1)]);
    await server.call(`/api/errors/${gone}`, { method: 'DELETE' });
    const { changes, more } = await listener.next();

    expect(more).toBe(false);
    expect(new Map(changes.map(({ id, kind }) => [id, kind]))).toEqual(
      new Map([
        [created, 'created'],
        [back, 'reopened'],
        [gone, 'deleted'],
      ]),
    );
    expect(changes).toHaveLength(3);
  });

  test('gets at most 200 changes at once, and is told that there were more', async () => {
    const ids = await reports(250);
    const listener = await listen(server.url);

    await bulk('resolve', ids);
    const { changes, more } = await listener.next();
    await bulk('reopen', ids.slice(0, 200));
    const next = await listener.next();

    expect(changes.map(({ id }) => id)).toEqual(ids.slice(0, 200));
    expect(more).toBe(true);
    expect(next.changes).toHaveLength(200);
    expect(next.more).toBe(false);
  });

  test('gets at most one message a second, however much is reported', async () => {
    const listener = await listen(server.url);
    const startedAt = Date.now();

    while (Date.now() - startedAt < 2_500) await report(1);

    const { length } = listener.messages();
    expect([1, 2]).toContain(length);
  });

  test('hears the same as the others, and nothing of what was before', async () => {
    const id = await report(1);
    const first = await listen(server.url);
    const second = await listen(server.url);

    await act(id, 'resolve');
    const heard = [await first.next(), await second.next()];
    await first.close();
    await act(id, 'reopen');
    heard.push(await second.next());

    expect(heard.map(({ changes }) => changes)).toEqual([
      [{ id, project: 'shop', kind: 'resolved' }],
      [{ id, project: 'shop', kind: 'resolved' }],
      [{ id, project: 'shop', kind: 'reopened' }],
    ]);
  });

  test('hears nothing that happened while nobody listened', async () => {
    await (await listen(server.url)).close();
    await report(1);
    const listener = await listen(server.url);
    await pause(1_200);
    expect(listener.messages()).toEqual([]);
  });

  test('with HEAD gets the headers alone', async () => {
    const listener = await listen(server.url, 'HEAD');
    expect(listener.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(await listener.ended).toBe(true);
  });
});

describe('Listeners', () => {
  afterEach(stop);

  test('beyond a hundred are refused with 503 until one goes', async () => {
    await start();
    const listeners = await Promise.all(Array.from({ length: MOST_LISTENERS }, () => listen(server.url)));

    const refused = await server.call('/api/events');
    await listeners[0]!.close();
    await until(async () => (await admitted(1))[0]!, DEADLINE_MS);

    expect(new Set(listeners.map(({ status }) => status))).toEqual(new Set([200]));
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('5');
    expect(refused.body).toEqual({
      detail: '100 clients are listening already; try again in a few seconds',
    });
  });

  test('that ask many times on one connection, or reset it at once, leave no place taken', async () => {
    await start();
    const asking = request(server.url, MOST_LISTENERS);
    await new Promise((resolve) => asking.once('readable', resolve));
    for (let i = 0; i < 20; i++) {
      const socket = request(server.url);
      socket.once('ready', () => setImmediate(() => socket.resetAndDestroy()));
      await new Promise((resolve) => socket.on('close', resolve));
    }
    asking.destroy();

    await until(async () => (await admitted(MOST_LISTENERS)).every(Boolean), DEADLINE_MS);
  });

  test('that ask behind another request on the same connection are greeted after its answer', async () => {
    await start();
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    const headers = `Host: x\r\nX-API-Key: ${API_KEY}\r\n\r\n`;
    socket.write(`GET /api/errors HTTP/1.1\r\n${headers}GET /api/events HTTP/1.1\r\n${headers}`);
    let answers = '';
    socket.on('data', (bytes) => (answers += bytes.toString()));

    await until(() => answers.includes('event: hello'), DEADLINE_MS);

    expect(answers.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 200']);
    socket.destroy();
  });

  test('count towards the rate limit when they begin and not while they listen', async () => {
    await start({ RATE_LIMIT_PER_MINUTE: '4' });
    const listener = await listen(server.url);
    const id = await report(1);
    await listener.next();
    await act(id, 'resolve');
    await listener.next();

    const { status, headers } = await server.call('/api/projects');

    expect(listener.headers.get('x-ratelimit-remaining')).toBe('3');
    expect([status, headers.get('x-ratelimit-remaining')]).toEqual([200, '0']);
  });

  /** Whether so many more are let in together; they go at once. */
  async function admitted(count: number): Promise<boolean[]> {
    const listeners = await Promise.all(Array.from({ length: count }, () => listen(server.url)));
    await Promise.all(listeners.map((listener) => listener.close()));
    return listeners.map(({ status }) => status === 200);
  }
});

describe('A server that is stopped', () => {
  afterEach(endSpawned);

  test('ends all streams at once and exits, also when one of them is not read', async () => {
    const spawned = await startSpawnedServer();
    const listeners: LiveListener[] = [];
    for (let i = 0; i < 20; i++) listeners.push(await listen(spawned.url));
    const unread = request(spawned.url);
    await new Promise((resolve) => unread.once('readable', resolve));
    await spawned.call('/api/errors', { json: aReport() });

    const stoppedAt = Date.now();
    spawned.kill('SIGTERM');
    const endedWell = await Promise.all(listeners.map(({ ended }) => ended));
    const endedMs = Date.now() - stoppedAt;
    const { code, stderr } = await spawned.ended;
    const exitedMs = Date.now() - stoppedAt;
    unread.destroy();

    expect(new Set(endedWell)).toEqual(new Set([true]));
    expect([code, stderr]).toEqual([0, '']);
    expect(endedMs).toBeLessThan(1_000);
    expect(exitedMs).toBeLessThan(3_000);
  });
});

/** Asks for the stream on a socket that reads nothing by itself. */
function request(url: string, times = 1): Socket {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write(`GET /api/events HTTP/1.1\r\nHost: x\r\nX-API-Key: ${API_KEY}\r\n\r\n`.repeat(times));
  return socket;
}
