import { createHmac } from 'node:crypto';
import { captureOutput } from '../support/captured-output';
import { until } from '../support/faults/until';
import { aReport, pythonTraceback } from '../support/reports';
import { startSmtpServer, type TestSmtpServer } from '../support/smtp-server';
import { startTestServer, type TestServer } from '../support/test-server';
import { startReceiver } from '../support/webhook-receiver';

const DEADLINE_MS = 10_000;

let smtp: TestSmtpServer;
let server: TestServer;

afterEach(async () => {
  await server.close();
  await smtp.close();
});

async function start(
  env: Record<string, string> = {},
  smtpOptions: Parameters<typeof startSmtpServer>[0] = {},
): Promise<void> {
  smtp = await startSmtpServer(smtpOptions);
  server = await startTestServer({
    SMTP_HOST: '127.0.0.1',
    SMTP_PORT: String(smtp.port),
    ALERT_EMAILS: 'dev@example.com',
    BASE_URL: 'https://errors.example.com',
    ...env,
  });
}

async function report(name: string, changes: Record<string, unknown> = {}): Promise<number> {
  const { body } = await server.call('/api/errors', {
    json: aReport({ message: name, traceback: pythonTraceback(`${name}.py`, 1), ...changes }),
  });
  if (body.status === 'created') return body.id;
  const { body: list } = await server.call('/api/errors?limit=200');
  return list.errors.find((error: { fingerprint: string }) => error.fingerprint === body.fingerprint).id;
}

const resolve = (id: number) => server.call(`/api/errors/${id}/resolve`, { method: 'POST' });

async function deliveries(query = ''): Promise<Record<string, unknown>[]> {
  const { body } = await server.call(`/api/alerts/deliveries?limit=200${query}`);
  return body.deliveries;
}

/** Waits until so many deliveries fit. */
async function untilDeliveries(count: number, query: string): Promise<Record<string, unknown>[]> {
  await until(async () => (await deliveries(query)).length === count, DEADLINE_MS);
  return deliveries(query);
}

describe('A new error', () => {
  test('is mailed to each address, and each delivery says what the server answered', async () => {
    await start({ ALERT_EMAILS: 'dev@example.com, ops@example.com, dev@example.com' });
    const output = captureOutput();

    const id = await report('cart is empty');
    await report('cart is empty');
    const sent = await untilDeliveries(2, '&state=sent');
    output.stop();

    expect(smtp.mails.map((mail) => [mail.to].flat()[0]?.text).sort()).toEqual([
      'dev@example.com',
      'ops@example.com',
    ]);
    expect(smtp.mails[0]).toMatchObject({
      subject: `[shop] ValueError: cart is empty (#${id})`,
      text: expect.stringContaining(`https://errors.example.com/errors/${id}`),
    });
    expect(sent).toEqual(
      ['ops@example.com', 'dev@example.com'].map((recipient) => ({
        id: expect.any(Number),
        error_id: id,
        project: 'shop',
        kind: 'created',
        channel: 'mail',
        recipient,
        state: 'sent',
        reason: null,
        attempts: 1,
        created_at: expect.stringMatching(/^\d{4}-.*Z$/),
        next_attempt_at: null,
        settled_at: expect.stringMatching(/^\d{4}-.*Z$/),
        response: expect.stringMatching(/^250 /),
        duration_ms: expect.any(Number),
        bytes_received: expect.any(Number),
      })),
    );
  });

  test('and the same error when it returns are one thread, and the second says that it is back', async () => {
    await start({ ALERT_COOLDOWN_MINUTES: '0' });

    const id = await report('cart is empty');
    await smtp.received(1);
    await resolve(id);
    await report('cart is empty', { request_url: 'https://shop.example.com/cart', request_method: 'GET' });
    await untilDeliveries(2, '&state=sent');

    const [first, second] = smtp.mails;
    expect(second?.subject).toBe(`[shop] Reopened: ValueError: cart is empty (#${id})`);
    expect(second?.text).toContain('https://shop.example.com/cart');
    expect(second?.references).toEqual(first?.references);
    expect(second?.messageId).not.toBe(first?.messageId);
  });
});

