import { setTimeout as delay } from 'node:timers/promises';
import { Ledger, type Outcome } from '../support/faults/ledger';
import { type Load, startLoad } from '../support/faults/load';
import { expectLedgerExact, expectLedgerKept, expectWhole } from '../support/faults/stored';
import { endSpawned, type SpawnedServer, startSpawnedServer } from '../support/spawned-server';
import { type TemporaryDatabase, temporaryDatabase } from '../support/temporary-database';

/** A server that is stopped in the middle of a transaction keeps its locks for 5 s; others wait for them for 2 s. */
const LONGEST_GAP_MS = 8_000;

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

describe('One of three replicas', () => {
  test('that is frozen under load for seconds, again and again, goes on afterwards; every report is stored once', async () => {
    const [frozen] = replicas as [SpawnedServer];
    const load = startLoad(
      replicas.map(({ port }) => port),
      { clients: 24, nextName: tenNames() },
    );
    await load.acknowledged(100);

    for (let round = 0; round < 2; round++) {
      frozen.kill('SIGSTOP');
      await delay(1_500);
      frozen.kill('SIGCONT');
      await load.acknowledged(50);
    }
    await load.stop();

    expect(load.ledger.refusals).toEqual([]);
    await expectLedgerExact(load.ledger, database);
    await expectWhole(database);
  });

  test('that is frozen while it changes many errors holds up the others for seconds only', async () => {
    const [frozen, ...others] = replicas as [SpawnedServer, SpawnedServer, SpawnedServer];
    const load = startLoad(
      others.map(({ port }) => port),
      { clients: 16, nextName: tenNames() },
    );
    await load.acknowledged(200);
    const acting = actAgainAndAgain(frozen);
    await delay(500);

    frozen.kill('SIGSTOP');
    const longestGapMs = await watchGaps(load, 9_000);
    frozen.kill('SIGCONT');
    await acting.stop();
    await load.stop();

    expect(longestGapMs).toBeLessThan(LONGEST_GAP_MS);
    for (const { status, retryAfter } of load.ledger.refusals)
      expect([status, retryAfter]).toEqual([503, '5']);
    await expectLedgerExact(load.ledger, database);
    await expectWhole(database);
    expect((await frozen.call('/api/errors')).status).toBe(200);
  });

  test('that is killed under load holds up none of the others, and takes nothing along that it acknowledged', async () => {
    const [killed, ...others] = replicas as [SpawnedServer, SpawnedServer, SpawnedServer];
    const nextName = tenNames();
    const all = new Ledger();
    const onOutcome = (name: string, outcome: Outcome) => {
      if (outcome.kind !== 'unanswered' || outcome.reason !== 'ECONNREFUSED') all.note(name, outcome);
    };
    const ofKilled = startLoad(killed.port, { clients: 8, nextName, onOutcome });
    const ofOthers = startLoad(
      others.map(({ port }) => port),
      { clients: 16, nextName, onOutcome },
    );
    await ofKilled.acknowledged(100);
    const acting = actAgainAndAgain(killed);
    await delay(300);

    killed.kill('SIGKILL');
    const longestGapMs = await watchGaps(ofOthers, 2_000);
    await killed.ended;
    await acting.stop();
    await Promise.all([ofKilled.stop(), ofOthers.stop()]);

    expect(longestGapMs).toBeLessThan(1_000);
    expect(ofOthers.ledger.refusals).toEqual([]);
    await expectLedgerKept(all, database);
    await expectWhole(database);
  });
});

function tenNames(): () => string {
  let turn = 0;
  return () => `shared-${turn++ % 10}`;
}

/** Resolves and opens all errors, until it is stopped or gets no answer. */
function actAgainAndAgain(server: SpawnedServer): { stop: () => Promise<void> } {
  const state = { stopped: false };
  const act = async () => {
    const { body } = await server.call('/api/errors');
    const ids = (body.errors as { id: number }[]).map(({ id }) => id);
    for (let turn = 0; !state.stopped; turn++) {
      const json = { action: turn % 2 === 0 ? 'resolve' : 'reopen', ids };
      await server.call('/api/errors/bulk', { json });
    }
  };
  const acting = act().catch(() => undefined);
  return {
    stop: () => {
      state.stopped = true;
      return acting;
    },
  };
}

/** @returns the longest time in which no report was acknowledged */
async function watchGaps({ ledger }: Load, durationMs: number): Promise<number> {
  const end = Date.now() + durationMs;
  let last = ledger.acknowledged;
  let changedAt = Date.now();
  let longestMs = 0;
  while (Date.now() < end) {
    await delay(20);
    if (ledger.acknowledged !== last) changedAt = Date.now();
    last = ledger.acknowledged;
    longestMs = Math.max(longestMs, Date.now() - changedAt);
  }
  return longestMs;
}
