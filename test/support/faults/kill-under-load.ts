import { setTimeout as delay } from 'node:timers/promises';
import { startSpawnedServer } from '../spawned-server';
import { startLoad } from './load';
import { expectLedgerKept, expectWhole, readCounts } from './stored';

/** Kills a server under load again and again on one file, and looks at the file each time the next one has opened it. */
export async function killUnderLoad(path: string, times: number): Promise<{ acknowledged: number }> {
  const env = { DATABASE_PATH: path };
  let acknowledged = 0;
  let server = await startSpawnedServer({ env });
  for (let round = 0; round < times; round++) {
    const before = readCounts(path);
    const load = startLoad(server.port, { clients: 16 });
    await load.acknowledged(1);
    await delay(Math.random() * 500);
    server.kill('SIGKILL');
    await server.ended;
    await load.stop();

    server = await startSpawnedServer({ env });
    expectLedgerKept(load.ledger, path, { before });
    expectWhole(path);
    expect(load.ledger.refusals).toEqual([]);
    expect(load.ledger.unanswered).toBeLessThanOrEqual(2 * 16);
    acknowledged += load.ledger.acknowledged;
  }
  server.kill('SIGTERM');
  expect((await server.ended).stderr).toBe('');
  expectWhole(path);
  return { acknowledged };
}
