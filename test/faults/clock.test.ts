import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { setTimeout as delay } from 'node:timers/promises';
import { reportOf, sendReport } from '../support/faults/send-report';
import { expectWhole } from '../support/faults/stored';
import { until } from '../support/faults/until';
import { endSpawned, startSpawnedServer } from '../support/spawned-server';
import { type TemporaryDatabase, temporaryDatabase } from '../support/temporary-database';

const PRELOAD = pathToFileURL(join(__dirname, '..', 'support', 'faults', 'clock.mjs')).href;

let database: TemporaryDatabase;

beforeEach(async () => {
  database = await temporaryDatabase();
});

afterEach(async () => {
  await endSpawned();
  await database.remove();
});

describe('A clock that', () => {
  test('is set back by an hour moves no last_seen back, and the newest five occurrences are kept', async () => {
    const server = await startServerWithClock('steps-back');
    for (let index = 1; index <= 5; index++) {
      await sendReport(server.port, reportOf('known', { user_id: `before ${index}` }));
    }
    const { body: list } = await server.call('/api/errors');
    const before = (await server.call(`/api/errors/${list.errors[0].id}`)).body.error;

    server.kill('SIGUSR2');
    await until(async () => {
      const { body } = await server.call('/api/errors', { json: reportOf(`probe ${Math.random()}`) });
      const { body: detail } = await server.call(`/api/errors/${body.id}`);
      return detail.error.last_seen < before.first_seen;
    }, 10_000);
    for (let index = 1; index <= 3; index++) {
      await sendReport(server.port, reportOf('known', { user_id: `after ${index}` }));
    }
    const { body: after } = await server.call(`/api/errors/${list.errors[0].id}`);

    expect(after.error).toMatchObject({
      count: 8,
      first_seen: before.first_seen,
      last_seen: before.last_seen,
    });
    expect(after.occurrences.map((occurrence: { user_id: string }) => occurrence.user_id).sort()).toEqual([
      'after 1',
      'after 2',
      'after 3',
      'before 4',
      'before 5',
    ]);
    expect((await server.call(`/api/errors/${list.errors[0].id}/resolve`, { method: 'POST' })).status).toBe(
      200,
    );
    await expectWhole(database);
  });

  test('runs backwards while reports of a new error wait for one batch gives it a first_seen no later than its last_seen', async () => {
    const server = await startServerWithClock('runs-backwards');
    await sendReport(server.port, reportOf('known'));
    server.kill('SIGUSR2');
    const locking = database.open();
    const unlock = await locking.lock();

    const held = sendReport(server.port, reportOf('the batch that waits for the lock'));
    await delay(200);
    const batch = Array.from({ length: 20 }, () => sendReport(server.port, reportOf('new')));
    await delay(500);
    await unlock();
    await locking.close();
    const outcomes = await Promise.all([held, ...batch]);

    expect(outcomes.map(({ kind }) => kind)).toEqual(outcomes.map(() => 'acknowledged'));
    await expectWhole(database);
  });

  test('is set back by an hour makes no client wait longer than a minute for its rate limit', async () => {
    const server = await startServerWithClock('steps-back', { RATE_LIMIT_PER_MINUTE: '5' });
    for (let index = 0; index < 5; index++) await sendReport(server.port, reportOf('known'));

    server.kill('SIGUSR2');
    await delay(100);
    const { status, headers } = await server.call('/api/errors');

    expect(status).toBe(429);
    expect(Number(headers.get('retry-after'))).toBeLessThanOrEqual(60);
  });

  function startServerWithClock(clock: string, env: Record<string, string> = {}) {
    return startSpawnedServer({
      env: { ...database.env, NODE_OPTIONS: `--import=${PRELOAD}`, CLOCK: clock, ...env },
    });
  }
});
