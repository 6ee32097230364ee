import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Ledger } from '../support/faults/ledger';
import { startLoad } from '../support/faults/load';
import { RawConnection, rawReport } from '../support/faults/raw-report';
import { reportOf, sendReport } from '../support/faults/send-report';
import { expectLedgerExact, expectWhole, readCounts } from '../support/faults/stored';
import { endSpawned, type SpawnedServer, startSpawnedServer } from '../support/spawned-server';
import { type TemporaryDatabase, temporaryDatabase } from '../support/temporary-database';

let database: TemporaryDatabase;
let replicas: SpawnedServer[];

beforeEach(async () => {
  database = await temporaryDatabase();
  replicas = await Promise.all([1, 2, 3].map(() => startSpawnedServer({ env: { ...database.env } })));
});

afterEach(async () => {
  await endSpawned();
  await database.remove();
});

const replicaOf = (index: number) => replicas[index % replicas.length]!;

describe('Three replicas of one database', () => {
  test('that 64 clients tell of one error make one of it, and answer every count from 1 to 64 once', async () => {
    const ledger = new Ledger();

    const outcomes = await Promise.all(
      Array.from({ length: 64 }, (_, index) => sendReport(replicaOf(index).port, reportOf('same'))),
    );
    for (const outcome of outcomes) ledger.note('same', outcome);

    expect(
      outcomes.filter((outcome) => outcome.kind === 'acknowledged' && outcome.status === 201),
    ).toHaveLength(1);
    expect(ledger.acknowledged).toBe(64);
    await expectLedgerExact(ledger, database);
    for (const replica of replicas) {
      const { body } = await replica.call('/api/errors');
      expect(body).toMatchObject({ total: 1, errors: [{ count: 64 }] });
    }
    await expectWhole(database);
  });

  test('count right when each gets the same hundred errors in another order, new ones and known ones, all at once', async () => {
    const names = Array.from({ length: 100 }, (_, index) => `mixed-${index}`);
    const ledger = new Ledger();

    for (let round = 0; round < 4; round++) {
      const known = round === 0 ? [] : names;
      const fresh = Array.from({ length: 50 }, (_, index) => `new-${round}-${index}`);
      await Promise.all(
        Array.from({ length: 6 }, async (_, index) => {
          const order = shuffled([...known, ...fresh, ...(round === 0 ? names : [])]);
          const connection = await RawConnection.open(replicaOf(index).port);
          connection.socket.write(Buffer.concat(order.map((name) => rawReport(reportOf(name)))));
          const answers = await connection.answered(order.length);
          connection.socket.destroy();
          answers.forEach(({ status, body }, place) => {
            expect([200, 201]).toContain(status);
            const { fingerprint, count = 1 } = body;
            ledger.note(order[place]!, { kind: 'acknowledged', status, fingerprint, count });
          });
        }),
      );
    }

    expect(ledger.acknowledged).toBe(4 * 6 * 150);
    await expectLedgerExact(ledger, database);
    await expectWhole(database);
    for (const replica of replicas) expect(replica.stderr()).toBe('');
  });

  test('never wait for each other when errors that are new to some are known to others a moment later', async () => {
    // The eight errors of these 20 ms.
    const nextName = () => `${Math.floor(Date.now() / 20)}-${Math.floor(Math.random() * 8)}`;
    const ports = replicas.map(({ port }) => port);
    const load = startLoad(ports, { clients: 64, nextName });
    await delay(6_000);
    await load.stop();
    const stored = database.open();
    try {
      // What a session counts is seen at most a second later.
      await delay(1_500);
      const deadlocks = await stored.value<number>(
        'SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()',
      );
      expect(deadlocks).toBe(0);
    } finally {
      await stored.close();
    }
    expect(load.ledger.refusals).toEqual([]);
    expect(load.ledger.unanswered).toBe(0);
    await expectLedgerExact(load.ledger, database);
    await expectWhole(database);
  }, 40_000);

  test('count right while errors are resolved, opened again and deleted, one by one and many together, at all of them', async () => {
    let turn = 0;
    const load = startLoad(
      replicas.map(({ port }) => port),
      { clients: 24, nextName: () => `${turn++ % 4 === 0 ? 'doomed' : 'kept'}-${turn % 30}` },
    );
    await load.acknowledged(200);
    const statuses = new Map<string, number>();
    const act = async (index: number, path: string, json: object) => {
      const { status } = await replicaOf(index).call(path, { json });
      const what = `${path.replace(/\d+/, 'id')} ${status}`;
      statuses.set(what, (statuses.get(what) ?? 0) + 1);
    };

    const end = Date.now() + 4_000;
    await Promise.all(
      replicas.map(async (replica, index) => {
        while (Date.now() < end) {
          const { body } = await replica.call('/api/errors?limit=200');
          const errors = body.errors as { id: number; message: string }[];
          const ids = shuffled(errors.map(({ id }) => id));
          const doomed = errors.filter(({ message }) => message.startsWith('doomed')).map(({ id }) => id);
          await act(index, '/api/errors/bulk', { action: 'resolve', ids });
          await act(index + 1, `/api/errors/${ids[0]}/resolve`, {});
          await act(index + 2, `/api/errors/${ids[1]}/reopen`, {});
          await act(index + 1, '/api/errors/bulk', { action: 'reopen', ids: shuffled(ids) });
          if (doomed.length > 0)
            await act(index, '/api/errors/bulk', { action: 'delete', ids: shuffled(doomed).slice(0, 10) });
          await delay(20);
        }
      }),
    );
    await load.stop();

    // One that is resolved by itself may have been deleted by another replica.
    statuses.delete('/api/errors/id/resolve 404');
    statuses.delete('/api/errors/id/reopen 404');
    expect([...statuses.keys()].sort()).toEqual([
      '/api/errors/bulk 200',
      '/api/errors/id/reopen 200',
      '/api/errors/id/resolve 200',
    ]);
    expect(load.ledger.refusals).toEqual([]);
    expect(load.ledger.unanswered).toBe(0);
    const stored = await readCounts(database);
    for (const [name, { acknowledged }] of load.ledger.entries) {
      if (name.startsWith('doomed')) continue;
      expect([name, stored.get(name)]).toEqual([name, acknowledged.length]);
      expect([...acknowledged].sort((a, b) => a - b)).toEqual(acknowledged.map((_, index) => index + 1));
    }
    await expectWhole(database);
    for (const replica of replicas) expect(replica.stderr()).toBe('');
  });
});

/** In an order that is another each time. */
function shuffled<Item>(items: readonly Item[]): Item[] {
  const seed = Math.random();
  const rank = (item: Item) =>
    createHash('md5')
      .update(`${seed} ${String(item)}`)
      .digest('hex');
  return [...items].sort((left, right) => (rank(left) < rank(right) ? -1 : 1));
}
