import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { captureOutput } from '../support/captured-output';
import { startSmtpServer } from '../support/smtp-server';
import { startTestServer } from '../support/test-server';

const ADDRESSES = 'dev@example.com,ops@example.com';

describe('POST /api/test-alert', () => {
  it.each([
    ['no mail server', {}, 'SMTP_HOST'],
    ['no mail server but addresses', { ALERT_EMAILS: ADDRESSES }, 'SMTP_HOST'],
    ['no addresses', { SMTP_HOST: '127.0.0.1' }, 'ALERT_EMAILS'],
  ])('answers 503 naming the missing variable when there is %s', async (_situation, env, missing) => {
    const server = await startTestServer(env);
    const answer = await server.call('/api/test-alert', { method: 'POST' });
    expect(answer.status).toBe(503);
    expect(answer.body).toEqual({ detail: `SMTP not configured: ${missing} is not set` });
    await server.close();
  });

  it('answers 202 at once and mails every address, and the log says so', async () => {
    const smtp = await startSmtpServer();
    const output = captureOutput();
    const server = await startTestServer({
      SMTP_HOST: '127.0.0.1',
      SMTP_PORT: String(smtp.port),
      SMTP_FROM: 'Error Tracker <tracker@example.com>',
      ALERT_EMAILS: ADDRESSES,
      BASE_URL: 'https://errors.example.com/',
      LOG_LEVEL: 'info',
    });
    const answer = await server.call('/api/test-alert', { method: 'POST' });
    await output.until(/sent to .*sent to /s);
    output.stop();
    await server.close();
    await smtp.close();

    expect(answer.status).toBe(202);
    expect(answer.body).toEqual({
      status: 'test alert dispatched',
      detail: 'Check service logs for SMTP transaction result',
    });
    expect(smtp.mails.map((mail) => [mail.to].flat()[0]?.text).sort()).toEqual([
      'dev@example.com',
      'ops@example.com',
    ]);
    expect(smtp.mails[0]).toMatchObject({
      subject: '[error-tracker] Test alert',
      text: expect.stringContaining('https://errors.example.com'),
      from: { text: '"Error Tracker" <tracker@example.com>' },
    });
    expect(output.text()).toMatch(
      new RegExp(
        `Email alert sent to dev@example\\.com via SMTP \\(127\\.0\\.0\\.1:${smtp.port}, \\d+ ms\\): 250 `,
      ),
    );
  });

  it('logs in with the user name and password', async () => {
    const logins: unknown[] = [];
    const smtp = await startSmtpServer({
      authOptional: false,
      allowInsecureAuth: true,
      onAuth: (auth, _session, done) => {
        logins.push([auth.username, auth.password]);
        done(null, { user: auth.username });
      },
    });
    const server = await startTestServer({
      SMTP_HOST: '127.0.0.1',
      SMTP_PORT: String(smtp.port),
      SMTP_USERNAME: 'tracker',
      SMTP_PASSWORD: 'secret',
      ALERT_EMAILS: 'dev@example.com',
    });
    await server.call('/api/test-alert', { method: 'POST' });
    await smtp.received(1);
    await server.close();
    await smtp.close();
    expect(logins).toEqual([['tracker', 'secret']]);
  });

  describe('tells in the log what went wrong:', () => {
    const attempt = async (port: number, pattern: RegExp) => {
      const output = captureOutput();
      const server = await startTestServer({
        SMTP_HOST: '127.0.0.1',
        SMTP_PORT: String(port),
        ALERT_EMAILS: 'dev@example.com',
        LOG_LEVEL: 'warn',
      });
      const answer = await server.call('/api/test-alert', { method: 'POST' });
      const log = await output.until(pattern);
      output.stop();
      await server.close();
      expect(answer.status).toBe(202);
      expect(log).toContain(` WARN  [Alerts] SMTP alert to dev@example.com failed: 127.0.0.1:${port}, `);
      return log;
    };

    it('nobody listens', async () => {
      const closed = await listen(() => undefined);
      const { port } = closed.address() as AddressInfo;
      await new Promise((resolve) => closed.close(resolve));
      expect(await attempt(port, /failed/)).toMatch(/ 0 bytes received: .*ECONNREFUSED/);
    });

    it('the server closes early', async () => {
      const server = await listen((socket) => socket.end());
      expect(await attempt((server.address() as AddressInfo).port, /failed/)).toMatch(
        / 0 bytes received: .+close/i,
      );
      server.close();
    });

    it('the server speaks another protocol', async () => {
      const server = await listen((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
      expect(await attempt((server.address() as AddressInfo).port, /failed/)).toMatch(
        / 28 bytes received: .*greeting/i,
      );
      server.close();
    });

    it('the address is refused', async () => {
      const smtp = await startSmtpServer({
        onRcptTo: (_address, _session, done) =>
          done(Object.assign(new Error('no such user'), { responseCode: 550 })),
      });
      expect(await attempt(smtp.port, /failed/)).toMatch(/ \d+ bytes received: .*550 no such user/);
      await smtp.close();
    });
  });
});

function listen(onConnection: (socket: import('node:net').Socket) => void): Promise<Server> {
  return new Promise((resolve) => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      onConnection(socket);
    });
    server.listen(0, '127.0.0.1', () => resolve(server));
  });
}
