import { anEvent, type EventProject, makeEventProject, sendEvent } from '../support/events';
import { endSpawned, startSpawnedServer } from '../support/spawned-server';
import { openDatabase, type TemporaryDatabase, temporaryDatabase } from '../support/temporary-database';

let database: TemporaryDatabase;

beforeAll(async () => {
  database = await temporaryDatabase();
});
afterEach(endSpawned);
afterAll(() => database.remove());

/** As many as a server stores in a few batches, of 10 errors. */
const EVENTS = Array.from({ length: 600 }, (_, i) =>
  anEvent({
    event_id: (i + 1).toString(16).padStart(32, '0'),
    logger: `l${i % 10}`,
    exception: null,
    message: 'stopped',
  }),
);

describe('A server that is killed with SIGKILL while events come in', () => {
  test('has each that it acknowledged, and each once after clients have sent all of them again', async () => {
    const env = { ...database.env, RATE_LIMIT_PER_MINUTE: '0' };
    const first = await startSpawnedServer({ env });
    const project: EventProject = await makeEventProject(first, 'shop');
    const acknowledged: string[] = [];
    const waiting = [...EVENTS];
    const sendOneAfterTheOther = async () => {
      for (let event = waiting.pop(); event; event = waiting.pop()) {
        const { status, body } = await sendEvent(first, project, event);
        if (status === 200) acknowledged.push(body.id as string);
        if (acknowledged.length >= 100) first.kill('SIGKILL');
      }
    };
    await Promise.allSettled(Array.from({ length: 16 }, sendOneAfterTheOther));
    expect(acknowledged.length).toBeGreaterThanOrEqual(100);
    expect(acknowledged.length).toBeLessThan(EVENTS.length);

    const second = await startSpawnedServer({ env });
    const own = openDatabase(database.env);
    const stored = (await own.all<{ event_id: string }>('SELECT event_id FROM event_ids')).map(
      ({ event_id }) => event_id,
    );
    expect(stored).toEqual(expect.arrayContaining(acknowledged));
    expect(Number(await own.value('SELECT sum(count) FROM errors'))).toBe(stored.length);

    const statuses = await Promise.all(
      EVENTS.map(async (event) => (await sendEvent(second, project, event)).status),
    );
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(Number(await own.value('SELECT sum(count) FROM errors'))).toBe(EVENTS.length);
    expect(Number(await own.value('SELECT sum(n) FROM error_hours'))).toBe(EVENTS.length);
    expect(Number(await own.value('SELECT count(*) FROM errors'))).toBe(10);
    expect(await own.findDamage()).toEqual([]);
    await own.close();
  }, 60_000);
});
