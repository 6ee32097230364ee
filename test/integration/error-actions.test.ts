import { gzipSync } from 'node:zlib';
import { until } from '../support/faults/until';
import { aReport, pythonTraceback } from '../support/reports';
import { type Answer, startTestServer, type TestServer } from '../support/test-server';
import { startReceiver } from '../support/webhook-receiver';

const DEADLINE_MS = 10_000;

let server: TestServer;

async function start(env: Record<string, string> = {}): Promise<void> {
  server = await startTestServer(env);
}

afterEach(() => server.close());

const report = (line: number, changes: Record<string, unknown> = {}): Promise<Answer> =>
  server.call('/api/errors', { json: aReport({ traceback: pythonTraceback('cart.py', line), ...changes }) });

const newError = async (line: number, changes: Record<string, unknown> = {}): Promise<number> =>
  (await report(line, changes)).body.id;

const newErrors = (count: number): Promise<number[]> =>
  Promise.all(Array.from({ length: count }, (_, line) => newError(line)));

const post = (path: string) => server.call(`/api/errors/${path}`, { method: 'POST' });
const remove = (id: number | string) => server.call(`/api/errors/${id}`, { method: 'DELETE' });
const bulk = (action: string, ids: readonly number[]) =>
  server.call('/api/errors/bulk', { json: { action, ids } });
const get = async (id: number) => (await server.call(`/api/errors/${id}`)).body.error;
const countOf = (table: string) => server.database.value<number>(`SELECT count(*) FROM ${table}`);

describe('Reopening an error', () => {
  test('any number of times leaves it open, without a time at which it was resolved', async () => {
    await start();
    const id = await newError(1);
    await post(`${id}/resolve`);

    const answers = [await post(`${id}/reopen`), await post(`${id}/reopen`)];

    expect(answers.map(({ status, body }) => [status, body])).toEqual([
      [200, { status: 'open' }],
      [200, { status: 'open' }],
    ]);
    expect(await get(id)).toMatchObject({ resolved: false, resolved_at: null, count: 1 });
  });

  test('by hand and resolving it alert nobody; its next report after resolving does', async () => {
    const receiver = await startReceiver((_request, response) => response.end('ok'));
    await start({
      ALERT_WEBHOOK_URLS: receiver.url,
      ALERT_WEBHOOK_ALLOW_PRIVATE: 'true',
      ALERT_COOLDOWN_MINUTES: '0',
    });
    const id = await newError(1);
    await until(() => receiver.requests.length === 1, DEADLINE_MS);

    for (const action of ['resolve', 'reopen', 'resolve']) await post(`${id}/${action}`);
    await bulk('reopen', [id]);
    await bulk('resolve', [id]);
    await report(1);
    await until(() => receiver.requests.length > 1, DEADLINE_MS);
    const { body } = await server.call('/api/alerts/deliveries');
    await receiver.close();

    expect(body.deliveries.map(({ kind }: { kind: string }) => kind)).toEqual(['reopened', 'created']);
  });
});

describe('Deleting an error', () => {
  test('takes everything of it along, and nothing of others', async () => {
    await start();
    const id = await newError(1, { message: 'needle that goes' });
    await report(1);
    const kept = await newError(2, { message: 'needle that stays' });

    const { status, body } = await remove(id);

    expect([status, body]).toEqual([200, { status: 'deleted' }]);
    expect((await server.call(`/api/errors/${id}`)).status).toBe(404);
    expect((await server.call('/api/errors?search=needle')).body).toMatchObject({
      errors: [{ id: kept }],
      total: 1,
    });
    expect(await Promise.all(['errors', 'error_occurrences', 'error_search'].map(countOf))).toEqual([
      1, 1, 1,
    ]);
    expect(await server.database.findDamage()).toEqual([]);
  });

  test('a second time is 404', async () => {
    await start();
    const id = await newError(1);
    await remove(id);

    const { status, body } = await remove(id);

    expect([status, body]).toEqual([404, { detail: `There is no error ${id}` }]);
  });

  test('makes its next report a new error with another id and a count of its own', async () => {
    await start();
    const id = await newError(1);
    await report(1);
    await remove(id);

    const { status, body } = await report(1);

    expect([status, body.status]).toEqual([201, 'created']);
    expect(body.id).toBeGreaterThan(id);
    expect(await get(body.id)).toMatchObject({ count: 1, resolved: false });
  });

  test('while its alert is being taken leaves no delivery, and the next alert is sent', async () => {
    const held: (() => void)[] = [];
    const receiver = await startReceiver((_request, response) => held.push(() => response.end('ok')));
    await start({ ALERT_WEBHOOK_URLS: receiver.url, ALERT_WEBHOOK_ALLOW_PRIVATE: 'true' });
    const [taken, waiting] = [await newError(1), await newError(2)];
    await until(() => held.length === 1, DEADLINE_MS);

    await remove(taken);
    await remove(waiting);
    held[0]!();
    const told = await newError(3);
    await until(() => held.length === 2, DEADLINE_MS);
    held[1]!();
    await until(
      async () => (await server.call('/api/alerts/deliveries?state=sent')).body.total === 1,
      DEADLINE_MS,
    );
    const { body } = await server.call('/api/alerts/deliveries');
    await receiver.close();

    expect(body.deliveries).toMatchObject([{ error_id: told, state: 'sent' }]);
    expect(JSON.parse(receiver.requests[1]!.body.toString())).toMatchObject({ error: { id: told } });
    expect(await countOf('error_events')).toBe(0);
  });
});

