import { createHash } from 'node:crypto';
import { startLoad } from '../support/faults/load';
import type { Outcome } from '../support/faults/ledger';
import { RawConnection, rawReport } from '../support/faults/raw-report';
import { reportOf, sendReport } from '../support/faults/send-report';
import { expectLedgerKept, expectWhole, readCounts } from '../support/faults/stored';
import { aReport, pythonTraceback } from '../support/reports';
import { endSpawned, type SpawnedServer, startSpawnedServer } from '../support/spawned-server';
import { type TemporaryDatabase, temporaryDatabase } from '../support/temporary-database';

let database: TemporaryDatabase;
let server: SpawnedServer;

beforeAll(async () => {
  database = await temporaryDatabase();
  server = await startSpawnedServer({ env: { ...database.env } });
});

afterAll(async () => {
  await endSpawned();
  await database.remove();
});

describe('Reports that come at the same time', () => {
  test('of one error from 64 clients are one error with every count from 1 to 64 answered once', async () => {
    const clients = Array.from({ length: 64 }, (_, index) => `client ${index}`);

    const outcomes = await Promise.all(
      clients.map((client) => sendReport(server.port, reportOf('same', { user_id: client }))),
    );

    const counts = outcomes.map((outcome) => (outcome.kind === 'acknowledged' ? outcome.count : 0));
    expect([...counts].sort((a, b) => a - b)).toEqual(clients.map((_, index) => index + 1));
    expect(
      outcomes.filter((outcome) => outcome.kind === 'acknowledged' && outcome.status === 201),
    ).toHaveLength(1);
    const { body: list } = await server.call('/api/errors?search=same');
    expect(list).toMatchObject({ total: 1, errors: [{ count: 64 }] });
    const { body: detail } = await server.call(`/api/errors/${list.errors[0].id}`);
    expect(detail.occurrences.map((occurrence: { user_id: string }) => occurrence.user_id)).toEqual(
      [64, 63, 62, 61, 60].map((count) => clients[counts.indexOf(count)]),
    );
    await expectWhole(database);
  });

  test('as the error is resolved again and again lose no count, and the last word holds', async () => {
    const load = startLoad(server.port, { clients: 12, nextName: () => 'contested' });
    await load.acknowledged(1);
    const { body: list } = await server.call('/api/errors?search=contested');
    const id = list.errors[0].id as number;
    const states: { resolved: boolean; resolved_at: string | null }[] = [];
    let wasOpen = 0;
    for (let round = 0; round < 60; round++) {
      const resolved = await server.call(`/api/errors/${id}/resolve`, { method: 'POST' });
      expect(resolved).toMatchObject({ status: 200, body: { status: 'resolved' } });
      const { body: detail } = await server.call(`/api/errors/${id}`);
      states.push(detail.error);
      if (!detail.error.resolved) wasOpen += 1;
    }
    await load.stop();

    expect(load.ledger.unanswered + load.ledger.refusals.length).toBe(0);
    expect((await readCounts(database)).get('contested')).toBe(load.ledger.acknowledged);
    const counts = load.ledger.entries.get('contested')!.acknowledged;
    expect([...counts].sort((a, b) => a - b)).toEqual(counts.map((_, index) => index + 1));
    expect(wasOpen).toBeGreaterThan(0);
    for (const state of states) expect(state.resolved).toBe(state.resolved_at !== null);

    await server.call(`/api/errors/${id}/resolve`, { method: 'POST' });
    expect((await server.call(`/api/errors/${id}`)).body.error).toMatchObject({ resolved: true });
    await expectWhole(database);
    await sendReport(server.port, reportOf('contested'));
    expect((await server.call(`/api/errors/${id}`)).body.error).toMatchObject({
      resolved: false,
      resolved_at: null,
      count: counts.length + 1,
    });
    await expectWhole(database);
  });

  test('500 on one connection without waiting are answered in their order, refused ones among them', async () => {
    const lines = Array.from({ length: 500 }, (_, index) => index + 1);
    const isWrong = (line: number) => line % 7 === 0;
    const reports = lines.map((line) =>
      aReport({
        project: isWrong(line) ? '' : 'pipeline',
        message: `piped ${line}`,
        traceback: pythonTraceback('pipe.py', line),
      }),
    );
    const connection = await RawConnection.open(server.port);

    connection.socket.write(Buffer.concat(reports.map(rawReport)));
    const answers = await connection.answered(500);
    connection.socket.destroy();

    expect(
      answers.map(({ status, body }) => (status === 201 ? body.fingerprint : `${status} ${body.detail}`)),
    ).toEqual(
      lines.map((line) =>
        isWrong(line)
          ? '400 project must not be empty'
          : createHash('md5').update(`pipeline:ValueError:pipe.py:${line}`).digest('hex'),
      ),
    );
  });

  test('in a stream on one connection that then breaks off are each stored once or not at all', async () => {
    const connection = await RawConnection.open(server.port);
    const names = Array.from({ length: 300 }, (_, index) => `broken-off-${index}`);

    connection.socket.write(Buffer.concat(names.map((name) => rawReport(reportOf(name)))));
    await connection.answered(1);
    connection.socket.resetAndDestroy();
    await connection.closed;
    await sendReport(server.port, reportOf('after the broken stream'));

    const stored = await readCounts(database);
    const acknowledged = connection.answers.map((_, index) => stored.get(names[index]!));
    expect(acknowledged.length).toBeGreaterThan(0);
    expect(new Set(acknowledged)).toEqual(new Set([1]));
    expect(Math.max(...names.map((name) => stored.get(name) ?? 0))).toBe(1);
    await expectWhole(database);
  });
});

describe('A server that is frozen by SIGSTOP under load', () => {
  test('three times goes on after SIGCONT, and has answered and stored every report', async () => {
    const before = await readCounts(database);
    const frozen: Outcome[] = [];
    const load = startLoad(server.port, { onOutcome: (_name, outcome) => frozen.push(outcome) });

    for (let round = 0; round < 3; round++) {
      await load.acknowledged(50);
      server.kill('SIGSTOP');
      const beforeFreeze = frozen.length;
      await new Promise((resolve) => setTimeout(resolve, 700));
      // What was on its way when it froze may still arrive.
      expect(frozen.length - beforeFreeze).toBeLessThanOrEqual(16);
      server.kill('SIGCONT');
    }
    await load.acknowledged(50);
    await load.stop();

    expect(load.ledger.unanswered).toBe(0);
    expect(load.ledger.refusals).toEqual([]);
    await expectLedgerKept(load.ledger, database, { before });
    await expectWhole(database);
  });
});
