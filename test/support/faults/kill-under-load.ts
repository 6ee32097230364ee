import { setTimeout as delay } from 'node:timers/promises';
import { startSpawnedServer } from '../spawned-server';
import type { StoredDatabase } from '../temporary-database';
import { startLoad } from './load';
import { expectLedgerKept, expectWhole, readCounts } from './stored';

/** Kills a server under load again and again on one database, and looks at it each time the next one has opened it. */
export async function killUnderLoad(
  database: StoredDatabase,
  times: number,
): Promise<{ acknowledged: number }> {
  const env = { ...database.env };
  let acknowledged = 0;
  let server = await startSpawnedServer({ env });
  for (let round = 0; round < times; round++) {
    const before = await readCounts(database);
    const load = startLoad(server.port, { clients: 16 });
    await load.acknowledged(1);
    await delay(Math.random() * 500);
    server.kill('SIGKILL');
    await server.ended;
    await load.stop();

    server = await startSpawnedServer({ env });
    await expectLedgerKept(load.ledger, database, { before });
    await expectWhole(database);
    expect(load.ledger.refusals).toEqual([]);
    expect(load.ledger.unanswered).toBeLessThanOrEqual(2 * 16);
    acknowledged += load.ledger.acknowledged;
  }
  server.kill('SIGTERM');
  expect((await server.ended).stderr).toBe('');
  await expectWhole(database);
  return { acknowledged };
}
