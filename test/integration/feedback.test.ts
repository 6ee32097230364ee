import { toSqlTime } from '../../src/database/sql-time';
import { KEPT_FEEDBACK } from '../../src/feedback/feedback';
import { RetentionService } from '../../src/retention/retention.service';
import {
  anEnvelope,
  anEvent,
  type EventProject,
  errorsOf,
  makeEventProject,
  sendEvent,
} from '../support/events';
import { setAge } from '../support/expired-errors';
import { until } from '../support/faults/until';
import { send } from '../support/ingest-keys';
import { temporaryDatabase } from '../support/temporary-database';
import { startTestServer, type TestServer } from '../support/test-server';

const EVENT = 'fc6d8c0c43fc4630ad850ee518f1b9d0';
const OTHER_EVENT = 'ad8e5a02aa404749a8d849e22d011512';
const OWN = '116faa21ae794270be328462ac636dac';
const NEW_FORM = {
  type: 'feedback',
  event_id: OWN,
  contexts: {
    feedback: {
      message: 'I pressed Pay',
      contact_email: 'ada@example.test',
      name: 'Ada',
      url: 'https://shop.example.com/cart',
      associated_event_id: EVENT,
    },
  },
};
const OLD_FORM = { event_id: EVENT, name: 'Bob', email: 'bob@example.test', comments: 'It is slow' };
const DAY_MS = 86_400_000;

