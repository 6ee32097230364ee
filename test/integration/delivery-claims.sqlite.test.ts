import { until } from '../support/faults/until';
import { startSmtpServer } from '../support/smtp-server';
import { openSqlite } from '../support/sqlite-database';
import { type TemporaryDatabase, temporaryDatabase } from '../support/temporary-database';
import { startTestServer, type TestServer } from '../support/test-server';

const AT = '2026-01-31 12:00:00.000';

let database: TemporaryDatabase;
let server: TestServer | null = null;

beforeEach(async () => {
  database = await temporaryDatabase();
});

afterEach(async () => {
  await server?.close();
  await database.remove();
});

/** A file as the version before claims has left it, with what was pending. */
async function makeOlderFile(deliveries: Record<string, unknown>[]): Promise<void> {
  await (await startTestServer(database.env)).close();
  const file = openSqlite((database.env as { DATABASE_PATH: string }).DATABASE_PATH);
  file.exec(`DROP INDEX claimed_deliveries; ALTER TABLE deliveries DROP COLUMN claim;
    ALTER TABLE deliveries DROP COLUMN claimed_until; DELETE FROM migrations WHERE name LIKE 'DeliveryClaims%'`);
  file.close();
  const rows = database.open();
  await rows.insert(
    'deliveries',
    deliveries.map((columns) => ({
      kind: 'test',
      channel: 'mail',
      state: 'pending',
      created_at: AT,
      due_at: AT,
      ...columns,
    })),
  );
  await rows.close();
}

describe('A file from before claims', () => {
  test('keeps its deliveries: what may have arrived is not sent again, and the rest is sent at once', async () => {
    await makeOlderFile([
      { recipient: 'dev@example.com', handed_over_at: AT },
      { recipient: 'ops@example.com', handed_over_at: null },
    ]);
    const smtp = await startSmtpServer();
    const startedAt = Date.now();
    server = await startTestServer({
      ...database.env,
      SMTP_HOST: '127.0.0.1',
      SMTP_PORT: String(smtp.port),
      ALERT_EMAILS: 'dev@example.com,ops@example.com',
    });
    const { database: rows } = server;
    await until(() => rows.value("SELECT count(*) = 0 FROM deliveries WHERE state = 'pending'"), 10_000);
    const tookMs = Date.now() - startedAt;
    await smtp.close();

    expect(await rows.all('SELECT recipient, state, reason, claim FROM deliveries ORDER BY id')).toEqual([
      {
        recipient: 'dev@example.com',
        state: 'failed',
        reason: expect.stringMatching(/it may have arrived, and is not sent again/),
        claim: null,
      },
      { recipient: 'ops@example.com', state: 'sent', reason: null, claim: null },
    ]);
    expect(smtp.mails).toHaveLength(1);
    expect(tookMs).toBeLessThan(5_000);
  });
});
