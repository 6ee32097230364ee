import { WriteQueue } from '../../src/errors/write-queue';
import { RetentionService } from '../../src/retention/retention.service';
import { anEvent, type EventProject, errorsOf, makeEventProject, sendEvent } from '../support/events';
import { until } from '../support/faults/until';
import { aParsedReport } from '../support/reports';
import { startTestServer, type TestServer } from '../support/test-server';

const DAY_MS = 86_400_000;
const ID = 'fc6d8c0c43fc4630ad850ee518f1b9d0';
const idOf = (number: number) => number.toString(16).padStart(32, '0');

describe('GET /api/events/{event_id}', () => {
  let server: TestServer;
  let shop: EventProject;
  let billing: EventProject;

  beforeAll(async () => {
    server = await startTestServer();
    shop = await makeEventProject(server, 'shop');
    billing = await makeEventProject(server, 'billing');
  });
  afterAll(() => server.close());
  beforeEach(async () => {
    await server.database.run('DELETE FROM event_ids');
    await server.database.run('DELETE FROM errors');
  });

  const find = (path: string) => server.call(`/api/events/${path}`);

  it.each([
    ID,
    ID.toUpperCase(),
    'fc6d8c0c-43fc-4630-ad85-0ee518f1b9d0',
    'FC6D8C0C-43FC-4630-AD85-0EE518F1B9D0',
  ])('finds the error by %s', async (written) => {
    await sendEvent(server, shop, anEvent({ event_id: ID }));
    const [error] = await errorsOf(server, 'shop');
    const { body: detail } = await server.call(`/api/errors/${error!.id}`);

    const { status, body } = await find(written);

    expect(status).toBe(200);
    expect(body).toEqual({
      event_id: ID,
      project: 'shop',
      error_id: error!.id,
      occurrence_id: detail.occurrences[0].id,
      received_at: detail.occurrences[0].timestamp,
      others: [],
    });
  });

  it('finds the error of an event whose occurrence is not kept any more', async () => {
    for (const number of [1, 2, 3, 4, 5, 6])
      await sendEvent(server, shop, anEvent({ event_id: idOf(number) }));
    const [error] = await errorsOf(server, 'shop');
    expect((await find(idOf(1))).body).toMatchObject({ error_id: error!.id, occurrence_id: null });
    expect((await find(idOf(2))).body.occurrence_id).toEqual(expect.any(Number));
  });

  it('finds the latest of several projects, or that of one', async () => {
    await sendEvent(server, shop, anEvent({ event_id: ID }));
    await sendEvent(server, billing, anEvent({ event_id: ID }));
    const [[ofShop], [ofBilling]] = [await errorsOf(server, 'shop'), await errorsOf(server, 'billing')];
    const inShop = { project: 'shop', error_id: ofShop!.id };
    const inBilling = { project: 'billing', error_id: ofBilling!.id };
    expect((await find(ID)).body).toMatchObject({ ...inBilling, others: [inShop] });
    expect((await find(`${ID}?project=shop`)).body).toMatchObject({ ...inShop, others: [] });
    expect((await find(`${ID}?project=nobody`)).status).toBe(404);
  });

  it('says for how long ids are kept when it knows none, or the error was deleted', async () => {
    await sendEvent(server, shop, anEvent({ event_id: ID }));
    const [error] = await errorsOf(server, 'shop');
    await server.call(`/api/errors/${error!.id}`, { method: 'DELETE' });
    const detail = `There is no event ${ID}: ids are kept for 30 days, at most the newest million`;
    expect(await find(ID)).toMatchObject({ status: 404, body: { detail } });
    expect((await find(idOf(7))).status).toBe(404);
  });

  it.each([
    '1',
    'x'.repeat(32),
    `${ID}0`,
    'fc6d8c0c43fc-4630-ad85-0ee518f1b9d0',
    `${ID.slice(0, 31)}%00`,
    '%20',
  ])('refuses %s', async (path) => {
    const detail = 'event_id must be 32 hex digits or a UUID';
    expect(await find(path)).toMatchObject({ status: 400, body: { detail } });
  });

  it('is for those with the API key', async () => {
    expect((await fetch(`${server.url}/api/events/${ID}`)).status).toBe(401);
    expect((await find(`${ID}?project=a&project=b`)).body.detail).toBe('project must be given once');
  });

  describe('forgets', () => {
    const stored = async () =>
      (await server.database.all<{ id: number }>('SELECT id FROM event_ids ORDER BY id')).map(({ id }) => id);

    async function addIds(from: number, to: number, ageDays: number): Promise<void> {
      const time = new Date(Date.now() - ageDays * DAY_MS).toISOString().replace('T', ' ').replace('Z', '');
      const ids = Array.from({ length: to - from + 1 }, (_, i) => from + i);
      await server.database.insert(
        'event_ids',
        ids.map((id) => ({
          id,
          event_id: idOf(id),
          project: 'shop',
          fingerprint: 'f'.repeat(32),
          received_at: time,
        })),
      );
    }

    it('ids that came more than 30 days ago, in parts', async () => {
      await addIds(1, 450, 30.1);
      await addIds(451, 455, 29.9);
      await server.app.get(RetentionService).prune();
      expect(await stored()).toEqual([451, 452, 453, 454, 455]);
    });

    it('ids beyond so many, at most so many at once', async () => {
      await addIds(1, 20, 1);
      const forget = (kept: number, most: number) =>
        server.app.get(WriteQueue).ask({ kind: 'limit-event-ids', kept, most });
      expect(await forget(20, 100)).toBe(0);
      expect(await forget(15, 3)).toBe(3);
      expect(await forget(15, 100)).toBe(2);
      expect(await stored()).toEqual(Array.from({ length: 15 }, (_, i) => 6 + i));
    });

    it('none for events that were sent again and again', async () => {
      await sendEvent(server, shop, anEvent({ event_id: idOf(1) }));
      for (let times = 0; times < 10; times++) await sendEvent(server, shop, anEvent({ event_id: idOf(1) }));
      await sendEvent(server, shop, anEvent({ event_id: idOf(2) }));

      await server.app.get(WriteQueue).ask({ kind: 'limit-event-ids', kept: 2, most: 100 });

      const [first, ...others] = await stored();
      expect(others).toEqual([first! + 1]);
      expect((await errorsOf(server, 'shop'))[0]!.count).toBe(2);
    });

    it('the oldest of a million while others come in', async () => {
      await addIds(1, 5, 1);
      await addIds(2_000_001, 2_000_001, 1);
      const queue = server.app.get(WriteQueue);
      const reports = Array.from({ length: 200 }, (_, number) =>
        queue.record(aParsedReport({ details: detailsOf(idOf(10 + number)) }), 0),
      );
      await Promise.all(reports);
      await until(async () => (await stored()).length === 201, 5_000);
      expect((await stored())[0]).toBe(2_000_001);
    });
  });

  function detailsOf(eventId: string) {
    return {
      eventId,
      environment: null,
      release: null,
      level: 'error' as const,
      platform: null,
      handled: null,
      tags: '[]',
      context: '{}',
    };
  }
});