describe('feedback of users', () => {
  let server: TestServer;
  let project: EventProject;
  let names = 0;
  beforeAll(async () => (server = await startTestServer({ RETENTION_DAYS: '30' })));
  afterAll(() => server.close());
  beforeEach(async () => (project = await makeEventProject(server, `project ${++names}`)));

  const name = () => `project ${names}`;
  const post = (...items: Parameters<typeof anEnvelope>[1][]) =>
    send(server, project.envelopePath, { body: anEnvelope({}, ...items) });
  const list = async (query = `project=${encodeURIComponent(name())}`) => {
    const { status, body } = await server.call(`/api/feedback?${query}`);
    expect(status).toBe(200);
    return body;
  };
  const messages = async (query?: string): Promise<string[]> =>
    (await list(query)).feedback.map(({ message }: { message: string }) => message);
  const sendError = async (eventId = EVENT, type = 'SomeError') => {
    const event = anEvent({ event_id: eventId, exception: { values: [{ type, value: 'x' }] } });
    expect((await sendEvent(server, project, event)).status).toBe(200);
    return (await errorsOf(server, name()))[0]!.id;
  };
  const olderOnes = (errorId: number | null) =>
    Array.from({ length: KEPT_FEEDBACK }, (_, index) => ({
      project: name(),
      own_id: `${errorId} ${index}`,
      error_id: errorId,
      message: `older ${index}`,
      received_at: '2026-11-01 00:00:00.000',
    }));

  it('is kept with the error of the event that it is about, newest first', async () => {
    const id = await sendError();
    expect(await post(['feedback', NEW_FORM])).toMatchObject({ status: 200, body: { id: OWN } });
    expect((await post(['user_report', OLD_FORM])).status).toBe(200);

    const { feedback, ...page } = await list(`error_id=${id}`);

    expect(page).toEqual({ total: 2, limit: 50, offset: 0 });
    const about = { id: expect.any(Number), project: name(), error_id: id, event_id: EVENT };
    const receivedAt = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    expect(feedback).toEqual([
      {
        ...about,
        name: 'Bob',
        email: 'bob@example.test',
        message: 'It is slow',
        url: null,
        received_at: receivedAt,
      },
      {
        ...about,
        name: 'Ada',
        email: 'ada@example.test',
        message: 'I pressed Pay',
        url: 'https://shop.example.com/cart',
        received_at: receivedAt,
      },
    ]);
    expect(await messages(`error_id=${id}&limit=1&offset=1`)).toEqual(['I pressed Pay']);
    expect(await messages(`error_id=${id}&project=other`)).toEqual([]);
  });

  it('may come with its event, and in place of one', async () => {
    const event = { message: 'no such price', event_id: EVENT };
    expect((await post(['user_report', OLD_FORM], ['event', event])).body).toEqual({ id: EVENT });
    const store = `/api/${project.projectId}/store/?sentry_key=${project.key}`;
    const answer = await send(server, store, { body: JSON.stringify(NEW_FORM) });

    expect(answer).toMatchObject({ status: 200, body: { id: OWN } });
    const [error, ...others] = await errorsOf(server, name());
    expect([error!.count, others]).toEqual([1, []]);
    expect(await messages(`error_id=${error!.id}`)).toEqual(['I pressed Pay', 'It is slow']);
  });

  it('is kept without an error when its event is unknown in the project', async () => {
    await sendError();
    project = await makeEventProject(server, `project ${++names}`);
    await post(['feedback', NEW_FORM], ['user_report', OLD_FORM]);
    await post(['feedback', { contexts: { feedback: { message: 'about nothing' } } }]);

    const { feedback } = await list();

    expect(feedback).toMatchObject([
      { error_id: null, event_id: null, message: 'about nothing' },
      { error_id: null, event_id: EVENT, message: 'It is slow' },
      { error_id: null, event_id: EVENT, message: 'I pressed Pay' },
    ]);
  });

  it('finds its error when its event comes later, also after a start, and then belongs to it', async () => {
    const database = await temporaryDatabase();
    const env = { ...database.env, RETENTION_DAYS: '30' };
    let other = await startTestServer(env);
    try {
      const shop = await makeEventProject(other, 'shop');
      const billing = await makeEventProject(other, 'billing');
      const say = (eventId: string, comments: string) =>
        send(other, shop.envelopePath, {
          body: anEnvelope({}, ['user_report', { event_id: eventId, comments }]),
        });
      const attached = async () =>
        (await other.call('/api/feedback?attached=true&project=shop')).body as Record<string, unknown>;
      await say(EVENT, 'before its event');
      await sendEvent(other, billing, undefined, { event_id: EVENT });
      await sendEvent(other, shop, undefined, { event_id: EVENT });
      await until(async () => (await attached()).total === 1, 10_000);

      const [error] = await errorsOf(other, 'shop');
      expect(await attached()).toMatchObject({
        feedback: [{ message: 'before its event', error_id: error!.id }],
      });

      // Of others that wait, too many to be looked at together, some came too long ago.
      const waiting = (ownId: string, eventId: string, minutes: number) => ({
        project: 'shop',
        own_id: ownId,
        event_id: eventId,
        message: ownId,
        received_at: toSqlTime(new Date(Date.now() - minutes * 60_000)),
      });
      await other.database.insert(
        'feedback',
        olderOnes(error!.id).map((row) => ({ ...row, project: 'shop' })),
      );
      await other.database.insert('feedback', [
        waiting('too old', OTHER_EVENT, 62),
        ...Array.from({ length: 250 }, (_, index) => waiting(`unknown ${index}`, `${index}`, 50)),
        waiting('in time', OTHER_EVENT, 2),
      ]);
      await sendEvent(other, shop, undefined, { event_id: OTHER_EVENT });
      await other.close();
      other = await startTestServer(env);
      await until(async () => JSON.stringify(await attached()).includes('in time'), 10_000);

      expect(await attached()).toMatchObject({ total: KEPT_FEEDBACK });
      const rest = (await other.call('/api/feedback?attached=false&limit=1')).body;
      expect(rest).toMatchObject({ total: 251, feedback: [{ error_id: null, message: 'unknown 249' }] });
      await other.call(`/api/errors/${error!.id}`, { method: 'DELETE' });
      expect(await attached()).toMatchObject({ total: 0 });
    } finally {
      await other.close();
      await database.remove();
    }
  });

  it('is stored once, however often it is sent at the same time, in each project', async () => {
    const both: Parameters<typeof post> = [
      ['feedback', NEW_FORM],
      ['user_report', OLD_FORM],
    ];
    const answers = await Promise.all(Array.from({ length: 10 }, () => post(...both)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    await post(['user_report', { ...OLD_FORM, comments: 'It is still slow' }]);
    expect((await list()).total).toBe(3);
    await until(async () => (await ledger()).includes('duplicate event-id feedback 18'), 5_000);

    project = await makeEventProject(server, `project ${++names}`);
    await post(...both);
    expect((await list()).total).toBe(2);
  });

  it('goes with its error, deleted by hand or by retention, and stays when that is not', async () => {
    const id = await sendError();
    await post(['feedback', NEW_FORM], ['user_report', { ...OLD_FORM, event_id: OTHER_EVENT }]);
    expect((await list()).total).toBe(2);
    expect((await server.call(`/api/errors/${id}`, { method: 'DELETE' })).status).toBe(200);
    expect(await messages()).toEqual(['It is slow']);
    // Its event was counted for an error that is gone.
    await post(['user_report', OLD_FORM]);
    expect((await list()).feedback[0]).toMatchObject({ error_id: null, event_id: EVENT });

    await server.database.run('UPDATE feedback SET received_at = ? WHERE project = ? AND event_id = ?', [
      new Date(Date.now() - 31 * DAY_MS).toISOString().replace('T', ' ').replace('Z', ''),
      name(),
      OTHER_EVENT,
    ]);
    const old = await sendError('0'.repeat(31) + '1', 'OtherError');
    await post([
      'user_report',
      { ...OLD_FORM, event_id: '0'.repeat(31) + '1', comments: 'of an open error' },
    ]);
    await server.database.run('UPDATE feedback SET received_at = ? WHERE error_id = ?', [
      '2020-01-01 00:00:00.000',
      old,
    ]);
    await server.app.get(RetentionService).prune();
    expect(await messages()).toEqual(['of an open error', 'It is slow']);

    await setAge(server.database, old, { resolved: true, lastSeen: 31, resolvedAt: 31 });
    await server.app.get(RetentionService).prune();
    expect(await messages()).toEqual(['It is slow']);
  });

  it('is kept up to a thousand for each error, and for what belongs to none', async () => {
    const id = await sendError();
    await server.database.insert('feedback', olderOnes(id));
    await server.database.insert('feedback', olderOnes(null));
    const oldest = async (query: string) =>
      (await messages(`${query}&limit=1&offset=${KEPT_FEEDBACK - 1}`))[0];
    const ofProject = `project=${encodeURIComponent(name())}`;

    await post(['user_report', OLD_FORM]);
    expect(await list(`error_id=${id}&limit=1`)).toMatchObject({
      total: KEPT_FEEDBACK,
      feedback: [{ message: 'It is slow' }],
    });
    expect(await oldest(`error_id=${id}`)).toBe('older 1');
    expect((await list(ofProject)).total).toBe(2 * KEPT_FEEDBACK);

    await post(['user_report', { ...OLD_FORM, event_id: OTHER_EVENT }]);
    expect((await list(ofProject)).total).toBe(2 * KEPT_FEEDBACK);
    expect((await list(`error_id=${id}`)).total).toBe(KEPT_FEEDBACK);
  });

  it('may be of any size and kind: what says nothing is left out, and the ledger says so', async () => {
    const long = 'x'.repeat(25_000);
    const answer = await post(
      ['feedback', { contexts: { feedback: { message: long, name: long, contact_email: long, url: long } } }],
      ['feedback', { contexts: { feedback: { message: 'x'.repeat(110 * 1024) } } }],
      ['feedback', { contexts: { feedback: { message: ' ', name: 'Ada' } } }],
      ['user_report', '{'],
      ['user_report', { event_id: [EVENT], name: { a: 1 }, email: 7, comments: '\0\ud800' }],
    );

    expect(answer.status).toBe(200);
    const { feedback } = await list();
    expect(feedback).toMatchObject([
      { name: null, email: '7', message: '\ufffd\ufffd', event_id: null },
      { message: `${'x'.repeat(4_095)}…`, name: `${'x'.repeat(199)}…`, email: `${'x'.repeat(199)}…` },
    ]);
    expect(feedback[1].url).toHaveLength(4_096);
    await until(async () => (await ledger()).length === 3, 5_000);
    expect((await ledger()).sort()).toEqual([
      'ignored item-type feedback 1',
      'ignored item-type feedback without message 1',
      'ignored item-type user_report without message 1',
    ]);
  });

  it('is refused for a moment when too much of it waits, and what was taken is stored', async () => {
    // As much as an envelope may have; in memory twice that.
    const much = (which: string) =>
      Array.from({ length: 11 }, (_, index): Parameters<typeof post>[0] => [
        'user_report',
        { comments: `${which}${index}${'x'.repeat(90_000)}` },
      ]);
    const unlock = await server.database.lock();
    const sent = ['a', 'b', 'c'].map((which) => post(...much(which)));
    const refused = await Promise.race(sent);
    await unlock();

    expect(refused).toMatchObject({
      status: 503,
      body: { detail: 'Too much feedback is waiting to be written; try again in a second' },
    });
    expect(refused.headers.get('retry-after')).toBe('1');
    expect((await Promise.all(sent)).map(({ status }) => status).sort()).toEqual([200, 200, 503]);
    expect((await list('limit=1&project=' + encodeURIComponent(name()))).total).toBe(22);
  });

  it.each([
    ['error_id=0', 'error_id must be the id of an error'],
    ['error_id=x', 'error_id must be the id of an error'],
    ['attached=1', 'attached must be true or false'],
    ['project=', 'project must be 1 to 100 characters long'],
    ['project=a&project=b', 'project must be given once'],
    ['limit=201', 'limit must be a whole number from 1 to 200'],
    ['offset=-1', 'offset must be a whole number of at least 0'],
  ])('is not listed with %s', async (query, detail) => {
    expect(await server.call(`/api/feedback?${query}`)).toMatchObject({ status: 400, body: { detail } });
  });

  it('is listed with the API key only', async () => {
    const keys: Record<string, string>[] = [
      {},
      { 'X-API-Key': project.key },
      { 'X-Ingest-Key': project.key },
    ];
    const statuses = await Promise.all(
      keys.map(async (headers) => (await send(server, '/api/feedback', { method: 'GET', headers })).status),
    );
    expect(statuses).toEqual([401, 401, 401]);
    expect(await list('error_id=999999&project=%00')).toEqual({
      feedback: [],
      total: 0,
      limit: 50,
      offset: 0,
    });
  });

  const ledger = async (): Promise<string[]> => {
    const { body } = await server.call(`/api/ledger?project_id=${project.projectId}&limit=200`);
    const entries = body.entries as { outcome: string; reason: string; detail: string; count: number }[];
    return entries.map(({ outcome, reason, detail, count }) => `${outcome} ${reason} ${detail} ${count}`);
  };
});