describe('An alert', () => {
  test('about an error that the recipient was just told of is muted, and says so', async () => {
    await start();

    const id = await report('cart is empty');
    await smtp.received(1);
    await resolve(id);
    await report('cart is empty');
    const [muted] = await untilDeliveries(1, `&state=muted&error=${id}`);

    expect(muted).toMatchObject({ kind: 'reopened', attempts: 0, settled_at: expect.any(String) });
    expect(muted?.reason).toMatch(/^told of this error at \S+Z, less than 30 minutes ago$/);
    expect(smtp.mails).toHaveLength(1);
  });

  test('over the hourly cap is told in one summary, for each recipient', async () => {
    await start({
      ALERT_EMAILS: 'dev@example.com,ops@example.com',
      ALERT_HOURLY_CAP: '2',
      ALERT_SUMMARY_MINUTES: '0',
    });

    const names = Array.from({ length: 40 }, (_, i) => `failure ${i}`);
    await Promise.all(names.map((name, i) => report(name, { project: i % 4 === 0 ? 'web' : 'shop' })));
    const countOf = async (query: string, fields: Record<string, string>) => {
      const fits = (delivery: Record<string, unknown>) =>
        Object.entries(fields).every(([key, value]) => delivery[key] === value);
      return (await deliveries(query)).filter(fits).length;
    };
    await until(async () => {
      const decided = await countOf('', { kind: 'created' });
      const underWay = await countOf('&state=pending', { kind: 'created' });
      return decided === 80 && underWay === 0 && (await countOf('&state=sent', { kind: 'summary' })) === 2;
    }, DEADLINE_MS);

    for (const recipient of ['dev@example.com', 'ops@example.com']) {
      expect(await countOf('&state=sent', { recipient, kind: 'created' })).toBe(2);
      const told = await countOf('&state=summarized', { recipient });
      // What was held after the first summary waits for the next, an hour later.
      const held = await countOf('&state=held', { recipient });
      expect(told + held).toBe(38);
      const summaries = smtp.mails.filter(
        (mail) => [mail.to].flat()[0]?.text === recipient && mail.subject?.startsWith('[error-tracker]'),
      );
      expect(
        summaries.map(({ subject }) => /^\[error-tracker\] (\d+) more new error/.exec(subject ?? '')?.[1]),
      ).toEqual([String(told)]);
      expect(await countOf('&state=pending', { recipient, kind: 'summary' })).toBe(held > 0 ? 1 : 0);
    }
    expect(smtp.mails).toHaveLength(6);
  });

  test('that the server puts off is tried again, and arrives', async () => {
    let refusals = 0;
    await start(
      {},
      {
        onRcptTo: (_address, _session, done) =>
          refusals++ === 0
            ? done(Object.assign(new Error('try again later'), { responseCode: 451 }))
            : done(),
      },
    );

    const id = await report('cart is empty');
    const [waiting] = await untilDeliveries(1, `&state=pending&error=${id}`);
    await until(async () => (await deliveries('&state=pending'))[0]?.attempts === 1, DEADLINE_MS);
    const [putOff] = await deliveries('&state=pending');
    const [sent] = await untilDeliveries(1, '&state=sent');

    expect(waiting).toBeDefined();
    expect(putOff?.reason).toContain('451 try again later');
    expect(
      Date.parse(String(putOff?.next_attempt_at)) - Date.parse(String(putOff?.created_at)),
    ).toBeGreaterThan(4_900);
    expect(sent).toMatchObject({ attempts: 2, reason: null });
    expect(smtp.mails).toHaveLength(1);
  });

  test('that failed for good counts neither for the cooldown nor for the hourly cap', async () => {
    let refuses = true;
    await start(
      { ALERT_HOURLY_CAP: '2' },
      {
        onMailFrom: (_address, _session, done) =>
          refuses ? done(Object.assign(new Error('sender refused'), { responseCode: 550 })) : done(),
      },
    );
    const id = await report('first');
    await report('second');
    await report('third');
    // The third is held when the first two have not failed yet.
    const isDone = ({ kind, state }: Record<string, unknown>) => kind === 'created' && state !== 'pending';
    await until(async () => (await deliveries()).filter(isDone).length === 3, DEADLINE_MS);

    refuses = false;
    await resolve(id);
    await report('first');
    const [sent] = await untilDeliveries(1, '&state=sent');

    expect(sent).toMatchObject({ error_id: id, kind: 'reopened' });
  });

  test('that was taken without an answer is not sent again, and says that it may have arrived', async () => {
    const receiver = await startReceiver((request) => request.socket.destroy());
    await start({ SMTP_HOST: '', ALERT_WEBHOOK_URLS: receiver.url, ALERT_WEBHOOK_ALLOW_PRIVATE: 'true' });

    await report('cart is empty');
    const [failed] = await untilDeliveries(1, '&state=failed');
    await receiver.close();

    expect(failed?.reason).toMatch(/^may have arrived, and is not sent again: /);
    expect(receiver.requests).toHaveLength(1);
  });

  test('to one that hangs holds up no other', async () => {
    const hanging = await startReceiver(() => undefined);
    const good = await startReceiver((_request, response) => response.end('ok'));
    await start({
      SMTP_HOST: '',
      ALERT_WEBHOOK_URLS: `${hanging.url} ${good.url}`,
      ALERT_WEBHOOK_ALLOW_PRIVATE: 'true',
    });

    for (const name of ['one', 'two', 'three', 'four', 'five']) await report(name);
    await until(() => good.requests.length === 5, 3_000);

    expect(hanging.requests).toHaveLength(1);
    await hanging.close();
    await good.close();
  });

  test('to an address that does not exist fails at once, and the others get theirs', async () => {
    await start(
      { ALERT_EMAILS: 'gone@example.com,dev@example.com' },
      {
        onRcptTo: ({ address }, _session, done) =>
          address.startsWith('gone')
            ? done(Object.assign(new Error('no such user'), { responseCode: 550 }))
            : done(),
      },
    );

    await report('cart is empty');
    const [failed] = await untilDeliveries(1, '&state=failed');
    await untilDeliveries(1, '&state=sent');
    const { body: status } = await server.call('/api/alerts/status');

    expect(failed).toMatchObject({ recipient: 'gone@example.com', attempts: 1, next_attempt_at: null });
    expect(failed?.reason).toContain('550 no such user');
    expect(status).toMatchObject({
      enabled: true,
      mail: { configured: true, missing_setting: null, recipients: ['gone@example.com', 'dev@example.com'] },
      webhook: { configured: false, missing_setting: 'ALERT_WEBHOOK_URLS', recipients: [] },
      queue_length: 0,
      held: 0,
      last_success: { recipient: 'dev@example.com', state: 'sent' },
      last_failure: { recipient: 'gone@example.com', failed_at: expect.stringMatching(/Z$/) },
      cooldown_minutes: 30,
      hourly_cap: 10,
    });
  });

  test('is forgotten with its error', async () => {
    await start();

    await report('cart is empty');
    await untilDeliveries(1, '&state=sent');
    await server.database.run('DELETE FROM errors');

    expect(await deliveries()).toEqual([]);
  });
});

