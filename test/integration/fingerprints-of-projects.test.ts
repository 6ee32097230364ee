import {
  anEnvelope,
  anEvent,
  errorsOf,
  type EventProject,
  makeEventProject,
  sendEvent,
} from '../support/events';
import { reportWithKey, send } from '../support/ingest-keys';
import { startTestServer, type TestServer } from '../support/test-server';

const traceback = '  File "pay.py", line 7, in pay';

/** An event that was thrown at `pay.py:7`. */
const thrown = (type: string, value: string) =>
  anEvent({
    exception: { values: [{ type, value, stacktrace: { frames: [{ filename: 'pay.py', lineno: 7 }] } }] },
  });

describe('Two projects whose errors have the same fingerprint, since a name holds a colon', () => {
  let server: TestServer;
  let victim: EventProject;
  let other: EventProject;

  beforeAll(async () => {
    server = await startTestServer();
    victim = await makeEventProject(server, 'shop:eu');
    other = await makeEventProject(server, 'shop');
  });
  afterAll(() => server.close());

  const summaryOf = async (project: string) =>
    (await errorsOf(server, project)).map(({ exception_type, message, count }) => [
      exception_type,
      message,
      count,
    ]);

  test('keep them apart: a key counts, reopens and overwrites nothing of another project', async () => {
    await sendEvent(server, victim, thrown('ValueError', 'mine'));
    const { id } = (await errorsOf(server, 'shop:eu'))[0]!;
    await server.call(`/api/errors/${id}/resolve`, { method: 'POST' });
    for (let i = 0; i < 6; i++)
      expect((await sendEvent(server, other, thrown('eu:ValueError', 'injected'))).status).toBe(200);
    const report = { project: 'shop', exception_type: 'eu:ValueError', message: 'injected', traceback };
    expect(await reportWithKey(server, other.key, report)).toMatchObject({ status: 200, body: { count: 7 } });

    const { body } = await server.call(`/api/errors/${id}`);
    expect(body.error).toMatchObject({ count: 1, resolved: true, message: 'mine' });
    expect(body.occurrences.map(({ message }: { message: string }) => message)).toEqual(['mine']);
    expect(await summaryOf('shop')).toEqual([['eu:ValueError', 'injected', 7]]);
  });

  test('keep them apart also when they are new and come at the same time', async () => {
    const statuses = await Promise.all(
      Array.from({ length: 20 }, async (_, i) => {
        const [project, type] =
          i % 2 === 0 ? ([victim, 'KeyError'] as const) : ([other, 'eu:KeyError'] as const);
        return (await sendEvent(server, project, thrown(type, 'both'))).status;
      }),
    );
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(await summaryOf('shop')).toContainEqual(['eu:KeyError', 'both', 10]);
    expect(await summaryOf('shop:eu')).toContainEqual(['KeyError', 'both', 10]);
    expect(await server.database.findDamage()).toEqual([]);
  });

  test('keep events and feedback with their own, also when one of them is deleted', async () => {
    const ids = ['a', 'b', 'c', 'd'].map((digit) => digit.repeat(32));
    const sendOne = async (project: EventProject, type: string, event_id: string) =>
      expect((await sendEvent(server, project, { ...thrown(type, 'x'), event_id })).status).toBe(200);
    const placeOf = async (id: string) => (await server.call(`/api/events/${id}?project=shop`)).body.error_id;
    const errorIds = async (project: string, type: string) =>
      (await errorsOf(server, project))
        .filter(({ exception_type }) => exception_type === type)
        .map(({ id }) => id);
    await sendOne(victim, 'OSError', ids[0]!);
    await sendOne(other, 'eu:OSError', ids[0]!);
    await sendOne(other, 'eu:OSError', ids[1]!);
    const [ofVictim] = await errorIds('shop:eu', 'OSError');
    const [apart] = await errorIds('shop', 'eu:OSError');

    expect(apart).not.toBe(ofVictim);
    expect(await placeOf(ids[0]!)).toBe(apart);
    expect((await server.call(`/api/events/${ids[0]}`)).body).toMatchObject({
      project: 'shop',
      error_id: apart,
      occurrence_id: expect.any(Number),
      others: [{ project: 'shop:eu', error_id: ofVictim }],
    });
    for (const project of [victim, other]) {
      const report = { event_id: ids[0], name: 'Ada', email: 'ada@example.test', comments: 'It is slow' };
      const body = anEnvelope({}, ['user_report', report]);
      expect((await send(server, project.envelopePath, { body })).status).toBe(200);
    }
    for (const [id, project] of [
      [ofVictim, 'shop:eu'],
      [apart, 'shop'],
    ] as const) {
      const { body } = await server.call(`/api/feedback?error_id=${id}`);
      expect(body.feedback).toMatchObject([{ project, event_id: ids[0] }]);
    }

    await server.call(`/api/errors/${ofVictim}`, { method: 'DELETE' });
    await sendOne(other, 'eu:OSError', ids[2]!);
    const plain = (await errorIds('shop', 'eu:OSError')).find((id) => id !== apart);
    expect(plain).toEqual(expect.any(Number));
    expect(await Promise.all(ids.map(placeOf))).toEqual([apart, apart, plain, undefined]);
  });
});
