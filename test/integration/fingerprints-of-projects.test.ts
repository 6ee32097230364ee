import { anEvent, errorsOf, type EventProject, makeEventProject, sendEvent } from '../support/events';
import { reportWithKey } from '../support/ingest-keys';
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
});
