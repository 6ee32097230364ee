import { until } from '../support/faults/until';
import { reportWithKey } from '../support/ingest-keys';
import { temporaryDatabase } from '../support/temporary-database';
import { startTestServer } from '../support/test-server';

it('three replicas write into one ledger, at the same time and when they stop, and nothing is lost', async () => {
  const database = await temporaryDatabase();
  const start = () => startTestServer({ ...database.env });
  const reader = await start();
  const replicas = await Promise.all([start(), start(), start()]);
  const countOf = async () => {
    const { entries } = (await reader.call('/api/ledger')).body as { entries: { count: number }[] };
    return entries.reduce((sum, { count }) => sum + count, 0);
  };
  // In every replica in another order.
  const refuse = () =>
    Promise.all(
      replicas.flatMap((replica, first) =>
        Array.from({ length: 9 }, (_, index) =>
          reportWithKey(replica, 'f'.repeat(32), {}, { 'User-Agent': `client ${(index + first) % 9}` }),
        ),
      ),
    );
  await refuse();
  await until(async () => (await countOf()) === 27, 5_000);
  await refuse();
  await Promise.all(replicas.map((replica) => replica.close()));
  expect(await countOf()).toBe(54);
  await reader.close();
  await database.remove();
});
