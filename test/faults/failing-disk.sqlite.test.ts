import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startLoad } from '../support/faults/load';
import { expectLedgerKept, expectWhole } from '../support/faults/stored';
import { endSpawned, startSpawnedServer } from '../support/spawned-server';
import { sqliteFile } from '../support/temporary-database';
import { temporaryFolder } from '../support/temporary-folder';

const folder = temporaryFolder();
const library = join(folder.path, 'failing-disk.so');

afterEach(endSpawned);
afterAll(() => folder.remove());

describeWithFailingDisk()('A disk that', () => {
  test.each([
    ['becomes read-only', 'READ_ONLY_WHILE'],
    ['cannot bring data to its surface', 'SYNC_FAILS_WHILE'],
  ])(
    '%s has reports refused with 503 until that has passed; no acknowledged one is lost',
    async (_situation, variable) => {
      const path = join(folder.path, variable, 'errors.db');
      const fault = join(folder.path, `${variable}.now`);
      const server = await startSpawnedServer({
        env: { DATABASE_PATH: path, LD_PRELOAD: library, [variable]: fault },
      });
      const load = startLoad(server.port, { clients: 8 });
      await load.acknowledged(50);

      writeFileSync(fault, '');
      await server.waitFor(/Reports are answered with 503: disk I\/O error/);
      await new Promise((resolve) => setTimeout(resolve, 500));
      const { status } = await server.call('/api/errors');
      const acknowledgedMeanwhile = load.ledger.acknowledged;
      await new Promise((resolve) => setTimeout(resolve, 500));
      expect(load.ledger.acknowledged).toBe(acknowledgedMeanwhile);
      rmSync(fault);
      await server.waitFor(/Reports are stored again/);
      await load.acknowledged(50);
      await load.stop();

      expect(status).toBe(200);
      const { ledger } = load;
      expect(ledger.unanswered).toBe(0);
      expect(new Set(ledger.refusals.map((refusal) => `${refusal.status} ${refusal.retryAfter}`))).toEqual(
        new Set(['503 5']),
      );
      await expectLedgerKept(ledger, sqliteFile(path));
      await expectWhole(sqliteFile(path));
      expect(server.stderr()).toMatch(/^.*Reports are answered with 503: disk I\/O error\n$/);

      server.kill('SIGKILL');
      await server.ended;
      await startSpawnedServer({ env: { DATABASE_PATH: path } });
      await expectLedgerKept(ledger, sqliteFile(path));
      await expectWhole(sqliteFile(path));
    },
  );
});

/** `describe` where the library can be built and loaded; elsewhere the tests are skipped and the reason is printed. */
function describeWithFailingDisk(): jest.Describe {
  const source = join(__dirname, '..', 'support', 'faults', 'failing-disk.c');
  try {
    if (process.platform !== 'linux') throw new Error('LD_PRELOAD is of Linux');
    execFileSync(process.env.CC ?? 'cc', ['-shared', '-fPIC', '-o', library, source, '-ldl'], {
      stdio: 'pipe',
    });
    return describe;
  } catch (error) {
    process.stderr.write(
      `Skipped, since no library can be put before libc here: ${(error as Error).message}\n`,
    );
    return describe.skip;
  }
}
