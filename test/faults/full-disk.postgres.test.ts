import { chmodSync, mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startLoad } from '../support/faults/load';
import { expectBack, expectOutage } from '../support/faults/outage';
import { expectLedgerExact, expectWhole } from '../support/faults/stored';
import { describeWithTmpfs, mountTmpfs, type Tmpfs } from '../support/faults/tmpfs';
import { PostgresCluster } from '../support/postgres/postgres-cluster';
import { endSpawned, startSpawnedServer } from '../support/spawned-server';
import { createPostgresDatabase, type TemporaryDatabase } from '../support/temporary-database';

const MEBIBYTE = 1024 * 1024;

describeWithTmpfs()('A disk of PostgreSQL that is full', () => {
  let disk: Tmpfs;
  let cluster: PostgresCluster;
  let database: TemporaryDatabase;

  beforeEach(() => {
    disk = mountTmpfs(96);
    // Whoever runs PostgreSQL makes its folders there.
    chmodSync(disk.path, 0o777);
  });

  afterEach(async () => {
    await endSpawned();
    await cluster.remove();
    disk.unmount();
  });

  test('has reports refused with 503, and nothing else, until there is room again; what was acknowledged is there', async () => {
    cluster = await PostgresCluster.start();
    const folder = join(disk.path, 'tables');
    mkdirSync(folder);
    cluster.own(folder);
    await cluster.query(`CREATE TABLESPACE small LOCATION '${folder}'`);
    database = await createPostgresDatabase(cluster.url);
    const name = new URL(urlOf(database)).pathname.slice(1);
    await cluster.query(`ALTER DATABASE ${name} SET TABLESPACE small`);
    const server = await startSpawnedServer({ env: { ...database.env } });
    const load = startLoad(server.port, {
      clients: 8,
      changes: () => ({ extra: Math.random().toString(36).repeat(2_000) }),
    });
    await load.acknowledged(20);

    const fillUp = fill(disk.path, 2);
    await server.waitFor(/Reports are answered with 503: .*No space left on device/);
    const list = await server.call('/api/errors');
    const health = await server.call('/health');
    rmSync(fillUp);
    await expectBack(server, load.ledger);
    await load.acknowledged(20);
    await load.stop();

    expect([list.status, health.status]).toEqual([200, 200]);
    for (const { status, retryAfter } of load.ledger.refusals)
      expect([status, retryAfter]).toEqual([503, '5']);
    await expectLedgerExact(load.ledger, database);
    await expectWhole(database);
  });

  test('of its log of writes stops the server; when there is room and it is started again, nothing is lost or counted twice', async () => {
    const folder = join(disk.path, 'wal');
    cluster = await PostgresCluster.start({ max_wal_size: '64MB', min_wal_size: '2MB' }, [
      '--wal-segsize=1',
      `--waldir=${folder}`,
    ]);
    database = await createPostgresDatabase(cluster.url);
    const server = await startSpawnedServer({ env: { ...database.env } });
    const load = startLoad(server.port, {
      clients: 8,
      changes: () => ({ extra: Math.random().toString(36).repeat(2_000) }),
    });
    await load.acknowledged(20);
    expect((await server.call('/api/errors')).status).toBe(200);

    const fillUp = fill(disk.path, 2);
    await server.waitFor(/Reports are answered with 503/);
    await cluster.stop('immediate');
    await expectOutage(server, 500);
    rmSync(fillUp);
    await cluster.start();
    await expectBack(server, load.ledger);
    await load.acknowledged(20);
    await load.stop();

    expect(cluster.log()).toMatch(/PANIC: .*No space left on device/);
    await expectLedgerExact(load.ledger, database);
    await expectWhole(database);
  });
});

/** Leaves little room. @returns the file that takes the rest */
function fill(folder: string, leftMb: number): string {
  const { bavail, bsize } = statfsSync(folder);
  const file = join(folder, 'ballast');
  writeFileSync(file, Buffer.alloc(bavail * bsize - leftMb * MEBIBYTE, 1));
  return file;
}

function urlOf({ env }: TemporaryDatabase): string {
  return (env as { DATABASE_URL: string }).DATABASE_URL;
}
