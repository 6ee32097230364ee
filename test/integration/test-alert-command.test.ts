import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { startSmtpServer } from '../support/smtp-server';
import { endSpawned, runProgram } from '../support/spawned-server';

afterEach(endSpawned);

describe('error-tracker test-alert', () => {
  test('shows the dialogue with the mail server step by step, and ends with 0', async () => {
    const smtp = await startSmtpServer();

    const { code, stdout, stderr } = await runProgram({
      args: ['test-alert'],
      env: { SMTP_HOST: '127.0.0.1', SMTP_PORT: String(smtp.port), ALERT_EMAILS: 'dev@example.com' },
    });
    await smtp.close();

    expect(stderr).toBe('');
    expect(stdout).toMatch(/^Test alert to dev@example\.com\n/);
    expect(stdout).toMatch(/\* .*127\.0\.0\.1:\d+/);
    for (const step of [
      '< 220 ',
      '> EHLO ',
      '> MAIL FROM:',
      '> RCPT TO:<dev@example.com>',
      '> DATA',
      '< 354 ',
    ]) {
      expect(stdout).toContain(`  ${step}`);
    }
    expect(stdout).toMatch(/ {2}arrived: 250 .*\n$/);
    expect(code).toBe(0);
    expect(smtp.mails[0]?.subject).toBe('[error-tracker] Test alert');
  });

  test('never shows the password, and says when it is wrong', async () => {
    const smtp = await startSmtpServer({
      authOptional: false,
      allowInsecureAuth: true,
      onAuth: (_auth, _session, done) => done(new Error('no')),
    });

    const { code, stdout } = await runProgram({
      args: ['test-alert'],
      env: {
        SMTP_HOST: '127.0.0.1',
        SMTP_PORT: String(smtp.port),
        SMTP_USERNAME: 'tracker',
        SMTP_PASSWORD: 'pa55-word',
        ALERT_EMAILS: 'dev@example.com',
      },
    });
    await smtp.close();

    expect(stdout).toMatch(/failed: 127\.0\.0\.1:\d+, \d+ bytes received: .*535/);
    expect(stdout).not.toContain('pa55-word');
    expect(stdout).not.toContain(Buffer.from('\0tracker\0pa55-word').toString('base64'));
    expect(stdout).not.toContain(Buffer.from('pa55-word').toString('base64'));
    expect(code).toBe(1);
  });

  test('says when nobody listens, with a hint, and goes on to the next', async () => {
    const closed = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => closed.once('listening', resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));

    const { code, stdout } = await runProgram({
      args: ['test-alert'],
      env: {
        SMTP_HOST: '127.0.0.1',
        SMTP_PORT: String(port),
        ALERT_EMAILS: 'dev@example.com,ops@example.com',
        ALERT_WEBHOOK_URLS: `http://127.0.0.1:${port}/hook/secret`,
      },
    });

    expect(
      stdout.match(/Test alert to (dev|ops)@example\.com\n.*\n? {2}failed: .*ECONNREFUSED/g),
    ).toHaveLength(2);
    expect(stdout).toMatch(/failed: .*not a public address/);
    expect(stdout).toContain('ALERT_WEBHOOK_ALLOW_PRIVATE=true');
    expect(stdout).not.toContain('/hook/secret');
    expect(code).toBe(1);
  });

  test('names the missing setting when there is nobody to tell', async () => {
    const { code, stderr } = await runProgram({ args: ['test-alert'] });

    expect(stderr).toContain('SMTP_HOST is not set, and neither is ALERT_WEBHOOK_URLS');
    expect(code).toBe(1);
  });
});
