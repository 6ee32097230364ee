import { execFileSync } from 'node:child_process';
import { Ledger } from '../../support/faults/ledger';
import { memoryOf } from '../../support/faults/memory';
import { type RawAnswer, RawConnection, rawReport } from '../../support/faults/raw-report';
import { reportOf, sendReport } from '../../support/faults/send-report';
import { expectLedgerKept, expectWhole } from '../../support/faults/stored';
import { endSpawned, type SpawnedServer, startSpawnedServer } from '../../support/spawned-server';
import { type TemporaryDatabase, temporaryDatabase } from '../../support/temporary-database';

let database: TemporaryDatabase;
let server: SpawnedServer;

beforeEach(async () => {
  database = await temporaryDatabase();
  server = await startSpawnedServer({ env: { ...database.env } });
  await sendReport(server.port, reportOf('first'));
});

afterEach(async () => {
  await endSpawned();
  await database.remove();
});

describe('Ten thousand connections', () => {
  test('that come inside a second with a report each are all answered, none is reset, and memory is bounded', async () => {
    // Node itself raises the limit of open files as far as the system allows.
    const openFiles = Number(execFileSync('sh', ['-c', 'ulimit -Hn'], { encoding: 'utf8' })) || Infinity;
    const clients = Math.min(10_000, openFiles - 500);
    if (clients < 10_000)
      process.stderr.write(`Only ${clients} connections: more files cannot be opened here\n`);
    const ledger = new Ledger();

    const lost = new Map<string, number>();
    await Promise.all(
      Array.from({ length: clients }, async (_, index) => {
        await new Promise((resolve) => setTimeout(resolve, (index / clients) * 900));
        const name = `burst-${index % 2 === 0 ? index : index % 200}`;
        try {
          const connection = await RawConnection.open(server.port);
          connection.socket.write(rawReport(reportOf(name)));
          note(ledger, name, (await connection.answered(1))[0]);
          connection.socket.destroy();
        } catch (error) {
          const { code = 'unknown' } = error as NodeJS.ErrnoException;
          lost.set(code, (lost.get(code) ?? 0) + 1);
        }
      }),
    );

    expect(Object.fromEntries(lost)).toEqual({});
    expect(ledger.unanswered).toBe(0);
    expect(ledger.acknowledged + ledger.refusals.length).toBe(clients);
    for (const { status } of ledger.refusals) expect(status).toBe(503);
    await expectLedgerKept(ledger, database, { before: new Map([['first', 1]]) });
    await expectWhole(database);
    expect(memoryOf(server.pid).peakMb).toBeLessThan(250);
  }, 120_000);
});

describe('Thirty thousand small reports', () => {
  test('that come while the database is locked wait as far as there is room, the rest is refused, in bounded memory', async () => {
    const ledger = new Ledger();
    const locking = database.open();
    const connections = await Promise.all(Array.from({ length: 60 }, () => RawConnection.open(server.port)));
    const unlock = await locking.lock();
    const nameOf = (connection: number, index: number) => `small-${connection % 10}-${index % 50}`;

    connections.forEach(({ socket }, connection) => {
      const reports = Array.from({ length: 500 }, (_, index) =>
        rawReport(reportOf(nameOf(connection, index))),
      );
      socket.write(Buffer.concat(reports));
    });
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    await unlock();
    await locking.close();
    await Promise.all(connections.map((connection) => connection.answered(500)));

    connections.forEach(({ answers, socket }, connection) => {
      for (let index = 0; index < 500; index++) note(ledger, nameOf(connection, index), answers[index]);
      socket.destroy();
    });
    expect(ledger.unanswered).toBe(0);
    const tooMany = ledger.refusals.filter(({ detail }) => detail.startsWith('Too many reports'));
    expect(tooMany.length).toBeGreaterThan(0);
    expect(ledger.acknowledged + ledger.refusals.length).toBe(30_000);
    for (const { status } of ledger.refusals) expect(status).toBe(503);
    await expectLedgerKept(ledger, database, { before: new Map([['first', 1]]) });
    expect(await sendReport(server.port, reportOf('afterwards'))).toMatchObject({ status: 201 });
    await expectWhole(database);
    expect(memoryOf(server.pid).peakMb).toBeLessThan(250);
  }, 120_000);

  test('that wait for a locked database do not keep a server from ending within 10 s of SIGTERM', async () => {
    const locking = database.open();
    const connections = await Promise.all(Array.from({ length: 60 }, () => RawConnection.open(server.port)));
    const unlock = await locking.lock();
    connections.forEach(({ socket }, connection) => {
      const reports = Array.from({ length: 500 }, (_, index) =>
        rawReport(reportOf(`small-${connection}-${index}`)),
      );
      socket.write(Buffer.concat(reports));
    });
    await new Promise((resolve) => setTimeout(resolve, 1_500));

    const stoppedAt = Date.now();
    server.kill('SIGTERM');
    const { code } = await server.ended;
    const tookMs = Date.now() - stoppedAt;
    await unlock();
    await locking.close();
    await Promise.all(connections.map(({ closed }) => closed));

    expect({ code, tookMs: tookMs < 10_000 ? 'below 10 s' : `${tookMs} ms` }).toEqual({
      code: 0,
      tookMs: 'below 10 s',
    });
    const acknowledged = connections.flatMap(({ answers }) => answers.filter(({ status }) => status < 300));
    expect(acknowledged).toEqual([]);
    await expectWhole(database);
  }, 120_000);
});

function note(ledger: Ledger, name: string, answer: RawAnswer | undefined): void {
  if (!answer) {
    ledger.note(name, { kind: 'unanswered', reason: 'closed' });
  } else if (answer.status < 300) {
    const { fingerprint, count = 1 } = answer.body;
    ledger.note(name, { kind: 'acknowledged', status: answer.status, fingerprint, count });
  } else {
    const retryAfter = /\r\nretry-after: (\d+)/i.exec(answer.headers)?.[1] ?? null;
    ledger.note(name, { kind: 'refused', status: answer.status, detail: answer.body.detail, retryAfter });
  }
}
