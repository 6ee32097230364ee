import { anEvent, errorsOf, type EventProject, makeEventProject, sendEvent } from '../support/events';
import { type TemporaryDatabase, temporaryDatabase } from '../support/temporary-database';
import { startTestServer, type TestServer } from '../support/test-server';

describe('events that clients send to several replicas', () => {
  let database: TemporaryDatabase;
  let replicas: TestServer[];
  let project: EventProject;

  beforeAll(async () => {
    database = await temporaryDatabase();
    replicas = await Promise.all([1, 2, 3].map(() => startTestServer({ ...database.env })));
    project = await makeEventProject(replicas[0]!, 'shop');
  });

  afterAll(async () => {
    await Promise.all(replicas.map((replica) => replica.close()));
    await database.remove();
  });

  /** Of 20 errors; 300 ids. */
  const events = Array.from({ length: 300 }, (_, i) =>
    anEvent({
      event_id: (i + 1).toString(16).padStart(32, '0'),
      exception: {
        values: [
          {
            type: `Error${i % 20}`,
            value: 'x',
            stacktrace: { frames: [{ filename: 'a.py', lineno: 1 + (i % 20) }] },
          },
        ],
      },
      tags: { place: `p${i % 7}` },
    }),
  );

  test('are stored once, however often and in whatever order they come', async () => {
    for (let round = 0; round < 2; round++) {
      const statuses = await Promise.all(
        replicas.flatMap((replica, index) => {
          const order =
            index === 0
              ? events
              : index === 1
                ? [...events].reverse()
                : [...events.slice(150), ...events.slice(0, 150)];
          return order.map(async (event) => (await sendEvent(replica, project, event)).status);
        }),
      );
      expect(new Set(statuses)).toEqual(new Set([200]));
      const errors = await errorsOf(replicas[0]!, 'shop');
      expect(errors.map(({ count }) => count)).toEqual(Array.from({ length: 20 }, () => 15));
    }
    const { database: own } = replicas[0]!;
    expect(Number(await own.value('SELECT count(*) FROM event_ids'))).toBe(300);
    expect(Number(await own.value('SELECT sum(n) FROM error_hours'))).toBe(300);
    expect(Number(await own.value('SELECT sum(n) FROM project_hours'))).toBe(300);
    expect(Number(await own.value('SELECT count(*) FROM error_occurrences'))).toBe(100);
    expect(Number(await own.value("SELECT count(*) FROM error_tags WHERE name = 'place'"))).toBe(140);
    expect(await own.findDamage()).toEqual([]);
  });
});
