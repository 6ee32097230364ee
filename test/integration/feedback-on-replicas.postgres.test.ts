import { anEnvelope, anEvent, type EventProject, makeEventProject, sendEvent } from '../support/events';
import { send } from '../support/ingest-keys';
import { type TemporaryDatabase, temporaryDatabase } from '../support/temporary-database';
import { startTestServer, type TestServer } from '../support/test-server';

const ROUNDS = 4;
const ITEMS = 60;
const ERRORS = 6;

const idOf = (number: number) => (number * 0x9e3779b1).toString(16).padStart(32, '0');

/** One of a few errors; feedback of a round is about its event of the same place. */
const theEvent = (round: number, place: number) =>
  anEvent({
    event_id: idOf(1 + round * ITEMS + place),
    exception: { values: [{ type: `Error${place % ERRORS}`, value: 'x' }] },
  });

const theFeedback = (round: number, place: number): [type: string, payload: unknown] => [
  'feedback',
  {
    event_id: idOf(100_000 + round * ITEMS + place),
    contexts: {
      feedback: {
        message: `${round} ${place}`,
        // Every third is about an event that is known nowhere.
        associated_event_id: idOf(place % 3 === 0 ? 999_999 : 1 + round * ITEMS + place),
      },
    },
  },
];

const places = Array.from({ length: ITEMS }, (_, place) => place);

describe('feedback that comes to several replicas', () => {
  let database: TemporaryDatabase;
  let replicas: TestServer[];
  let projects: EventProject[];

  beforeAll(async () => {
    database = await temporaryDatabase();
    replicas = await Promise.all([1, 2].map(() => startTestServer({ ...database.env })));
    projects = [
      await makeEventProject(replicas[0]!, 'shop'),
      await makeEventProject(replicas[0]!, 'billing'),
    ];
  });

  afterAll(async () => {
    await Promise.all(replicas.map((replica) => replica.close()));
    await database.remove();
  });

  /** What no two envelopes of a round have in the same order. */
  const envelopesOf = (round: number, isReverse: boolean) => {
    const items = places.map((place) => theFeedback(round, place));
    const halves = [...items.slice(ITEMS / 2), ...items.slice(0, ITEMS / 2)];
    return [items, halves].map((order) => anEnvelope({}, ...(isReverse ? order.reverse() : order)));
  };

  test('is stored once, in whatever order it comes with events and deletions, and nobody waits in a circle', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const answers = await Promise.all([
        ...replicas.flatMap((replica, index) =>
          envelopesOf(round, index > 0).flatMap((body) => {
            const inOrder = index > 0 ? [...projects].reverse() : projects;
            return inOrder.map(({ envelopePath }) => send(replica, envelopePath, { body }));
          }),
        ),
        ...replicas.flatMap((replica, index) => {
          const order = index > 0 ? [...places].reverse() : places;
          return order.map((place) => sendEvent(replica, projects[0]!, theEvent(round, place)));
        }),
        replicas[round % 2]!.call(`/api/errors/${1 + round}`, { method: 'DELETE' }),
      ]);
      const deleted = answers.pop()!;
      expect([200, 204, 404]).toContain(deleted.status);
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    }

    const { database: own } = replicas[0]!;
    const stored = await own.all("SELECT own_id FROM feedback WHERE project = 'billing' ORDER BY own_id");
    const sent = Array.from({ length: ROUNDS * ITEMS }, (_, number) => idOf(100_000 + number));
    expect(stored.map(({ own_id: id }) => id)).toEqual(sent.sort());
    const twice = 'SELECT own_id FROM feedback GROUP BY own_id, project HAVING count(*) > 1';
    expect(await own.all(twice)).toEqual([]);
  });

  test('beyond what is kept is forgotten, and nobody waits for another who does so', async () => {
    const older = Array.from({ length: 2_000 }, (_, index) => ({
      project: index % 2 === 0 ? 'shop' : 'billing',
      own_id: `older ${index}`,
      message: 'older',
      received_at: '2026-11-01 00:00:00.000',
    }));
    await replicas[0]!.database.insert('feedback', older);

    // As another replica does that has not committed yet.
    const commit = await replicas[0]!.database.hold(
      "DELETE FROM feedback WHERE own_id IN ('older 0', 'older 1')",
    );

    const answers = await Promise.all(
      replicas.flatMap((replica, index) => {
        const inOrder = index > 0 ? [...projects].reverse() : projects;
        const items = places.map((place): [string, unknown] => ['user_report', { comments: `${place}` }]);
        return inOrder.map(({ envelopePath }) =>
          send(replica, envelopePath, { body: anEnvelope({}, ...items) }),
        );
      }),
    );
    await commit();

    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    const newest = await replicas[0]!.call('/api/feedback?project=billing&limit=1');
    expect(newest.body.feedback[0].message).toBe('59');
    // What a session counts is seen once it has ended.
    await Promise.all(replicas.map((replica) => replica.app.close()));
    const { database: own } = replicas[0]!;
    const deadlocks = 'SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()';
    expect(await own.value(deadlocks)).toBe(0);
  });
});
