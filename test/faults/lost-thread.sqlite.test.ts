import Database from 'better-sqlite3';
import { mkdirSync, renameSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { setTimeout as delay } from 'node:timers/promises';
import { startLoad } from '../support/faults/load';
import { reportOf, sendReport } from '../support/faults/send-report';
import { expectLedgerKept, expectWhole } from '../support/faults/stored';
import { until } from '../support/faults/until';
import { startSmtpServer } from '../support/smtp-server';
import { endSpawned, startSpawnedServer } from '../support/spawned-server';
import { sqliteFile } from '../support/temporary-database';
import { temporaryFolder } from '../support/temporary-folder';

const PRELOAD = pathToFileURL(join(__dirname, '..', 'support', 'faults', 'worker-fault.mjs')).href;

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

function startFragileServer(thread: string, fault: string, env: Record<string, string> = {}) {
  return startSpawnedServer({
    env: { DATABASE_PATH: path, NODE_OPTIONS: `--import=${PRELOAD}`, THREAD: thread, FAULT: fault, ...env },
  });
}

describe('A writer thread that', () => {
  test.each(['throws', 'exits', 'runs out of memory'])(
    '%s under load is logged and started again; who waits gets 503, and no acknowledged report is lost',
    async (fault) => {
      const server = await startFragileServer('database-writer', fault);
      const load = startLoad(server.port);

      for (let death = 1; death <= 2; death++) {
        await load.acknowledged(100);
        server.kill('SIGUSR2');
        await until(
          () => count(server.stderr(), /writer\.worker ended; starting it again in/g) === death,
          10_000,
        );
      }
      await load.acknowledged(100);
      await load.stop();

      const { ledger } = load;
      expect(ledger.unanswered).toBe(0);
      expect(ledger.refusals.length).toBeGreaterThan(0);
      for (const refusal of ledger.refusals) {
        expect(refusal).toEqual({
          kind: 'refused',
          status: 503,
          retryAfter: '5',
          detail: 'The database cannot take reports right now; try again in a few seconds',
        });
      }
      expect(count(server.stdout(), /Reports are stored again/g)).toBe(
        count(server.stderr(), /Reports are answered with 503/g),
      );
      // A batch may have been committed by a thread that then could not say so.
      await expectLedgerKept(ledger, sqliteFile(path), { maybeStored: ledger.refusals.length });
      await expectWhole(sqliteFile(path));
      server.kill('SIGTERM');
      expect((await server.ended).code).toBe(0);
    },
  );

  test('is gone when the server is stopped does not keep it from ending', async () => {
    const server = await startFragileServer('database-writer', 'exits');
    await sendReport(server.port, reportOf('first'));

    server.kill('SIGUSR2');
    await server.waitFor(/starting it again/);
    server.kill('SIGTERM');

    expect((await server.ended).code).toBe(0);
  });
});

describe('A thread that', () => {
  test('cannot open the file says why, and tries again until it can', async () => {
    const server = await startFragileServer('database-writer', 'exits');
    await sendReport(server.port, reportOf('first'));
    renameSync(path, `${path}.aside`);
    mkdirSync(path);

    server.kill('SIGUSR2');
    await server.waitFor(/database-writer\.worker failed: .*\n/);
    const refused = await sendReport(server.port, reportOf('second'));
    rmdirSync(path);
    renameSync(`${path}.aside`, path);
    await until(
      async () => (await sendReport(server.port, reportOf('third'))).kind === 'acknowledged',
      15_000,
    );

    expect(refused).toMatchObject({ status: 503, retryAfter: '5' });
    expect(server.stderr()).toMatch(/database-writer\.worker failed: .*unable to open database file/);
    await expectWhole(sqliteFile(path));
  });
});

describe('A reader thread that', () => {
  const READS = ['/api/errors', '/api/errors/1', '/api/projects'];

  test('ends while another process has locked the file is started again and answers at once', async () => {
    const server = await startFragileServer('database-reader', 'exits');
    await sendReport(server.port, reportOf('first'));
    expect((await server.call('/api/errors')).status).toBe(200);
    const other = new Database(path, { timeout: 5_000 });
    other.exec('BEGIN IMMEDIATE');

    try {
      server.kill('SIGUSR2');
      await server.waitFor(/database-reader\.worker ended; starting it again/);
      await until(async () => (await server.call('/api/errors')).status === 200, 5_000);
    } finally {
      other.close();
    }
  });

  test.each(['exits', 'runs out of memory'])(
    '%s is started again; reports are taken all the while',
    async (fault) => {
      const server = await startFragileServer('database-reader', fault);
      const load = startLoad(server.port, { clients: 4 });
      await load.acknowledged(20);
      // The first reads start the threads.
      await Promise.all(READS.map((path) => server.call(path)));

      server.kill('SIGUSR2');
      await server.waitFor(/database-reader\.worker ended; starting it again/);
      for (const path of READS) await until(async () => (await server.call(path)).status === 200, 10_000);
      await delay(100);
      await load.stop();

      expect(load.ledger.unanswered + load.ledger.refusals.length).toBe(0);
      const { body } = await server.call('/api/errors');
      expect(body.total).toBe(load.ledger.entries.size);
    },
  );

  test('exits while it has much to read has all of it answered: what was lost with 503', async () => {
    const server = await startFragileServer('database-reader', 'exits');
    await sendReport(server.port, reportOf('first'));

    const reading = Promise.all(
      Array.from({ length: 300 }, async (_, index) => {
        const answer = await server.call(READS[index % READS.length]!);
        if (index === 30) server.kill('SIGUSR2');
        return `${answer.status} ${answer.headers.get('retry-after')}`;
      }),
    );

    for (const answer of await reading) expect(['200 null', '503 1', '503 5']).toContain(answer);
    await until(async () => (await server.call('/api/errors/1')).status === 200, 10_000);
  });

  test('exits does not keep anybody from being told of an error', async () => {
    const smtp = await startSmtpServer();
    const server = await startFragileServer('database-reader', 'exits', {
      SMTP_HOST: '127.0.0.1',
      SMTP_PORT: String(smtp.port),
      ALERT_EMAILS: 'dev@example.com',
    });
    await sendReport(server.port, reportOf('first'));
    await smtp.received(1);

    server.kill('SIGUSR2');
    await server.waitFor(/database-reader\.worker ended; starting it again/);
    await sendReport(server.port, reportOf('second'));

    await smtp.received(2);
    await smtp.close();
  });
});

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}
