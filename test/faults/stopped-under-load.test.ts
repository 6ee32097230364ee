import { startLoad } from '../support/faults/load';
import type { Outcome } from '../support/faults/ledger';
import { expectLedgerKept, expectWhole } from '../support/faults/stored';
import { RawConnection, rawReport } from '../support/faults/raw-report';
import { reportOf } from '../support/faults/send-report';
import { endSpawned, startSpawnedServer } from '../support/spawned-server';
import { type TemporaryDatabase, temporaryDatabase } from '../support/temporary-database';

let database: TemporaryDatabase;

beforeEach(async () => {
  database = await temporaryDatabase();
});

afterEach(async () => {
  await endSpawned();
  await database.remove();
});

describe('A server that is stopped by SIGTERM under load', () => {
  test('of clients that go on asking exits with 0 within 10 s, and has stored all that it acknowledged and no more', async () => {
    const server = await startSpawnedServer({ env: { ...database.env } });
    const afterwards: Outcome[] = [];
    let stopping = false;
    const load = startLoad(server.port, {
      clients: 32,
      onOutcome: (_name, outcome) => {
        if (stopping) afterwards.push(outcome);
      },
    });
    await load.acknowledged(200);

    const stoppedAt = Date.now();
    server.kill('SIGTERM');
    stopping = true;
    const { code, stderr } = await server.ended;
    const tookMs = Date.now() - stoppedAt;
    await load.stop();

    expect(code).toBe(0);
    expect(stderr).toBe('');
    expect(tookMs).toBeLessThan(7_000);
    expect(load.ledger.refusals).toEqual([]);
    await expectLedgerKept(load.ledger, database);
    await expectWhole(database);
    // Whoever was answered got everything; the connection of the others was closed.
    expect(new Set(afterwards.map(({ kind }) => kind)).has('refused')).toBe(false);
  });

  test('answers every report that had arrived, on 50 connections with 20 each', async () => {
    const server = await startSpawnedServer({ env: { ...database.env } });
    const connections = await Promise.all(Array.from({ length: 50 }, () => RawConnection.open(server.port)));
    connections.forEach(({ socket }, index) =>
      socket.write(
        Buffer.concat(Array.from({ length: 20 }, (_, n) => rawReport(reportOf(`piped-${index}-${n}`)))),
      ),
    );
    // All of them are with the server once the first and the last connection have an answer.
    await Promise.all(connections.map((connection) => connection.answered(1)));

    server.kill('SIGTERM');
    const { code } = await server.ended;
    await Promise.all(connections.map(({ closed }) => closed));

    expect(code).toBe(0);
    expect(new Set(connections.map(({ answers }) => answers.length))).toEqual(new Set([20]));
    const statuses = connections.flatMap(({ answers }) => answers.map(({ status }) => status));
    expect(new Set(statuses)).toEqual(new Set([201]));
    await expectWhole(database);
  });

  test('a second time ends at once, and has stored all that it acknowledged', async () => {
    const server = await startSpawnedServer({ env: { ...database.env } });
    const load = startLoad(server.port, { clients: 32 });
    await load.acknowledged(200);

    server.kill('SIGTERM');
    await server.waitFor(/SIGTERM: finishing/);
    server.kill('SIGTERM');
    const secondAt = Date.now();
    const { signal } = await server.ended;
    const tookMs = Date.now() - secondAt;
    await load.stop();

    expect(signal).not.toBe('SIGABRT');
    expect(tookMs).toBeLessThan(2_000);
    await expectLedgerKept(load.ledger, database);
    await expectWhole(database);
  });
});
