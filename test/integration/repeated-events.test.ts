import type { Report } from '../../src/errors/report';
import { WriteQueue } from '../../src/errors/write-queue';
import { anEvent, type EventProject, makeEventProject, sendEvent } from '../support/events';
import { aParsedReport } from '../support/reports';
import { startTestServer, type TestServer } from '../support/test-server';

interface SentEvent {
  id: string;
  /** whose first report was this */
  error?: string;
  text: string;
}

let server: TestServer;
let shop: EventProject;

beforeAll(async () => {
  server = await startTestServer();
  shop = await makeEventProject(server, 'shop');
});
afterAll(() => server.close());
beforeEach(async () => {
  await server.database.run('DELETE FROM event_ids');
  await server.database.run('DELETE FROM errors');
});

describe('Events that come together with others that were stored before', () => {
  const oldIds = Array.from({ length: 39 }, (_, number) => idOf(1 + number));

  it.each([
    ['one old event, 39 times', 'a', oldIds.map(() => idOf(1))],
    ['39 old events', 'a', oldIds],
    ['39 events of an error that was made before', 'b', oldIds],
    ['themselves', 'a', oldIds.map(() => idOf(100))],
  ])('%s: a new one is kept, and nothing of the others', async (_others, errorBefore, others) => {
    await record(oldIds.map((id) => ({ id, error: errorBefore, text: 'before' })));
    const sent = others.map((id) => ({ id, text: id === idOf(100) ? 'new' : 'again' }));
    // In the middle of the second part of 16 that goes to the thread: others come before and after.
    sent.splice(20, 0, { id: idOf(100), text: 'new' });

    const statuses = await record(sent);

    expect(statuses.filter((status) => status !== 'repeated')).toEqual([
      errorBefore === 'a' ? 'existing' : 'created',
    ]);
    const { error, occurrences } = await readError(idOf(100));
    expect(error).toMatchObject({
      count: errorBefore === 'a' ? 40 : 1,
      message: errorBefore === 'a' ? 'before' : 'new',
      tags: [{ name: 'text', values: errorBefore === 'a' ? ['before', 'new'] : ['new'] }],
    });
    expect(occurrences[0]).toMatchObject({
      event_id: idOf(100),
      message: 'new',
      breadcrumbs: [{ message: 'new' }],
    });
    expect(occurrences).toHaveLength(errorBefore === 'a' ? 5 : 1);
  });

  it('the newest five of the new ones are kept, in their order', async () => {
    await record(oldIds.map((id) => ({ id, text: 'before' })));
    const sent = oldIds.flatMap((id, place) => [
      ...(place % 4 === 0 ? [{ id: idOf(100 + place / 4), text: `new ${place / 4}` }] : []),
      { id, text: 'again' },
    ]);

    await record(sent);

    const { error, occurrences } = await readError(idOf(109));
    expect(error.count).toBe(49);
    expect(occurrences.map(({ message }) => message)).toEqual(['new 9', 'new 8', 'new 7', 'new 6', 'new 5']);
  });
});

describe('A new event that comes 40 times at once', () => {
  it('over HTTP is one occurrence, which is found by its id', async () => {
    for (let round = 0; round < 3; round++) {
      const event = anEvent({
        event_id: idOf(1 + round),
        message: `round ${round}`,
        fingerprint: [`round ${round}`],
      });
      const answers = await Promise.all(Array.from({ length: 40 }, () => sendEvent(server, shop, event)));
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));

      const { error, occurrences } = await readError(idOf(1 + round));
      expect(error.count).toBe(1);
      expect(occurrences).toHaveLength(1);
    }
  });
});

/** In one turn of the event loop, so that they go to the thread together. */
async function record(events: readonly SentEvent[]): Promise<string[]> {
  const queue = server.app.get(WriteQueue);
  const recorded = await Promise.all(events.map((event) => queue.record(toReport(event), 0)));
  return recorded.map(({ status }) => status);
}

function toReport({ id, error = 'a', text }: SentEvent): Report {
  return aParsedReport({
    fingerprint: error.repeat(32),
    message: text,
    details: {
      eventId: id,
      environment: null,
      release: null,
      level: 'error',
      platform: null,
      handled: null,
      tags: JSON.stringify([['text', text]]),
      context: JSON.stringify({ breadcrumbs: [{ message: text }] }),
    },
  });
}

/** The error of an event whose occurrence is there. */
async function readError(eventId: string) {
  const { body: found } = await server.call(`/api/events/${eventId}`);
  const { body } = await server.call(`/api/errors/${found.error_id}`);
  expect(found.occurrence_id).toBe(body.occurrences[0].id);
  return body as {
    error: { count: number };
    occurrences: { event_id: string; message: string }[];
  };
}

function idOf(number: number): string {
  return number.toString(16).padStart(32, '0');
}