describe('Without a channel', () => {
  test('alerts are off: one line says so and how to turn them on, and nothing is kept', async () => {
    const output = captureOutput();
    await start({ SMTP_HOST: '', LOG_LEVEL: 'info' });
    await report('cart is empty');
    output.stop();

    expect(output.text().match(/Alerts are off.*/g)).toEqual([
      'Alerts are off: SMTP_HOST is not set, and neither is ALERT_WEBHOOK_URLS. Mails need SMTP_HOST and ALERT_EMAILS',
    ]);
    expect(await server.database.value('SELECT count(*) FROM error_events')).toBe(0);
    expect((await server.call('/api/alerts/status')).body).toMatchObject({
      enabled: false,
      mail: { configured: false, missing_setting: 'SMTP_HOST' },
      last_success: null,
      last_failure: null,
    });
  });
});

describe('The list of deliveries', () => {
  test.each([
    ['error=0', 'error must be the id of an error'],
    ['error=x', 'error must be the id of an error'],
    ['state=gone', 'state must be one of pending, sent, failed, muted, held, summarized'],
    ['limit=201', 'limit must be a whole number from 1 to 200'],
    ['limit=0', 'limit must be a whole number from 1 to 200'],
    ['offset=-1', 'offset must be a whole number of at least 0'],
  ])('refuses %s with 400', async (query, detail) => {
    await start();
    const answer = await server.call(`/api/alerts/deliveries?${query}`);

    expect({ status: answer.status, body: answer.body }).toEqual({ status: 400, body: { detail } });
  });

  test('is paged, newest first', async () => {
    await start({ ALERT_EMAILS: 'a@example.com,b@example.com,c@example.com' });
    await server.call('/api/test-alert', { method: 'POST' });
    await untilDeliveries(3, '&state=sent');

    const { body } = await server.call('/api/alerts/deliveries?limit=1&offset=1');

    expect(body).toMatchObject({
      deliveries: [{ recipient: 'b@example.com', kind: 'test', error_id: null, project: null }],
      total: 3,
      limit: 1,
      offset: 1,
    });
  });

  test('needs the key', async () => {
    await start();
    const headers = { 'X-API-Key': 'wrong' };

    expect((await server.call('/api/alerts/deliveries', { headers })).status).toBe(401);
    expect((await server.call('/api/alerts/status', { headers })).status).toBe(401);
  });
});

