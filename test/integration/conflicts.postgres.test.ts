import { setImmediate as nextTurn } from 'node:timers/promises';
import { WriteQueue } from '../../src/errors/write-queue';
import { anEnvelope, makeEventProject } from '../support/events';
import { until } from '../support/faults/until';
import { send } from '../support/ingest-keys';
import { aParsedReport, aReport } from '../support/reports';
import { startTestServer, type TestServer } from '../support/test-server';

describe('A transaction that others are in the way of, however often it is done again', () => {
  let server: TestServer;
  beforeAll(async () => (server = await startTestServer()));
  afterAll(() => server.close());

  /** As if another replica were faster each time. */
  const conflictAt = (table: string, condition: string) =>
    server.database.run(`
      CREATE FUNCTION conflict_at_${table}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF ${condition} THEN
          PERFORM pg_sleep(0.005);
          RAISE EXCEPTION 'deadlock detected' USING ERRCODE = '40P01';
        END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER conflict BEFORE INSERT ON ${table} FOR EACH ROW EXECUTE FUNCTION conflict_at_${table}()`);

  it('is refused alone: what the thread has to do after it is done', async () => {
    await conflictAt('feedback', 'TRUE');
    const project = await makeEventProject(server, 'shop');
    const unlock = await server.database.hold('LOCK TABLE feedback IN EXCLUSIVE MODE');
    const feedback = send(server, project.envelopePath, {
      body: anEnvelope({}, ['user_report', { comments: 'It is slow' }]),
    });
    const waits = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'feedback'::regclass";
    await until(async () => (await server.database.value(waits)) > 0, 1_500);
    const report = server.call('/api/errors', { json: aReport() });
    await until(() => Promise.resolve(server.app.get(WriteQueue).waitingReports > 0), 1_000);
    await unlock();

    const { status, headers } = await feedback;
    expect([status, headers.get('retry-after')]).toEqual([503, '5']);
    expect((await report).status).toBe(201);
  });

  it('is refused alone: reports that gathered behind others are stored', async () => {
    await conflictAt('errors', "NEW.exception_type = 'Conflicting'");
    const queue = server.app.get(WriteQueue);
    const refused = expect(
      queue.record(aParsedReport({ exceptionType: 'Conflicting', fingerprint: 'c'.repeat(32) }), 0),
    ).rejects.toThrow('The database cannot take reports right now');
    // So that they do not go to the thread together.
    await nextTurn();
    await nextTurn();
    const stored = await queue.record(aParsedReport({ fingerprint: 'd'.repeat(32) }), 0);
    await refused;
    expect(stored).toMatchObject({ fingerprint: 'd'.repeat(32) });
  });
});

describe('An event that another replica stores in the same moment', () => {
  let server: TestServer;
  beforeAll(async () => (server = await startTestServer()));
  afterAll(() => server.close());

  it('is not stored again, and what came beside it is kept', async () => {
    const others = ['1', '2', '3', '4', '5'].map((digit) => digit.repeat(32));
    const commit = await server.database.hold(
      `INSERT INTO event_ids (event_id, project, fingerprint, received_at)
       SELECT id, 'shop', '', now() FROM unnest(?::text[]) AS id`,
      [others],
    );
    const queue = server.app.get(WriteQueue);
    const recorded = ['a'.repeat(32), ...others].map((eventId) =>
      queue.record(aParsedReport({ message: eventId, details: { ...DETAILS, eventId } }), 0),
    );
    const waits = `SELECT count(*) FROM pg_stat_activity
      WHERE datname = current_database() AND wait_event = 'transactionid'`;
    await until(async () => (await server.database.value(waits)) > 0, 1_500);
    await commit();

    const statuses = (await Promise.all(recorded)).map(({ status }) => status);
    expect(statuses).toEqual(['created', ...others.map(() => 'repeated')]);
    const kept = await server.database.all('SELECT event_id FROM error_occurrences');
    expect(kept).toEqual([{ event_id: 'a'.repeat(32) }]);
    expect(await server.database.all('SELECT message, count FROM errors')).toEqual([
      { message: 'a'.repeat(32), count: 1 },
    ]);
  });

  const DETAILS = {
    environment: null,
    release: null,
    level: 'error' as const,
    platform: null,
    handled: null,
    tags: '[]',
    context: '{}',
  };
});
