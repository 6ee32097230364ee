import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startLoad } from '../support/faults/load';
import type { Outcome } from '../support/faults/ledger';
import { expectLedgerKept, expectWhole } from '../support/faults/stored';
import { describeWithTmpfs, mountTmpfs, type Tmpfs } from '../support/faults/tmpfs';
import { until } from '../support/faults/until';
import { endSpawned, startSpawnedServer } from '../support/spawned-server';
import { sqliteFile } from '../support/temporary-database';

const MEBIBYTE = 1024 * 1024;

describeWithTmpfs()('A disk that is full', () => {
  let disk: Tmpfs;

  beforeEach(() => {
    disk = mountTmpfs(24);
  });

  afterEach(async () => {
    await endSpawned();
    disk.unmount();
  });

  test('has reports refused with 503 until there is room again; what was acknowledged is there', async () => {
    const ballast = join(disk.path, 'ballast');
    writeFileSync(ballast, Buffer.alloc(20 * MEBIBYTE, 1));
    const path = join(disk.path, 'errors.db');
    const server = await startSpawnedServer({ env: { DATABASE_PATH: path } });
    const outcomes: Outcome[] = [];
    const load = startLoad(server.port, {
      clients: 1,
      nextName: () => `error-${outcomes.length}`,
      changes: () => ({ extra: 'x'.repeat(20_000) }),
      onOutcome: (_name, outcome) => outcomes.push(outcome),
    });

    await server.waitFor(/Reports are answered with 503: .*full/);
    await until(() => outcomes.slice(-20).every(({ kind }) => kind === 'refused'), 10_000);
    const { status } = await server.call('/health');
    const { status: listStatus } = await server.call('/api/errors');
    rmSync(ballast);
    await server.waitFor(/Reports are stored again/);
    await load.acknowledged(20);
    await load.stop();

    expect(status).toBe(200);
    expect(listStatus).toBe(200);
    const { ledger } = load;
    expect(ledger.unanswered).toBe(0);
    expect(new Set(ledger.refusals.map((refusal) => `${refusal.status} ${refusal.retryAfter}`))).toEqual(
      new Set(['503 5']),
    );
    await expectLedgerKept(ledger, sqliteFile(path));
    await expectWhole(sqliteFile(path));
    expect(server.stderr()).toMatch(/^.*Reports are answered with 503: .*full\n$/);
    expect(server.stdout().match(/Reports are stored again/g)).toHaveLength(1);
  });

  test('with room for small reports only logs a few lines a second at most, whatever comes', async () => {
    writeFileSync(join(disk.path, 'ballast'), Buffer.alloc(20 * MEBIBYTE, 1));
    const path = join(disk.path, 'errors.db');
    const server = await startSpawnedServer({ env: { DATABASE_PATH: path } });
    const load = startLoad(server.port, {
      clients: 8,
      changes: () => ({ extra: 'x'.repeat(Math.random() < 0.5 ? 10 : 60_000) }),
    });
    await server.waitFor(/Reports are answered with 503/);

    await delay(3_000);
    await load.stop();

    await expectLedgerKept(load.ledger, sqliteFile(path));
    await expectWhole(sqliteFile(path));
    const lines = (server.stdout() + server.stderr()).match(/\[Writer\]/g)!;
    expect(lines.length).toBeLessThanOrEqual(20);
  });

  test('has a report refused with 503 when there is not even room for the log of writes, and the server ends cleanly', async () => {
    const path = join(disk.path, 'errors.db');
    const server = await startSpawnedServer({ env: { DATABASE_PATH: path } });
    const load = startLoad(server.port, { clients: 2, changes: () => ({ extra: 'x'.repeat(100_000) }) });
    await server.waitFor(/Reports are answered with 503/);

    server.kill('SIGTERM');
    const { code } = await server.ended;
    await load.stop();

    expect(code).toBe(0);
    await expectLedgerKept(load.ledger, sqliteFile(path));
    await expectWhole(sqliteFile(path));
  });
});
