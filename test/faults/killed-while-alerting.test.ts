import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { reportOf, sendReport } from '../support/faults/send-report';
import { until } from '../support/faults/until';
import { startSmtpServer, type TestSmtpServer } from '../support/smtp-server';
import { endSpawned, startSpawnedServer } from '../support/spawned-server';
import { type TemporaryDatabase, temporaryDatabase } from '../support/temporary-database';

/** Each mail takes a few milliseconds: more errors would only make the test wait. */
const PAUSE_BETWEEN_REPORTS_MS = 3;

let database: TemporaryDatabase;
let mailServers: TestSmtpServer[] = [];

beforeEach(async () => {
  database = await temporaryDatabase();
});

afterEach(async () => {
  await endSpawned();
  await Promise.all(mailServers.map((smtp) => smtp.close()));
  mailServers = [];
  await database.remove();
});

function startServer(smtpPort: number, env: Record<string, string> = {}) {
  return startSpawnedServer({
    env: {
      ...database.env,
      SMTP_HOST: '127.0.0.1',
      SMTP_PORT: String(smtpPort),
      ALERT_EMAILS: 'dev@example.com',
      ALERT_HOURLY_CAP: '0',
      ...env,
    },
  });
}

async function startMailServer(): Promise<TestSmtpServer> {
  const smtp = await startSmtpServer();
  mailServers.push(smtp);
  return smtp;
}

/** A mail server that answers every command but one, to which it says nothing. */
async function startSilentAt(
  verb: string,
): Promise<{ port: number; reached: () => boolean; close: () => void }> {
  let reached = false;
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    const say = (line: string, at: string) => {
      if (verb === at) reached = true;
      else socket.write(`${line}\r\n`);
    };
    let inMessage = false;
    let received = '';
    say('220 ready', 'greeting');
    socket.setEncoding('utf8').on('data', (text: string) => {
      received += text;
      for (;;) {
        const end = inMessage ? received.indexOf('\r\n.\r\n') : received.indexOf('\r\n');
        if (end < 0) return;
        const line = received.slice(0, end);
        received = received.slice(end + (inMessage ? 5 : 2));
        if (inMessage) {
          inMessage = false;
          say('250 taken', 'dot');
        } else if (/^DATA/i.test(line)) {
          inMessage = verb !== 'DATA';
          say('354 go on', 'DATA');
        } else {
          say('250 ok', line.slice(0, 4).toUpperCase());
        }
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    reached: () => reached,
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

/** Among replicas the claims of one that died hold for another half a minute. */
async function letClaimsRunOut(): Promise<void> {
  const rows = database.open();
  await rows.run(
    "UPDATE deliveries SET claimed_until = '2020-01-01 00:00:00.000' WHERE claimed_until IS NOT NULL",
  );
  await rows.close();
}

describe('A server that is killed with SIGKILL', () => {
  test.each(['greeting', 'EHLO', 'MAIL', 'RCPT', 'DATA'])(
    'while the mail server is silent after %s sends the mail after its next start, once',
    async (verb) => {
      const silent = await startSilentAt(verb);
      const killed = await startServer(silent.port);
      await sendReport(killed.port, reportOf('first'));
      await until(silent.reached, 5_000);
      killed.kill('SIGKILL');
      await killed.ended;
      await letClaimsRunOut();
      silent.close();

      const smtp = await startMailServer();
      const server = await startServer(smtp.port);
      await smtp.received(1);
      await until(async () => {
        const { body } = await server.call('/api/alerts/deliveries');
        return body.deliveries[0].state === 'sent';
      }, 5_000);
      await delay(300);

      expect(smtp.mails).toHaveLength(1);
    },
  );

  test('when the mail server has the whole mail but did not answer does not send it again, and says so', async () => {
    const silent = await startSilentAt('dot');
    const killed = await startServer(silent.port);
    await sendReport(killed.port, reportOf('first'));
    await until(silent.reached, 5_000);
    killed.kill('SIGKILL');
    await killed.ended;
    await letClaimsRunOut();
    silent.close();

    const smtp = await startMailServer();
    const server = await startServer(smtp.port);
    await server.waitFor(/1 alerts were being taken when the process ended: they may have arrived/);
    const { body } = await server.call('/api/alerts/deliveries');
    await delay(500);

    expect(body.deliveries).toMatchObject([
      { state: 'failed', reason: expect.stringMatching(/may have arrived, and is not sent again/) },
    ]);
    expect(smtp.mails).toHaveLength(0);
  });

  test('while new errors pour in tells of each acknowledged one exactly once', async () => {
    const smtp = await startMailServer();
    const subjects = new Set<string>();
    let sent = 0;
    for (let round = 0; round < 3; round++) {
      const server = await startServer(smtp.port, { PORT: '0' });
      const killAt = setTimeout(() => server.kill('SIGKILL'), 150 + round * 100);
      for (let i = 0; ; i++) {
        const outcome = await sendReport(server.port, reportOf(`round ${round} error ${i}`));
        if (outcome.kind !== 'acknowledged') break;
        sent += 1;
        await delay(PAUSE_BETWEEN_REPORTS_MS);
      }
      clearTimeout(killAt);
      await server.ended;
      await letClaimsRunOut();
    }
    const server = await startServer(smtp.port);
    await until(async () => {
      const { body } = await server.call('/api/alerts/status');
      return body.queue_length === 0 && (await countEvents()) === 0;
    }, 40_000);
    await delay(300);

    for (const { subject } of smtp.mails) subjects.add(subject ?? '');
    const { body } = await server.call('/api/alerts/deliveries?limit=1&state=failed');
    expect(sent).toBeGreaterThan(10);
    // A mail that was being taken when the process was killed may have arrived and is not repeated.
    expect(subjects.size).toBe(smtp.mails.length);
    expect(subjects.size + (body.total as number)).toBeGreaterThanOrEqual(sent);
  }, 90_000);
});

describe('A server that is stopped', () => {
  test('while the mail server hangs ends in time, and the mail stays pending', async () => {
    const silent = await startSilentAt('MAIL');
    const server = await startServer(silent.port);
    await sendReport(server.port, reportOf('first'));
    await until(silent.reached, 5_000);

    const stoppedAt = Date.now();
    server.kill('SIGTERM');
    const { code } = await server.ended;

    expect(code).toBe(0);
    expect(Date.now() - stoppedAt).toBeLessThan(10_000);
    expect(await readDelivery()).toMatchObject({ state: 'pending', handed_over_at: null });
    silent.close();
  });
});

async function countEvents(): Promise<number> {
  return (await read<{ n: number }>('SELECT count(*) AS n FROM error_events')).n;
}

function readDelivery(): Promise<Record<string, unknown>> {
  return read('SELECT * FROM deliveries');
}

async function read<Row>(sql: string): Promise<Row> {
  const stored = database.open({ readonly: true });
  try {
    return (await stored.get<Row>(sql))!;
  } finally {
    await stored.close();
  }
}
