import Database from 'better-sqlite3';
import { closeSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { startLoad } from '../support/faults/load';
import { reportOf, sendReport } from '../support/faults/send-report';
import { describeWithTmpfs, mountTmpfs } from '../support/faults/tmpfs';
import { until } from '../support/faults/until';
import { parsePrometheusText } from '../support/prometheus-text';
import { endSpawned, type SpawnedServer, startSpawnedServer } from '../support/spawned-server';
import { temporaryFolder } from '../support/temporary-folder';

const PRELOAD = pathToFileURL(join(__dirname, '..', 'support', 'faults', 'worker-fault.mjs')).href;
const DEADLINE_MS = 10_000;
const MEBIBYTE = 1024 * 1024;

const isReady = async (server: SpawnedServer) => (await server.call('/health/ready')).status === 200;

describe('A server whose', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let path: string;

  beforeEach(() => {
    folder = temporaryFolder();
    path = join(folder.path, 'errors.db');
  });

  afterEach(async () => {
    await endSpawned();
    folder.remove();
  });

  test('writer thread is lost is not ready until there is another one', async () => {
    const fault = { NODE_OPTIONS: `--import=${PRELOAD}`, THREAD: 'database-writer', FAULT: 'exits' };
    const server = await startSpawnedServer({ env: { DATABASE_PATH: path, ...fault } });
    expect(await isReady(server)).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 1_000));

    server.kill('SIGUSR2');
    await server.waitFor(/database-writer\.worker ended; starting it again/);
    const { status, body } = await server.call('/health/ready');

    expect([status, body.status]).toEqual([503, 'unavailable']);
    await until(() => isReady(server), DEADLINE_MS);
  });

  test('file is damaged where the check meets it is not ready, and gives all metrics but those it cannot read', async () => {
    const before = await startSpawnedServer({ env: { DATABASE_PATH: path } });
    await sendReport(before.port, reportOf('first'));
    before.kill('SIGTERM');
    await before.ended;
    spoilCounts(path);

    const server = await startSpawnedServer({ env: { DATABASE_PATH: path, METRICS: 'true' } });
    const { status, body } = await server.call('/health/ready');
    const { status: metricsStatus, body: text } = await server.call('/metrics');

    expect([status, body.status]).toEqual([503, 'unavailable']);
    await server.waitFor(/Not ready for reports: database disk image is malformed/);
    expect(metricsStatus).toBe(200);
    const names = [...parsePrometheusText(text as string).keys()];
    expect(names.filter((name) => name.startsWith('error_tracker_errors'))).toEqual([]);
    expect(names).toContain('error_tracker_database_bytes');
  });
});

describeWithTmpfs()('A server whose disk is full', () => {
  test('is not ready until there is room again', async () => {
    const disk = mountTmpfs(24);
    try {
      const ballast = join(disk.path, 'ballast');
      writeFileSync(ballast, Buffer.alloc(20 * MEBIBYTE, 1));
      const server = await startSpawnedServer({ env: { DATABASE_PATH: join(disk.path, 'errors.db') } });
      expect(await isReady(server)).toBe(true);
      const load = startLoad(server.port, { clients: 2, changes: () => ({ extra: 'x'.repeat(10) }) });

      await until(async () => !(await isReady(server)), DEADLINE_MS);
      await server.waitFor(/Not ready for reports: .*full/);
      rmSync(ballast);
      await until(() => isReady(server), DEADLINE_MS);
      await load.stop();
    } finally {
      await endSpawned();
      disk.unmount();
    }
  });
});

/** Overwrites the page with the number of errors, which every report changes. */
function spoilCounts(path: string): void {
  const database = new Database(path);
  const page = database
    .prepare("SELECT rootpage FROM sqlite_master WHERE name = 'error_counts'")
    .pluck()
    .get() as number;
  const pageSize = database.pragma('page_size', { simple: true }) as number;
  database.close();
  const file = openSync(path, 'r+');
  writeSync(file, Buffer.alloc(pageSize, 0xa5), 0, pageSize, (page - 1) * pageSize);
  closeSync(file);
}
