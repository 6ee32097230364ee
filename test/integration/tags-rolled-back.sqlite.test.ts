import { anEvent, makeEventProject, sendEvent } from '../support/events';
import { startTestServer, type TestServer } from '../support/test-server';

describe('Tags of an event whose transaction failed', () => {
  let server: TestServer;
  beforeAll(async () => (server = await startTestServer()));
  afterAll(() => server.close());

  test('are stored when it is sent again', async () => {
    const project = await makeEventProject(server, 'shop');
    const send = async (request: string) =>
      (await sendEvent(server, project, anEvent({ tags: { request } }))).status;
    expect(await send('first')).toBe(200);
    await server.database.run(
      "CREATE TRIGGER fails BEFORE INSERT ON project_hours BEGIN SELECT raise(ABORT, 'no'); END",
    );
    expect(await send('second')).toBe(500);
    await server.database.run('DROP TRIGGER fails');
    expect(await send('second')).toBe(200);
    const stored = await server.database.all("SELECT value FROM error_tags WHERE name = 'request'");
    expect(stored).toEqual([{ value: 'first' }, { value: 'second' }]);
  });
});
