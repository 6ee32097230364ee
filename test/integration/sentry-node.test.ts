import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { type EventProject, errorsOf, makeEventProject } from '../support/events';
import { startTestServer, type TestServer } from '../support/test-server';

const APP = join(__dirname, '..', 'support', 'sdk', 'node-app.cjs');

describe('A program that reports with @sentry/node', () => {
  let server: TestServer;
  let project: EventProject;

  beforeAll(async () => {
    server = await startTestServer();
    project = await makeEventProject(server, 'shop');
    const child = spawn(process.execPath, [APP], {
      env: { ...process.env, DSN: project.dsn },
      stdio: 'ignore',
    });
    await once(child, 'exit');
  }, 60_000);
  afterAll(() => server.close());

  const find = async (message: string) => {
    const error = (await errorsOf(server, 'shop')).find((one) => one.message === message);
    return (await server.call(`/api/errors/${error!.id}`)).body;
  };

  test('gets each of its events stored, also of the rejection that nobody caught', async () => {
    const errors = await errorsOf(server, 'shop');
    expect(
      errors
        .map(({ exception_type, message, count, level }) => [exception_type, message, count, level])
        .sort(),
    ).toEqual([
      ['Error', 'large enough to be packed', 1, 'error'],
      ['Error', 'nobody caught this', 1, expect.any(String)],
      ['Error', 'with a fingerprint', 1, 'error'],
      ['Message', 'the disk is nearly full', 1, 'warning'],
      ['RangeError', 'the card was refused', 1, 'error'],
      ['TypeError', 'with an attachment', 1, 'error'],
    ]);
  });

  test('has its exceptions with source lines, what led to them, and where and for whom', async () => {
    const { error, occurrences } = await find('the card was refused');
    expect(error).toMatchObject({ file: APP, platform: 'node', language: 'javascript', source: 'server' });
    expect(error.traceback).toMatch(
      /^RangeError: the card was refused\n {4}at charge \(.*node-app\.cjs:\d+:\d+\)/,
    );
    expect(error.traceback).toMatch(/Caused by: SyntaxError: /);
    const [occurrence] = occurrences;
    expect(occurrence).toMatchObject({
      event_id: expect.stringMatching(/^[0-9a-f]{32}$/),
      environment: 'staging',
      release: 'shop@1.4.2',
      level: 'error',
      handled: true,
      user_id: 'user-1207',
      user: { id: 'user-1207', email: 'ada@example.com' },
      tags: { region: 'eu' },
      sdk: { name: 'sentry.javascript.node', version: '11.12.0' },
      contexts: { runtime: { name: 'node', version: process.version } },
    });
    expect(occurrence.exceptions.map(({ type }: { type: string }) => type)).toEqual([
      'RangeError',
      'SyntaxError',
    ]);
    expect(occurrence.exceptions[0].frames[0]).toMatchObject({
      function: 'charge',
      line: error.line,
      source: expect.stringContaining("throw new RangeError('the card was refused'"),
      thrown: true,
      library: false,
    });
    expect(occurrence.breadcrumbs).toMatchObject([
      { category: 'cart', message: 'added a book', level: 'info' },
    ]);
  });

  test('has nothing stored under the name of a secret', async () => {
    const { occurrences } = await find('large enough to be packed');
    expect(occurrences[0].extra).toMatchObject({ password: '[removed]' });
  });
});
