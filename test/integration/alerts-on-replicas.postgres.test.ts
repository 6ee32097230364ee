import { setTimeout as delay } from 'node:timers/promises';
import { DeliveryWriter } from '../../src/alerts/delivery-writer';
import { ForgetDeliveries } from '../../src/alerts/forget-deliveries';
import { toSqlTime } from '../../src/database/sql-time';
import { captureOutput } from '../support/captured-output';
import { until } from '../support/faults/until';
import { aReport, pythonTraceback } from '../support/reports';
import { startSmtpServer, type TestSmtpServer } from '../support/smtp-server';
import { type TemporaryDatabase, temporaryDatabase } from '../support/temporary-database';
import type { TestDatabase } from '../support/test-database';
import { startTestServer, type TestServer } from '../support/test-server';
import { type Receiver, startReceiver } from '../support/webhook-receiver';

const DEADLINE_MS = 30_000;
/** Replicas look for what others have left every three seconds. */
const LOOKED_MS = 4_500;

const MAILED = ['dev@example.com', 'ops@example.com'];

let database: TemporaryDatabase;
let rows: TestDatabase;
const replicas: TestServer[] = [];
const others: { close(): Promise<unknown> }[] = [];

beforeEach(async () => {
  database = await temporaryDatabase();
  rows = database.open();
});

afterEach(async () => {
  await Promise.all(replicas.splice(0).map((replica) => replica.close()));
  await Promise.all([rows, ...others.splice(0)].map((other) => other.close()));
  await database.remove();
});

async function startReplica(env: Record<string, string> = {}): Promise<TestServer> {
  const replica = await startTestServer({ ...database.env, ALERT_WEBHOOK_ALLOW_PRIVATE: 'true', ...env });
  replicas.push(replica);
  return replica;
}

async function startReplicas(count: number, env: Record<string, string>): Promise<TestServer[]> {
  return Promise.all(Array.from({ length: count }, () => startReplica(env)));
}

async function startMailServer(options: Parameters<typeof startSmtpServer>[0] = {}): Promise<TestSmtpServer> {
  const smtp = await startSmtpServer(options);
  others.push(smtp);
  return smtp;
}

async function startWebhook(answer: Parameters<typeof startReceiver>[0]): Promise<Receiver> {
  const receiver = await startReceiver(answer);
  others.push(receiver);
  return receiver;
}

const mailTo = (smtp: TestSmtpServer, recipients = MAILED) => ({
  SMTP_HOST: '127.0.0.1',
  SMTP_PORT: String(smtp.port),
  ALERT_EMAILS: recipients.join(','),
});

function report(replica: TestServer, name: string): Promise<unknown> {
  return replica.call('/api/errors', {
    json: aReport({ message: name, traceback: pythonTraceback(`${name.replaceAll(' ', '-')}.py`, 1) }),
  });
}

/** Reports different errors to all replicas, at once. */
async function reportToAll(count: number): Promise<void> {
  const names = Array.from({ length: count }, (_, i) => `failure ${i}`);
  await Promise.all(names.map((name, i) => report(replicas[i % replicas.length]!, name)));
}

/** How many deliveries there are to a recipient, by kind and state: `created sent`. */
async function countsOf(recipient: string): Promise<Record<string, number>> {
  const counts = await rows.all<{ what: string; n: number }>(
    `SELECT kind || ' ' || state AS what, count(*) AS n FROM deliveries WHERE recipient = ? GROUP BY kind, state`,
    [recipient],
  );
  return Object.fromEntries(counts.map(({ what, n }) => [what, n]));
}

const countPending = () =>
  rows.value<number>("SELECT count(*) FROM deliveries WHERE state = 'pending' AND kind <> 'summary'");
const countEvents = () => rows.value<number>('SELECT count(*) FROM error_events');

const subjectsTo = (smtp: TestSmtpServer, recipient: string) =>
  smtp.mails.filter((_, i) => smtp.envelopes[i]!.to.includes(recipient)).map(({ subject }) => subject);

const DAY_MS = 86_400_000;
const LONG_AGO = '2020-01-01 00:00:00.000';
const FAR_OFF = '2126-01-01 00:00:00.000';

/** A delivery that another replica has made, and perhaps claimed. */
function addDelivery(columns: Record<string, unknown>, dueForMs = 60_000): Promise<void> {
  const at = toSqlTime(new Date(Date.now() - dueForMs));
  return rows.insert('deliveries', [
    { kind: 'test', channel: 'mail', state: 'pending', created_at: at, due_at: at, ...columns },
  ]);
}