describe('One action on many errors', () => {
  test('says which of them it changed, which were so already and which are unknown, each once', async () => {
    await start();
    const [first, second, third] = (await newErrors(3)) as [number, number, number];
    await post(`${second}/resolve`);
    const { resolved_at: resolvedAt } = await get(second);

    const resolved = await bulk('resolve', [third, second, 999, third, first]);
    const undone = await bulk('reopen', resolved.body.changed);

    expect(resolved.status).toBe(200);
    expect(resolved.body).toEqual({
      action: 'resolve',
      changed: [third, first],
      unchanged: [second],
      unknown: [999],
    });
    expect(undone.body).toMatchObject({ changed: [third, first], unchanged: [], unknown: [] });
    expect(await get(second)).toMatchObject({ resolved: true, resolved_at: resolvedAt });
    expect(await get(first)).toMatchObject({ resolved: false, resolved_at: null });
  });

  test('deletes 500, with all that belongs to them, while reports are answered in between', async () => {
    await start();
    const ids = await newErrors(500);
    const kept = await newError(501);
    const state = { done: false };

    const deleting = bulk('delete', [...ids, ids[0]!]).finally(() => (state.done = true));
    const { status } = await report(501);
    const answeredBeforeTheEnd = !state.done;
    const { body } = await deleting;

    expect(status).toBe(200);
    expect(answeredBeforeTheEnd).toBe(true);
    expect(body).toEqual({ action: 'delete', changed: ids, unchanged: [], unknown: [] });
    expect((await server.call('/api/errors')).body).toMatchObject({ errors: [{ id: kept }], total: 1 });
    expect(await Promise.all(['errors', 'error_search'].map(countOf))).toEqual([1, 1]);
  });

  test('beside reports and the opposite actions leaves every total right', async () => {
    await start();
    const ids = await newErrors(40);
    const rounds = Array.from({ length: 12 }, (_, round) => round);

    const statuses = await Promise.all(
      rounds.flatMap((round) => [
        bulk(['resolve', 'reopen', 'delete'][round % 3]!, ids.slice(round, round + 20)),
        ...Array.from({ length: 10 }, (_, line) => report(round + line)),
      ]),
    );

    expect(statuses.filter(({ status }) => status !== 200 && status !== 201)).toEqual([]);
    const counted = await server.database.all(
      'SELECT project, resolved, source, count(*) AS n FROM errors GROUP BY 1, 2, 3 ORDER BY 1, 2, 3',
    );
    expect(
      await server.database.all(
        'SELECT project, resolved, source, n FROM error_counts WHERE n <> 0 ORDER BY 1, 2, 3',
      ),
    ).toEqual(counted);
    expect(await countOf('error_search')).toBe(await countOf('errors'));
    expect(
      await server.database.value(
        `SELECT count(*) FROM errors WHERE CASE WHEN count < 5 THEN count ELSE 5 END <>
           (SELECT count(*) FROM error_occurrences WHERE error_id = errors.id)`,
      ),
    ).toBe(0);
  });
});

