import { DatabaseReader } from '../../src/database/database-reader';
import { aReport, pythonTraceback } from '../support/reports';
import { startTestServer, type TestServer } from '../support/test-server';

let server: TestServer;
let reader: DatabaseReader;

const FIRST_PAGE = { sort: 'last_seen', limit: 50, offset: 0, after: null };
const readList = () =>
  reader.ask('errors/list-reads', { kind: 'list', filter: {}, page: FIRST_PAGE }, 'slow');
const readNames = () => reader.ask('projects/project-reads', { kind: 'names' });

describe('A read', () => {
  beforeEach(async () => {
    server = await startTestServer();
    reader = server.app.get(DatabaseReader);
  });

  afterEach(() => server.close());

  test('that is asked when a report was answered sees it, by every route and however many are written', async () => {
    const client = async (project: string) => {
      for (let line = 1; line <= 25; line++) {
        const report = aReport({
          project,
          traceback: pythonTraceback('cart.py', line),
          user_id: `user ${line}`,
        });
        const { id } = (await server.call('/api/errors', { json: report })).body as { id: number };
        const [detail, list, counts, projects, status] = await Promise.all([
          server.call(`/api/errors/${id}`),
          server.call(`/api/errors?project=${project}`),
          server.call(`/api/errors/${id}/counts`),
          server.call('/api/projects'),
          server.call('/api/status'),
        ]);
        expect(detail.body).toMatchObject({
          error: { id, count: 1 },
          occurrences: [{ user_id: `user ${line}` }],
        });
        expect(list.body).toMatchObject({ total: line });
        expect(list.body.errors[0]).toMatchObject({ id });
        expect(counts.body.counts).toContain(1);
        expect(projects.body.projects).toContain(project);
        expect(status.body.errors.open).toBeGreaterThanOrEqual(line);
        await server.call(`/api/errors/${id}`, { method: 'DELETE' });
        expect((await server.call(`/api/errors/${id}`)).status).toBe(404);
        await server.call('/api/errors', { json: report });
      }
    };

    await Promise.all(['one', 'two', 'three'].map(client));
  });

  test('beyond what may wait is refused with 503 and a time to try again; those before it are answered', async () => {
    const lists = await Promise.allSettled(Array.from({ length: 40 }, readList));
    const names = await Promise.allSettled(Array.from({ length: 300 }, readNames));

    for (const [answers, most] of [
      [lists, 32],
      [names, 256],
    ] as const) {
      const refused = answers.filter(({ status }) => status === 'rejected');
      expect(refused).toHaveLength(answers.length - most);
      expect(refused[0]).toMatchObject({
        reason: { message: 'Too much is waiting to be read; try again in a second', retryAfter: 1 },
      });
    }
    expect((await server.call('/api/errors')).status).toBe(200);
    expect((await server.call('/api/projects')).status).toBe(200);
  });

  test('that is quick does not wait behind slow ones', async () => {
    await readNames();

    const lists = Array.from({ length: 32 }, readList);
    const first = await Promise.race([readNames().then(() => 'quick'), lists[0]!.then(() => 'slow')]);
    await Promise.all(lists);

    expect(first).toBe('quick');
  });

  test('that waits when the server stops is settled, and later ones are refused', async () => {
    const waiting = [...Array.from({ length: 32 }, readList), ...Array.from({ length: 100 }, readNames)];

    const closed = server.app.close();
    const settled = await Promise.allSettled(waiting);
    await closed;

    expect(settled.filter(({ status }) => status === 'rejected')).toEqual([]);
    await expect(readNames()).rejects.toMatchObject({ code: 'THREAD_LOST' });
  });
});