describe('A webhook', () => {
  test('is told of new errors besides, its address is shown without secrets, and it can be asked for a test', async () => {
    const receiver = await startReceiver((_request, response) => response.end('ok'));
    const url = `${receiver.url}/hooks/s3cret-part`;
    const output = captureOutput();
    await start({
      SMTP_HOST: '',
      ALERT_WEBHOOK_URLS: url,
      ALERT_WEBHOOK_SECRET: 'shared',
      ALERT_WEBHOOK_ALLOW_PRIVATE: 'true',
      LOG_LEVEL: 'info',
    });

    const id = await report('cart is empty');
    const [sent] = await untilDeliveries(1, '&state=sent');
    const test = await server.call('/api/test-alert', { method: 'POST' });
    await untilDeliveries(2, '&state=sent');
    output.stop();
    const { body: status } = await server.call('/api/alerts/status');
    await receiver.close();

    const [told, tested] = receiver.requests;
    expect(JSON.parse(told!.body.toString())).toMatchObject({
      event: 'error.created',
      delivery_id: sent!.id,
      error: {
        id,
        project: 'shop',
        message: 'cart is empty',
        url: `https://errors.example.com/errors/${id}`,
      },
    });
    const signature = createHmac('sha256', 'shared').update(told!.body).digest('hex');
    expect(told!.headers['x-signature']).toBe(`sha256=${signature}`);
    expect(JSON.parse(tested!.body.toString())).toMatchObject({ event: 'test', error: null });
    expect(test.status).toBe(202);
    expect(sent).toMatchObject({
      channel: 'webhook',
      recipient: expect.stringContaining('http://127.0.0.1:'),
    });
    expect(JSON.stringify([sent, status]) + output.text()).not.toContain('s3cret-part');
    expect(output.text()).toMatch(/Webhook alert sent to http:\/\/127\.0\.0\.1:\S+ \(\d+ ms\): HTTP 200/);
  });

  test('that is no longer in the settings gets nothing any more, and the delivery says so', async () => {
    const receiver = await startReceiver((_request, response) => response.end('ok'));
    await start({ SMTP_HOST: '', ALERT_WEBHOOK_URLS: receiver.url, ALERT_WEBHOOK_ALLOW_PRIVATE: 'true' });
    await report('cart is empty');
    await untilDeliveries(1, '&state=sent');
    await server.database.run(
      // Replicas leave it to those that know the recipient, for a day.
      "UPDATE deliveries SET state = 'pending', due_at = '2020-01-01 00:00:00.000', recipient = 'http://gone.example/…#000000'",
    );

    await server.call('/api/test-alert', { method: 'POST' });
    const [failed] = await untilDeliveries(1, '&state=failed');
    await receiver.close();

    expect(failed?.reason).toBe('not sent: http://gone.example/…#000000 is no longer in ALERT_WEBHOOK_URLS');
  });
});