/** Has every decision take so long that those of several replicas would overlap. */
async function slowDown(): Promise<void> {
  await rows.run(`CREATE FUNCTION slow_down() RETURNS trigger LANGUAGE plpgsql AS
    'BEGIN PERFORM pg_sleep(0.02); RETURN NEW; END'`);
  const each = 'ON deliveries FOR EACH ROW';
  await rows.run(`CREATE TRIGGER slow_plan BEFORE INSERT ${each} EXECUTE FUNCTION slow_down()`);
  await rows.run(`CREATE TRIGGER slow_claim BEFORE UPDATE OF claim ${each} WHEN (NEW.claim IS NOT NULL)
    EXECUTE FUNCTION slow_down()`);
}

describe('Several replicas', () => {
  test('that get new errors at once tell each recipient of each of them once, one after the other', async () => {
    const smtp = await startMailServer();
    let underWay = 0;
    let mostUnderWay = 0;
    const receiver = await startWebhook((_request, response) => {
      mostUnderWay = Math.max(mostUnderWay, ++underWay);
      setTimeout(() => {
        underWay -= 1;
        response.end('ok');
      }, 10);
    });
    const env = { ...mailTo(smtp), ALERT_WEBHOOK_URLS: receiver.url, ALERT_HOURLY_CAP: '0' };
    await startReplicas(3, env);
    await slowDown();

    await reportToAll(40);
    await until(async () => (await countEvents()) === 0 && (await countPending()) === 0, DEADLINE_MS);

    for (const recipient of MAILED) {
      expect(await countsOf(recipient)).toEqual({ 'created sent': 40 });
      expect(new Set(subjectsTo(smtp, recipient)).size).toBe(40);
      expect(subjectsTo(smtp, recipient)).toHaveLength(40);
    }
    const told = receiver.requests.map(({ body }) => JSON.parse(body.toString()).error.id as number);
    expect(new Set(told).size).toBe(40);
    expect(told).toHaveLength(40);
    expect(mostUnderWay).toBe(1);
  }, 60_000);

  test('keep to the hourly cap together, and tell of the rest in one summary', async () => {
    const smtp = await startMailServer();
    await startReplicas(3, { ...mailTo(smtp), ALERT_HOURLY_CAP: '5', ALERT_SUMMARY_MINUTES: '0' });
    await slowDown();

    await reportToAll(60);
    const told = () =>
      rows.value<number>("SELECT count(*) FROM deliveries WHERE kind = 'summary' AND state = 'sent'");
    await until(
      async () => (await countEvents()) === 0 && (await countPending()) === 0 && (await told()) === 2,
      DEADLINE_MS,
    );
    await delay(500);

    for (const recipient of MAILED) {
      const {
        'created held': held = 0,
        'created summarized': summarized = 0,
        ...counts
      } = await countsOf(recipient);
      expect(held + summarized).toBe(55);
      // What was held after the first summary waits for the next, an hour later.
      expect(counts).toEqual({
        'created sent': 5,
        'summary sent': 1,
        ...(held > 0 && { 'summary pending': 1 }),
      });
      expect(subjectsTo(smtp, recipient)).toHaveLength(6);
    }
  }, 60_000);

  test('keep to the cooldown together', async () => {
    const smtp = await startMailServer();
    const [first] = await startReplicas(3, mailTo(smtp, ['dev@example.com']));
    await report(first!, 'cart is empty');
    await until(async () => (await countsOf('dev@example.com'))['created sent'] === 1, DEADLINE_MS);

    const id = await rows.value<number>('SELECT id FROM errors');
    for (const replica of replicas) {
      await replica.call(`/api/errors/${id}/resolve`, { method: 'POST' });
      await Promise.all(replicas.map((each) => report(each, 'cart is empty')));
    }
    await until(async () => (await countsOf('dev@example.com'))['reopened muted'] === 3, DEADLINE_MS);

    expect(await countsOf('dev@example.com')).toEqual({ 'created sent': 1, 'reopened muted': 3 });
    expect(smtp.mails).toHaveLength(1);
  });

  test('send a test alert once, whichever is asked for it', async () => {
    const smtp = await startMailServer();
    await startReplicas(3, mailTo(smtp));

    const answers = await Promise.all(
      replicas.map((replica) => replica.call('/api/test-alert', { method: 'POST' })),
    );
    await until(async () => (await countPending()) === 0, DEADLINE_MS);
    const afterAll = smtp.mails.length;
    const { status } = await replicas[1]!.call('/api/test-alert', { method: 'POST' });
    await smtp.received(afterAll + 2);
    await until(async () => (await countPending()) === 0, DEADLINE_MS);
    await delay(300);

    expect([...answers.map((answer) => answer.status), status]).toEqual([202, 202, 202, 202]);
    // Whoever is asked while a test is still to be sent adds none.
    expect(afterAll).toBeGreaterThanOrEqual(2);
    expect(afterAll).toBeLessThanOrEqual(6);
    expect(smtp.mails).toHaveLength(afterAll + 2);
  });

  test('that claim two deliveries to one recipient at once get one of them', async () => {
    const [one, other] = await startReplicas(2, {});
    await slowDown();
    await addDelivery({ recipient: 'dev@example.com' });
    await addDelivery({ recipient: 'dev@example.com' });
    const ids = await rows.all<{ id: number }>('SELECT id FROM deliveries ORDER BY id');

    const claimed = await Promise.all(
      [one, other].map((replica, i) =>
        replica!.app.get(DeliveryWriter).ask({ kind: 'claim', id: ids[i]!.id, claim: `of replica ${i}` }),
      ),
    );

    expect(claimed.filter((delivery) => delivery !== null)).toHaveLength(1);
  });

  test('forget old deliveries at the same time', async () => {
    await startReplicas(2, {});
    const old = { kind: 'test', channel: 'mail', recipient: 'dev@example.com', state: 'sent' };
    await rows.insert(
      'deliveries',
      Array.from({ length: 1_500 }, () => ({ ...old, created_at: LONG_AGO })),
    );
    const output = captureOutput();

    await Promise.all(replicas.map((replica) => replica.app.get(ForgetDeliveries).run()));
    output.stop();

    expect(await rows.value('SELECT count(*) FROM deliveries')).toBe(0);
    expect(output.text()).toBe('');
  });
});

