import { anEvent, errorsOf, type EventProject, makeEventProject, sendEvent } from '../support/events';
import { startTestServer, type TestServer } from '../support/test-server';

describe('What reports of an error had is kept', () => {
  let server: TestServer;
  let project: EventProject;
  let names = 0;
  beforeAll(async () => (server = await startTestServer()));
  afterAll(() => server.close());
  beforeEach(async () => (project = await makeEventProject(server, `project ${++names}`)));

  /** One after the other. */
  async function send(...tags: Record<string, string>[]): Promise<void> {
    for (const each of tags)
      expect((await sendEvent(server, project, anEvent({ tags: each }))).status).toBe(200);
  }

  /** So that several are stored at once. */
  const sendTogether = (count: number, tagsOf: (number: number) => Record<string, string>) =>
    Promise.all(Array.from({ length: count }, (_, number) => send(tagsOf(number))));

  async function errorWith(tags: Record<string, string>): Promise<number> {
    await send(tags);
    return (await errorsOf(server, `project ${names}`))[0]!.id;
  }

  const store = (error_id: number, tags: [name: string, value: string][]) =>
    server.database.insert(
      'error_tags',
      tags.map(([name, value]) => ({ error_id, name, value })),
    );
  const values = async (errorId: number, name: string) =>
    (
      await server.database.all<{ value: string }>(
        'SELECT value FROM error_tags WHERE error_id = ? AND name = ? ORDER BY value',
        [errorId, name],
      )
    ).map(({ value }) => value);

  test('up to 500 values for each name, whatever comes of others', async () => {
    const id = await errorWith({ request: 'a1' });
    await store(
      id,
      Array.from({ length: 497 }, (_, i) => ['request', `b${i}`]),
    );
    await send({ request: 'a2' }, { request: 'a1' });
    await sendTogether(20, (number) => ({ request: `a3${number}` }));
    for (const late of ['a4', 'a5', 'a1', 'a4']) await send({ request: late, region: late });
    const kept = await values(id, 'request');
    expect(kept).toHaveLength(500);
    expect(kept.slice(0, 4)).toEqual(['a1', 'a2', expect.stringMatching(/^a3/), 'b0']);
    expect(await values(id, 'region')).toEqual(['a1', 'a4', 'a5']);

    await server.call(`/api/errors/${id}`, { method: 'DELETE' });
    const next = await errorWith({ request: 'a9' });
    await send({ request: 'a4' });
    expect(await values(next, 'request')).toEqual(['a4', 'a9']);
  });

  test('up to 10,000 values of all names', async () => {
    const id = await errorWith({ region: 'eu' });
    const total = () =>
      server.database.value<number>('SELECT count(*) FROM error_tags WHERE error_id = ?', [id]).then(Number);
    await store(
      id,
      Array.from({ length: 9_996 - (await total()) }, (_, i) => [`made up ${i}`, 'x']),
    );
    await send({ next: 'a', region: 'us' }, { region: 'eu' });
    await sendTogether(20, (number) => ({ [`late ${number}`]: 'a', [`later ${number}`]: 'a' }));
    expect(await total()).toBe(10_000);
    await send({ sixth: 'a', region: 'eu' }, { region: 'ca' });
    expect(await total()).toBe(10_000);
    expect(await values(id, 'region')).toEqual(['eu', 'us']);

    await server.call(`/api/errors/${id}`, { method: 'DELETE' });
    expect(await values(await errorWith({ region: 'ca' }), 'region')).toEqual(['ca']);
  });
});
