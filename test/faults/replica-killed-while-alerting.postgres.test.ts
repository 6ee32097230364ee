import { setTimeout as delay } from 'node:timers/promises';
import { reportOf, sendReport } from '../support/faults/send-report';
import { until } from '../support/faults/until';
import { startSmtpServer, type TestSmtpServer } from '../support/smtp-server';
import { endSpawned, type SpawnedServer, startSpawnedServer } from '../support/spawned-server';
import { type TemporaryDatabase, temporaryDatabase } from '../support/temporary-database';
import type { TestDatabase } from '../support/test-database';
import { type Receiver, startReceiver } from '../support/webhook-receiver';

/** A claim holds for 30 seconds, and replicas look for those that have run out every three. */
const TAKEN_OVER_MS = 45_000;
const MAY_HAVE_ARRIVED = /may have arrived, and is not sent again/;

let database: TemporaryDatabase;
let rows: TestDatabase;
let mailServers: TestSmtpServer[] = [];
let receiver: Receiver | null = null;

beforeEach(async () => {
  database = await temporaryDatabase();
  rows = database.open();
});

afterEach(async () => {
  await endSpawned();
  await Promise.all(mailServers.map((smtp) => smtp.close()));
  await receiver?.close();
  await rows.close();
  await database.remove();
  mailServers = [];
  receiver = null;
});

async function startMailServer(options: Parameters<typeof startSmtpServer>[0] = {}): Promise<TestSmtpServer> {
  const smtp = await startSmtpServer(options);
  mailServers.push(smtp);
  return smtp;
}

function startReplica(smtp: TestSmtpServer, env: Record<string, string> = {}): Promise<SpawnedServer> {
  return startSpawnedServer({
    env: {
      ...database.env,
      SMTP_HOST: '127.0.0.1',
      SMTP_PORT: String(smtp.port),
      ALERT_EMAILS: 'dev@example.com',
      ALERT_HOURLY_CAP: '0',
      ALERT_WEBHOOK_ALLOW_PRIVATE: 'true',
      ...env,
    },
  });
}

const count = (state: string) =>
  rows.value<number>('SELECT count(*) FROM deliveries WHERE state = ?', [state]);

describe('A replica that is killed while it tells of errors', () => {
  test('leaves the rest to the other: none is lost, and none told twice', async () => {
    const smtp = await startMailServer({ onRcptTo: (_address, _session, done) => setTimeout(done, 40) });
    const recipients = ['dev@example.com', 'ops@example.com', 'lead@example.com', 'home@example.com'];
    const env = { ALERT_EMAILS: recipients.join(',') };
    const replicas = await Promise.all([startReplica(smtp, env), startReplica(smtp, env)]);

    const names = Array.from({ length: 30 }, (_, i) => `failure ${i}`);
    const outcomes = await Promise.all(
      names.map((name, i) => sendReport(replicas[i % 2]!.port, reportOf(name))),
    );
    await smtp.received(30);
    replicas[0].kill('SIGKILL');
    await until(
      async () =>
        (await count('pending')) === 0 && (await rows.value('SELECT count(*) FROM error_events')) === 0,
      TAKEN_OVER_MS + 30_000,
    );
    await delay(500);

    expect(outcomes.map(({ kind }) => kind)).toEqual(names.map(() => 'acknowledged'));
    const failed = await rows.all<{ recipient: string; error_id: number; reason: string }>(
      "SELECT recipient, error_id, reason FROM deliveries WHERE state = 'failed'",
    );
    const told = smtp.mails.map(({ subject }, i) => {
      const id = /\(#(\d+)\)$/.exec(subject ?? '')?.[1];
      return `${smtp.envelopes[i]!.to[0]} ${id}`;
    });
    const mayHaveArrived = failed.map(({ recipient, error_id: id }) => `${recipient} ${id}`);
    expect(new Set(told).size).toBe(told.length);
    expect(new Set([...told, ...mayHaveArrived]).size).toBe(names.length * recipients.length);
    expect(failed.filter(({ reason }) => !MAY_HAVE_ARRIVED.test(reason))).toEqual([]);
    // As many as it may have under way at once.
    expect(failed.length).toBeLessThanOrEqual(3);
  }, 120_000);
});

describe('A replica that holds a mail back and a webhook without an answer', () => {
  let letGo = () => {};
  let answer = () => {};
  let silent: TestSmtpServer;
  let smtp: TestSmtpServer;
  let held: SpawnedServer;

  beforeEach(async () => {
    const released = new Promise<void>((resolve) => (letGo = resolve));
    let reached = false;
    silent = await startMailServer({
      onRcptTo: (_address, _session, done) => {
        reached = true;
        void released.then(() => done());
      },
    });
    receiver = await startReceiver((_request, response) => {
      answer = () => response.end('ok');
    });
    const env = { ALERT_WEBHOOK_URLS: receiver.url };
    held = await startReplica(silent, env);
    await sendReport(held.port, reportOf('first'));
    await until(() => reached && receiver?.requests.length === 1, 10_000);
    smtp = await startMailServer();
    await startReplica(smtp, env);
  }, 60_000);

  async function expectTakenOver(): Promise<void> {
    await until(async () => (await count('pending')) === 0, TAKEN_OVER_MS);
    expect(
      await rows.all('SELECT channel, state, reason, attempts FROM deliveries ORDER BY channel'),
    ).toEqual([
      { channel: 'mail', state: 'sent', reason: null, attempts: 1 },
      {
        channel: 'webhook',
        state: 'failed',
        reason: expect.stringMatching(MAY_HAVE_ARRIVED),
        attempts: 1,
      },
    ]);
    expect(smtp.mails).toHaveLength(1);
    expect(receiver?.requests).toHaveLength(1);
  }

  test('and is killed: another one sends the mail, and shows the webhook as failed', async () => {
    held.kill('SIGKILL');
    await expectTakenOver();
  }, 90_000);

  test('and is paused: the same, and when it goes on it neither sends nor changes anything', async () => {
    held.kill('SIGSTOP');
    await expectTakenOver();
    const before = await rows.all('SELECT * FROM deliveries ORDER BY id');

    letGo();
    answer();
    held.kill('SIGCONT');
    await held.waitFor(/Delivery \d+ is not sent|The outcome of delivery \d+ is not written down/);
    await delay(5_000);

    expect(silent.mails).toHaveLength(0);
    expect(smtp.mails).toHaveLength(1);
    expect(receiver?.requests).toHaveLength(1);
    expect(await rows.all('SELECT * FROM deliveries ORDER BY id')).toEqual(before);
    expect((await held.call('/api/alerts/status')).body).toMatchObject({ queue_length: 0 });
  }, 90_000);
});