describe('What a replica has left', () => {
  test('when it died before it planned is told by another one', async () => {
    const smtp = await startMailServer();
    const replica = await startReplica(mailTo(smtp, ['dev@example.com']));
    await report(replica, 'first');
    await smtp.received(1);
    await delay(300);

    await rows.run("INSERT INTO error_events (error_id, kind) SELECT id, 'created' FROM errors");
    await smtp.received(2);

    expect(await countEvents()).toBe(0);
  });

  test('while it sent is sent by another one, but for what may have arrived and what a living one sends', async () => {
    const smtp = await startMailServer();
    await startReplica();
    const dead = { claim: 'of the dead', claimed_until: LONG_AGO };
    const living = { claim: 'of the living', claimed_until: FAR_OFF };
    await addDelivery({ recipient: 'a@example.com', ...dead });
    await addDelivery({ recipient: 'b@example.com', ...dead, handed_over_at: LONG_AGO });
    await addDelivery({ recipient: 'c@example.com', ...living });
    await addDelivery({ recipient: 'd@example.com', ...living, handed_over_at: LONG_AGO });

    const recipients = ['a', 'b', 'c', 'd'].map((name) => `${name}@example.com`);
    await startReplica(mailTo(smtp, recipients));
    await smtp.received(1);
    await delay(LOOKED_MS);

    const found = await rows.all('SELECT recipient, state, reason, claim FROM deliveries ORDER BY recipient');
    expect(found).toEqual([
      { recipient: 'a@example.com', state: 'sent', reason: null, claim: null },
      {
        recipient: 'b@example.com',
        state: 'failed',
        reason: expect.stringMatching(/it may have arrived, and is not sent again/),
        claim: null,
      },
      { recipient: 'c@example.com', state: 'pending', reason: null, claim: 'of the living' },
      { recipient: 'd@example.com', state: 'pending', reason: null, claim: 'of the living' },
    ]);
    expect(smtp.mails).toHaveLength(1);
  });

  test('when it was stopped is sent by another one at once', async () => {
    const silent = await startMailServer({ onRcptTo: () => undefined, closeTimeout: 100 });
    const smtp = await startMailServer();
    const stopped = await startReplica(mailTo(silent, ['dev@example.com']));
    await report(stopped, 'first');
    await until(() => rows.value<boolean>('SELECT count(claim) = 1 FROM deliveries'), DEADLINE_MS);

    await startReplica(mailTo(smtp, ['dev@example.com']));
    replicas.splice(replicas.indexOf(stopped), 1);
    await stopped.close();
    const closedAt = Date.now();
    await smtp.received(1);

    expect(Date.now() - closedAt).toBeLessThan(LOOKED_MS);
  });
});