describe('An action that is asked for wrongly', () => {
  const JSON_TYPE = 'application/json';
  const ids = 'ids must be a list of 1 to 500 whole numbers';
  const action = 'action must be one of resolve, reopen, delete';
  const upTo501 = JSON.stringify(Array.from({ length: 501 }, (_, id) => id));

  test.each<[situation: string, type: string, body: string | Uint8Array, status: number, detail: string]>([
    ['nothing', JSON_TYPE, '', 400, 'The body is empty'],
    ['no JSON', JSON_TYPE, '{"action":', 400, 'The body is not valid JSON'],
    ['a list', JSON_TYPE, '[]', 400, 'The body must be a JSON object'],
    ['null', JSON_TYPE, 'null', 400, 'The body must be a JSON object'],
    ['no action', JSON_TYPE, '{"ids":[1]}', 400, action],
    ['an unknown action', JSON_TYPE, '{"action":"<b>","ids":[1]}', 400, action],
    ['an inherited name', JSON_TYPE, '{"action":"constructor","ids":[1]}', 400, action],
    ['a list of actions', JSON_TYPE, '{"action":["resolve"],"ids":[1]}', 400, action],
    ['no ids', JSON_TYPE, '{"action":"resolve"}', 400, ids],
    ['no id', JSON_TYPE, '{"action":"resolve","ids":[]}', 400, ids],
    ['ids that are no list', JSON_TYPE, '{"action":"resolve","ids":{"length":1,"0":1}}', 400, ids],
    ['an id as text', JSON_TYPE, '{"action":"resolve","ids":["1"]}', 400, ids],
    ['half an id', JSON_TYPE, '{"action":"resolve","ids":[1.5]}', 400, ids],
    ['a negative id', JSON_TYPE, '{"action":"resolve","ids":[1,-1]}', 400, ids],
    ['an id without digits to tell it', JSON_TYPE, '{"action":"resolve","ids":[1e300]}', 400, ids],
    ['null as an id', JSON_TYPE, '{"action":"resolve","ids":[1,null]}', 400, ids],
    ['501 ids', JSON_TYPE, `{"action":"delete","ids":${upTo501}}`, 400, ids],
    [
      'deep nesting',
      JSON_TYPE,
      `{"ids":${'['.repeat(30_000)}`,
      400,
      'The JSON is nested deeper than 64 levels',
    ],
    ['more than 64 KiB', JSON_TYPE, ' '.repeat(65_537), 413, 'The body must be at most 65536 bytes (64 KiB)'],
    [
      'a form',
      'application/x-www-form-urlencoded',
      'ids=1',
      415,
      'The Content-Type must be application/json',
    ],
    ['no type', '', '{"action":"resolve","ids":[1]}', 415, 'The Content-Type must be application/json'],
    ['another charset', `${JSON_TYPE}; charset=utf-16`, '{}', 415, 'The charset must be utf-8'],
  ])('is refused: %s', async (_situation, type, body, status, detail) => {
    await start();
    const id = await newError(1);

    const answer = await server.call('/api/errors/bulk', { body, headers: { 'Content-Type': type } });

    expect([answer.status, answer.body]).toEqual([status, { detail }]);
    expect(await get(id)).toMatchObject({ resolved: false });
  });

  test.each([
    ['br', '{}', 415, 'The Content-Encoding must be gzip or identity'],
    ['gzip', 'no gzip', 400, 'The body is not valid gzip'],
    ['gzip', gzipSync(' '.repeat(1_000_000)), 413, 'The body must be at most 65536 bytes (64 KiB)'],
  ])('is refused with Content-Encoding %s: %#', async (encoding, body, status, detail) => {
    await start();
    const headers = { 'Content-Type': JSON_TYPE, 'Content-Encoding': encoding };

    const answer = await server.call('/api/errors/bulk', { method: 'POST', body, headers });

    expect([answer.status, answer.body]).toEqual([status, { detail }]);
  });

  test.each([
    ['999999', 404],
    ['0', 404],
    ['99999999999999999999999999', 404],
    ['-1', 400],
    ['1.5', 400],
    ['abc', 400],
    ['bulk', 400],
    ['1%20', 400],
    ['%E0%A4%A', 400],
  ])('is refused: reopening and deleting /api/errors/%s with %i', async (id, status) => {
    await start();

    for (const answer of [await remove(id), await post(`${id}/reopen`)]) {
      expect([answer.status, answer.body]).toEqual([status, { detail: expect.stringMatching(/.+/) }]);
    }
  });
});

test('A server whose database is locked answers actions with 503 and changes nothing', async () => {
  await start();
  const id = await newError(1);
  const unlock = await server.database.lock();
  const answers = await Promise.all([post(`${id}/resolve`), remove(id), bulk('delete', [id])]);
  await unlock();

  expect(answers.map(({ status, headers }) => [status, headers.get('retry-after')])).toEqual([
    [503, '5'],
    [503, '5'],
    [503, '5'],
  ]);
  expect(await get(id)).toMatchObject({ resolved: false });
});
