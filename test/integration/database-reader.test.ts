import { setTimeout } from 'node:timers/promises';
import { DatabaseReader } from '../../src/database/database-reader';
import { captureOutput } from '../support/captured-output';
import { aReport, pythonTraceback } from '../support/reports';
import { startSmtpServer } from '../support/smtp-server';
import { endSpawned, startSpawnedServer } from '../support/spawned-server';
import { startTestServer, type TestServer } from '../support/test-server';

/** Loaded before the server. */
const TELLS_OF_THREADS =
  'data:text/javascript,process.on(`worker`,()=>process.stdout.write(`a%20thread%20starts%0A`))';

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

  test('whose index is missing is answered with 500; others go on, and so does it when the index is back', async () => {
    const output = captureOutput();
    const { sql } = server
      .database()
      .prepare("SELECT sql FROM sqlite_schema WHERE name = 'errors_by_project_first_seen'")
      .get() as { sql: string };
    server.database().exec('DROP INDEX errors_by_project_first_seen');

    const lists = await Promise.all([1, 2, 3].map(() => server.call('/api/errors')));
    const projects = await server.call('/api/projects');
    server.database().exec(sql);
    const afterwards = await server.call('/api/errors');
    output.stop();

    expect(lists.map(({ status }) => status)).toEqual([500, 500, 500]);
    expect(output.text()).toContain('no such index: errors_by_project_first_seen');
    expect(output.text()).not.toContain('starting it again');
    expect(projects.status).toBe(200);
    expect(afterwards.status).toBe(200);
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

describe('The threads that read', () => {
  test('start when something is to be read, one for what is quick and one for what is slow', async () => {
    const smtp = await startSmtpServer();
    try {
      const spawned = await startSpawnedServer({
        env: {
          NODE_OPTIONS: `--import=${TELLS_OF_THREADS}`,
          SMTP_HOST: '127.0.0.1',
          SMTP_PORT: String(smtp.port),
          ALERT_EMAILS: 'dev@example.com',
        },
      });
      const threads = () => spawned.stdout().match(/a thread starts/g)?.length;
      await setTimeout(200);
      const whenStarted = threads();
      await spawned.call('/api/errors', { json: aReport() });
      await smtp.received(1);
      const whenTold = threads();
      for (const path of ['/api/projects', '/api/errors/1', '/api/status']) await spawned.call(path);
      const whenReadQuickly = threads();
      await spawned.call('/api/errors');

      expect([whenStarted, whenTold, whenReadQuickly, threads()]).toEqual([1, 2, 2, 3]);
    } finally {
      await endSpawned();
      await smtp.close();
    }
  });
});