describe('A replica', () => {
  test('that starts gives up nothing that another one is sending', async () => {
    let answer = () => {};
    const receiver = await startWebhook((_request, response) => {
      answer = () => response.end('ok');
    });
    await startReplica({ ALERT_WEBHOOK_URLS: receiver.url });
    await report(replicas[0]!, 'first');
    await until(() => receiver.requests.length === 1, DEADLINE_MS);

    await startReplica({ ALERT_WEBHOOK_URLS: receiver.url });
    await delay(LOOKED_MS);
    const during = await rows.all('SELECT state FROM deliveries');
    answer();
    await until(async () => (await countPending()) === 0, DEADLINE_MS);

    expect(during).toEqual([{ state: 'pending' }]);
    expect(await rows.all('SELECT state, attempts FROM deliveries')).toEqual([
      { state: 'sent', attempts: 1 },
    ]);
    expect(receiver.requests).toHaveLength(1);
  });

  test('that has lost its claim before it handed over does not send, and changes nothing', async () => {
    let goOn: (() => void) | null = null;
    const smtp = await startMailServer({
      onRcptTo: (_address, _session, done) => (goOn = done),
    });
    await startReplica(mailTo(smtp, ['dev@example.com']));
    await report(replicas[0]!, 'first');
    await until(() => goOn !== null, DEADLINE_MS);

    await rows.run("UPDATE deliveries SET claim = 'of another', claimed_until = ?", [FAR_OFF]);
    const before = await rows.all('SELECT * FROM deliveries');
    goOn!();
    await delay(1_000);

    expect(smtp.mails).toHaveLength(0);
    expect(await rows.all('SELECT * FROM deliveries')).toEqual(before);
  });

  test('whose claim has run out while the other side took it does not overwrite what another one wrote', async () => {
    let answer = () => {};
    const receiver = await startWebhook((_request, response) => {
      answer = () => response.end('ok');
    });
    await startReplica({ ALERT_WEBHOOK_URLS: receiver.url });
    await report(replicas[0]!, 'first');
    await until(() => receiver.requests.length === 1, DEADLINE_MS);

    await rows.run('UPDATE deliveries SET claimed_until = ?', [LONG_AGO]);
    await until(async () => (await countPending()) === 0, DEADLINE_MS);
    const before = await rows.all('SELECT * FROM deliveries');
    answer();
    await delay(1_000);

    expect(before).toMatchObject([{ state: 'failed', reason: expect.stringMatching(/may have arrived/) }]);
    expect(await rows.all('SELECT * FROM deliveries')).toEqual(before);
    expect(receiver.requests).toHaveLength(1);
  });

  test('without channels throws nothing away that others are to tell', async () => {
    const smtp = await startMailServer();
    const telling = await startReplica(mailTo(smtp, ['dev@example.com']));
    await report(telling, 'first');
    await smtp.received(1);
    replicas.length = 0;
    await telling.close();
    await rows.run("INSERT INTO error_events (error_id, kind) SELECT id, 'created' FROM errors");

    await startReplica();
    await delay(1_000);
    expect(await countEvents()).toBe(1);

    await startReplica(mailTo(smtp, ['dev@example.com']));
    await smtp.received(2);
    expect(await countEvents()).toBe(0);
  });

  test('that does not know a recipient leaves the delivery to those that do, for a day', async () => {
    const smtp = await startMailServer();
    await startReplica(mailTo(smtp, ['dev@example.com']));
    await addDelivery({ recipient: 'new@example.com' });
    await addDelivery({ recipient: 'gone@example.com' }, DAY_MS + 60_000);

    await until(async () => (await countsOf('gone@example.com'))['test failed'] === 1, DEADLINE_MS);
    await delay(LOOKED_MS);
    expect(await countsOf('new@example.com')).toEqual({ 'test pending': 1 });

    await startReplica(mailTo(smtp, ['dev@example.com', 'new@example.com']));
    await smtp.received(1);
    expect(smtp.envelopes[0]!.to).toEqual(['new@example.com']);
  });
});
