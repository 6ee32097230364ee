import { setTimeout } from 'node:timers/promises';
import { captureOutput } from '../support/captured-output';
import { aReport } from '../support/reports';
import { startSmtpServer } from '../support/smtp-server';
import { endSpawned, startSpawnedServer } from '../support/spawned-server';
import { startTestServer } from '../support/test-server';

/** Loaded before the server. */
const TELLS_OF_THREADS =
  'data:text/javascript,process.on(`worker`,()=>process.stdout.write(`a%20thread%20starts%0A`))';

test('A read whose index is missing is answered with 500; others go on, and so does it when the index is back', async () => {
  const server = await startTestServer();
  await server.call('/api/errors', { json: aReport() });
  const output = captureOutput();
  const sql = await server.database.value<string>(
    "SELECT sql FROM sqlite_schema WHERE name = 'errors_by_last_seen'",
  );
  await server.database.run('DROP INDEX errors_by_last_seen');

  const lists = await Promise.all([1, 2, 3].map(() => server.call('/api/errors')));
  const projects = await server.call('/api/projects');
  await server.database.run(sql);
  const afterwards = await server.call('/api/errors');
  output.stop();
  await server.close();

  expect(lists.map(({ status }) => status)).toEqual([500, 500, 500]);
  expect(output.text()).toContain('no such index: errors_by_last_seen');
  expect(output.text()).not.toContain('starting it again');
  expect(projects.status).toBe(200);
  expect(afterwards.status).toBe(200);
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
