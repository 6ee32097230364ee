import type { AddressInfo, Socket } from 'node:net';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { SMTPServerOptions } from 'smtp-server';
import { DeliveryError } from '../../src/alerts/channel';
import type { Mail } from '../../src/alerts/mail/mail';
import type { SendOptions, SmtpSettings } from '../../src/alerts/mail/smtp-client';
import { sendMail, usesImplicitTls } from '../../src/alerts/mail/smtp-client';
import type { SmtpStep } from '../../src/alerts/mail/smtp-dialogue';
import { makeCertificate } from '../support/certificates';
import type { Script, ScriptedSmtpServer } from '../support/scripted-smtp-server';
import { startScriptedSmtpServer } from '../support/scripted-smtp-server';
import { startSmtpServer } from '../support/smtp-server';

const MAIL: Mail = {
  subject: 'Grüße: ValueError in shop',
  text: '.first line\n    indented by four\n' + 'long '.repeat(60).trim() + '\n日本語 🚀 = é\n.\nlast line\n',
  html: '<p>Grüße, <b>日本語</b> 🚀</p>',
  messageId: '<delivery-1@errors.example.com>',
  references: '<error-7@errors.example.com>',
};
const TO = 'dev@example.com';
const PASSWORD = 'correct horse';
const LOGIN = { username: 'tracker', password: PASSWORD };
const SHORT_TIMEOUTS = { connect: 1000, greeting: 300, socket: 400, attempt: 5000, verdict: 400 };

/** A failing test must not keep its server, and with it the run, alive. */
const running: ScriptedSmtpServer[] = [];
afterEach(() => Promise.all(running.splice(0).map((server) => server.close())));

async function startScripted(script?: Script): Promise<ScriptedSmtpServer> {
  const server = await startScriptedSmtpServer(script);
  running.push(server);
  return server;
}

const certificate = makeCertificate('localhost');

function settingsFor(port: number, more: Partial<SmtpSettings> = {}): SmtpSettings {
  return {
    host: 'localhost',
    port,
    from: 'Error Tracker <tracker@example.com>',
    timeouts: SHORT_TIMEOUTS,
    ...more,
  };
}

async function failureOf(settings: SmtpSettings, to = TO, options?: SendOptions): Promise<DeliveryError> {
  const error: unknown = await sendMail(settings, to, MAIL, options).then(
    () => new Error('the mail was sent'),
    (failure: unknown) => failure,
  );
  if (!(error instanceof DeliveryError)) throw error as Error;
  expect(
    error.message.startsWith(`${settings.host}:${settings.port}, ${error.bytesReceived} bytes received: `),
  ).toBe(true);
  expect(error.message).not.toMatch(/[\r\n]/);
  return error;
}

describe('sendMail', () => {
  it('sends text and HTML in UTF-8 with the headers that tell an automatic mail', async () => {
    const smtp = await startSmtpServer();
    const before = Date.now();
    const receipt = await sendMail(settingsFor(smtp.port), TO, MAIL);
    await smtp.close();
    expect(receipt.response).toMatch(/^250 /);
    expect(receipt.bytesReceived).toBeGreaterThan(50);
    expect(smtp.mails).toHaveLength(1);
    const [mail] = smtp.mails;
    expect(mail).toMatchObject({
      subject: MAIL.subject,
      text: MAIL.text,
      html: expect.stringContaining(MAIL.html),
      messageId: MAIL.messageId,
      inReplyTo: MAIL.references,
      references: MAIL.references,
      from: { text: '"Error Tracker" <tracker@example.com>' },
      to: { text: TO },
    });
    expect(Math.abs(mail!.date!.getTime() - before)).toBeLessThan(5000);
    expect(mail!.headers.get('auto-submitted')).toBe('auto-generated');
    expect(mail!.headers.get('x-auto-response-suppress')).toBe('All');
    expect(mail!.headers.get('content-type')).toMatchObject({ value: 'multipart/alternative' });
    expect(smtp.envelopes).toEqual([{ from: 'tracker@example.com', to: [TO] }]);
  });

  it('says goodbye and leaves no connection behind', async () => {
    const smtp = await startScripted();
    await sendMail(settingsFor(smtp.port), TO, MAIL);
    await smtp.closed;
    expect(smtp.received()).toMatch(/\r\n\.\r\nQUIT\r\n$/);
    await smtp.close();
  });

  it('has sent a mail whose server never answers the goodbye', async () => {
    const smtp = await startScripted({ QUIT: 'hang' });
    expect((await sendMail(settingsFor(smtp.port), TO, MAIL)).response).toBe('250 taken');
    await smtp.close();
  });

  it.each([
    ['a second recipient', 'dev@example.com, boss@example.com'],
    ['a header', 'dev@example.com\r\nBcc: boss@example.com'],
    ['a name', 'Dev <dev@example.com>'],
    ['a group', 'team:dev@example.com;'],
    ['nothing', ''],
  ])('refuses a recipient that brings %s, before it connects', async (_what, to) => {
    const smtp = await startScripted();
    const error = await failureOf(settingsFor(smtp.port), to);
    expect(error).toMatchObject({ permanent: true, bytesReceived: 0 });
    expect(error.message).toContain('is not one mail address');
    expect(smtp.sentBytes()).toBe(0);
    await smtp.close();
  });

  it('lets neither subject nor ids bring headers', async () => {
    const smtp = await startSmtpServer();
    const bad = 'x\r\nBcc: boss@example.com';
    await sendMail(settingsFor(smtp.port), TO, {
      ...MAIL,
      subject: bad,
      messageId: `<${bad}>`,
      references: bad,
    });
    await smtp.close();
    expect(smtp.mails[0]!.headers.has('bcc')).toBe(false);
    expect(smtp.envelopes[0]!.to).toEqual([TO]);
  });
});

describe('handing over', () => {
  it.each([
    ['a short mail', 'short\n'],
    ['a long mail', 'long line with some more words in it\n'.repeat(20_000)],
  ])('waits until all but the end of %s has arrived, and the end waits for it', async (_what, text) => {
    const smtp = await startScripted();
    let release = () => {};
    let called = () => {};
    const calledOver = new Promise<void>((resolve) => (called = resolve));
    const sending = sendMail(
      settingsFor(smtp.port),
      TO,
      { ...MAIL, text, html: '<p>the end</p>' },
      {
        handOver: () => {
          called();
          return new Promise((resolve) => (release = resolve));
        },
      },
    );
    await calledOver;
    await smtp.until(/the end<\/p>\r\n-+[^\r\n]+--\r\n$/);
    await delay(100);
    expect(smtp.received()).not.toContain('\r\n.\r\n');
    release();
    await sending;
    expect(smtp.received()).toContain('\r\n.\r\n');
    await smtp.close();
  });

  it('delivers nothing when it rejects', async () => {
    const smtp = await startSmtpServer();
    const error = await failureOf(settingsFor(smtp.port), TO, {
      handOver: () => Promise.reject(new Error('the disk is full')),
    });
    await smtp.close();
    expect(error.message).toMatch(/held back just before its end, .*: the disk is full$/);
    expect(error.permanent).toBe(false);
    expect(smtp.mails).toEqual([]);
  });

  it('ends no mail when it resolves after the attempt has been given up', async () => {
    const smtp = await startScripted();
    let release = () => {};
    const settings = settingsFor(smtp.port, { timeouts: { ...SHORT_TIMEOUTS, attempt: 200 } });
    const error = await failureOf(settings, TO, {
      handOver: () => new Promise((resolve) => (release = resolve)),
    });
    release();
    await smtp.closed;
    expect(error.message).toContain('not done within 0.2 s, waiting for message');
    expect(smtp.received()).toContain('last line');
    expect(smtp.received()).not.toContain('\r\n.\r\n');
    await smtp.close();
  });

  it.each(['MAIL', 'RCPT', 'DATA'])('is not asked for when %s is refused', async (verb) => {
    const smtp = await startScripted({ [verb]: { reply: '550 no' } });
    let asked = false;
    await failureOf(settingsFor(smtp.port), TO, {
      handOver: () => {
        asked = true;
        return Promise.resolve();
      },
    });
    expect(asked).toBe(false);
    await smtp.close();
  });
});

const WAYS: [string, SMTPServerOptions, Partial<SmtpSettings>][] = [
  ['plainly', { disabledCommands: ['STARTTLS'], allowInsecureAuth: true }, {}],
  ['by STARTTLS', { disabledCommands: [], ...certificate }, { ca: certificate.cert }],
  [
    'in TLS from the first byte',
    { secure: true, ...certificate },
    { ca: certificate.cert, implicitTls: true },
  ],
];

describe.each(WAYS)('%s', (way, serverOptions, clientSettings) => {
  describe.each(['PLAIN', 'LOGIN'])('logging in by %s', (method) => {
    const start = (logins: unknown[]) =>
      startSmtpServer({
        authOptional: false,
        authMethods: [method],
        ...serverOptions,
        onAuth: (auth, session, done) => {
          logins.push([auth.method, auth.username, auth.password, session.secure]);
          if (auth.password === PASSWORD) done(null, { user: auth.username });
          else done(Object.assign(new Error(`no login with ${auth.password ?? ''}`), { responseCode: 535 }));
        },
      });

    it('sends with the right password and shows none of it', async () => {
      const logins: unknown[] = [];
      const steps: SmtpStep[] = [];
      const smtp = await start(logins);
      const settings = settingsFor(smtp.port, { ...clientSettings, ...LOGIN });
      const receipt = await sendMail(settings, TO, MAIL, { onStep: (step) => steps.push(step) });
      await smtp.close();
      expect(receipt.response).toMatch(/^250 /);
      expect(smtp.mails).toHaveLength(1);
      expect(logins).toEqual([[method, 'tracker', PASSWORD, way !== 'plainly']]);
      const dialogue = steps.map(({ direction, text }) => `${direction}: ${text}`).join('\n');
      expect(dialogue).not.toContain(PASSWORD);
      for (const secret of [`\0tracker\0${PASSWORD}`, PASSWORD, 'tracker'])
        expect(dialogue).not.toContain(Buffer.from(secret).toString('base64').replace(/=+$/, ''));
      expect(dialogue).toContain(`client: AUTH ${method}`);
    });

    it('says that the login was refused with the wrong one, and never repeats it', async () => {
      const smtp = await start([]);
      const settings = settingsFor(smtp.port, { ...clientSettings, ...LOGIN, password: 'wrong-password' });
      const error = await failureOf(settings);
      await smtp.close();
      expect(error.message).toMatch(
        / bytes received: the login was refused: Invalid login: 535 no login with \*\*\*$/,
      );
      expect(error.hint).toContain('SMTP_PASSWORD');
      expect(error).toMatchObject({ permanent: false, bytesReceived: expect.any(Number) });
      expect(error.bytesReceived).toBeGreaterThan(20);
      expect(smtp.mails).toEqual([]);
    });
  });
});

describe('the dialogue, step by step,', () => {
  it('shows who said what, and of the message its size alone', async () => {
    const smtp = await startScripted();
    const steps: SmtpStep[] = [];
    await sendMail(settingsFor(smtp.port, LOGIN), TO, MAIL, { onStep: (step) => steps.push(step) });
    await smtp.close();
    expect(steps.map(({ direction, text }) => `${direction}: ${text}`)).toEqual([
      `note: connected to localhost:${smtp.port} (127.0.0.1)`,
      'server: 220 test ready',
      expect.stringMatching(/^client: EHLO \S+$/),
      'server: 250-test',
      'server: 250 AUTH PLAIN LOGIN',
      'client: AUTH PLAIN ***',
      'server: 235 welcome',
      'client: MAIL FROM:<tracker@example.com>',
      'server: 250 sender ok',
      `client: RCPT TO:<${TO}>`,
      'server: 250 recipient ok',
      'client: DATA',
      'server: 354 go on',
      expect.stringMatching(/^client: \(message of \d{3,4} bytes\)$/),
      'server: 250 taken',
      'client: QUIT',
      'server: 221 bye',
    ]);
  });

  it.each([
    ['STARTTLS', false, { disabledCommands: [] }],
    ['TLS from the first byte', true, { secure: true }],
  ])('tells when %s has begun', async (_way, implicitTls, serverOptions: SMTPServerOptions) => {
    const smtp = await startSmtpServer({ ...serverOptions, ...certificate });
    const steps: SmtpStep[] = [];
    const settings = settingsFor(smtp.port, { implicitTls, ca: certificate.cert });
    await sendMail(settings, TO, MAIL, { onStep: (step) => steps.push(step) });
    await smtp.close();
    const texts = steps.map(({ text }) => text);
    const begun = texts.indexOf('TLS established (TLSv1.3, certificate verified)');
    if (implicitTls) expect(begun).toBe(1);
    else expect(texts.slice(begun - 2, begun)).toEqual(['STARTTLS', expect.stringMatching(/^220 /)]);
    expect(texts.filter((text) => text.startsWith('TLS established'))).toHaveLength(1);
  });

  it('goes on without a login that the server does not offer, and says so', async () => {
    const smtp = await startScripted({ EHLO: { reply: '250 test' } });
    const steps: SmtpStep[] = [];
    await sendMail(settingsFor(smtp.port, LOGIN), TO, MAIL, { onStep: (step) => steps.push(step) });
    await smtp.close();
    expect(steps).toContainEqual({ direction: 'note', text: 'the server offers no login: going on without' });
    expect(smtp.received()).not.toContain('AUTH');
  });
});

describe('a server that refuses:', () => {
  const cases: [string, string, string, boolean][] = [
    ['greeting', '554 not you', 'the server takes no connections from here: Invalid greeting', false],
    ['greeting', '421 busy', 'the server takes no connections at the moment: Invalid greeting', false],
    ['EHLO', '421 busy', 'the server ended the dialogue at EHLO: ', false],
    ['EHLO', '550 no', 'the server gave no proper answer to EHLO: Invalid HELO', false],
    ['AUTH', '535 5.7.8 wrong', 'the login was refused: Invalid login', false],
    ['AUTH', '454 4.7.0 later', 'the login is not possible at the moment: Invalid login', false],
    ['AUTH', '504 unknown mechanism', 'the login failed: Invalid login', false],
    ['MAIL', '550 5.7.1 not as you', 'the sender was refused: Mail command failed', true],
    ['MAIL', '451 later', 'the server put off MAIL FROM: Mail command failed', false],
    ['MAIL', '552 too big', 'the mail is larger than the server or mailbox takes: Mail command failed', true],
    ['MAIL', '530 5.7.0 Must issue a STARTTLS command first', 'the server demands TLS: ', false],
    ['MAIL', '530 5.7.1 Authentication required', 'the server demands a login: ', false],
    ['RCPT', '550 5.1.1 no such user', "the recipient was refused: Can't send mail - all recipients", true],
    ['RCPT', '554 5.7.1 Relay access denied', 'the server does not pass mail on to this recipient: ', true],
    ['RCPT', '450 4.2.0 Greylisted, try again', 'the server puts off mails of unknown senders', false],
    ['RCPT', '421 overloaded', 'the server ended the dialogue at RCPT TO: ', false],
    ['DATA', '554 no valid recipients', 'the server did not want the message: Data command failed', true],
    ['DATA', '451 later', 'the server put off DATA: Data command failed', false],
    ['.', '554 5.7.1 spam', 'the message was refused: Message failed', true],
    ['.', '552 5.3.4 too big', 'the mail is larger than the server or mailbox takes: Message failed', true],
    ['.', '451 4.3.0 later', 'the server put off end of message: Message failed', false],
    ['.', '452-full\r\n452 later', 'the server put off end of message: Message failed', false],
  ];
  it.each([false, true].flatMap((pipelining) => cases.map((each) => [...each, pipelining] as const)))(
    '%s with %j is explained as %j (permanent: %p; commands at once: %p)',
    async (verb, reply, explanation, permanent, pipelining) => {
      const capabilities = `250-test\r\n${pipelining ? '250-PIPELINING\r\n' : ''}250 AUTH PLAIN`;
      const script: Script = { EHLO: { reply: capabilities }, [verb]: { reply } };
      // Like a real one: without a recipient there is nothing to take.
      if (pipelining && ['MAIL', 'RCPT'].includes(verb)) script.DATA = { reply: '503 nobody to send to' };
      if (verb === 'EHLO') script.HELO = { reply };
      const smtp = await startScripted(script);
      const error = await failureOf(settingsFor(smtp.port, verb === 'AUTH' ? LOGIN : {}));
      expect(error.message).toContain(` bytes received: ${explanation}`);
      expect(error.message.endsWith(`: ${reply.replace('\r\n', ' ')}`)).toBe(true);
      expect(error.message.split(reply.replace('\r\n', ' '))).toHaveLength(2);
      expect(error.permanent).toBe(permanent);
      expect(error.bytesReceived).toBe(smtp.sentBytes());
      await smtp.close();
    },
  );

  it('STARTTLS that is offered and refused is explained', async () => {
    const smtp = await startScripted({
      EHLO: { reply: '250-test\r\n250 STARTTLS' },
      STARTTLS: { reply: '554 no TLS today' },
    });
    const error = await failureOf(settingsFor(smtp.port));
    expect(error.message).toMatch(/the server offers STARTTLS and refuses it: .*: 554 no TLS today$/);
    expect(error.permanent).toBe(false);
    await smtp.close();
  });

  it('a mail above the size it announces is not sent at all', async () => {
    const smtp = await startScripted({ EHLO: { reply: '250-test\r\n250 SIZE 300' } });
    const error = await failureOf(settingsFor(smtp.port));
    expect(error.message).toContain('larger than the server takes: Message size larger than allowed 300');
    expect(error.permanent).toBe(true);
    expect(smtp.received()).not.toContain('MAIL FROM');
    await smtp.close();
  });
});

describe('a server that stops:', () => {
  const STAGES = [
    ['EHLO', 'EHLO'],
    ['AUTH', 'AUTH'],
    ['MAIL', 'MAIL FROM'],
    ['RCPT', 'RCPT TO'],
    ['DATA', 'DATA'],
    ['.', 'end of message'],
  ] as const;
  const attempt = async (script: Script, attemptTimeoutMs = SHORT_TIMEOUTS.attempt) => {
    const smtp = await startScripted(script);
    const error = await failureOf(
      settingsFor(smtp.port, { ...LOGIN, timeouts: { ...SHORT_TIMEOUTS, attempt: attemptTimeoutMs } }),
    );
    await smtp.close();
    expect(error.permanent).toBe(false);
    return { error, sentBytes: smtp.sentBytes() };
  };

  it.each(STAGES)('silent at %s, and the message says what went unanswered', async (verb, stage) => {
    const { error, sentBytes } = await attempt({ [verb]: 'hang' });
    expect(error.message).toContain(` bytes received: no answer to ${stage}: Timeout (ETIMEDOUT)`);
    expect(error.bytesReceived).toBe(sentBytes);
    expect(error.bytesReceived).toBeGreaterThan(10);
  });

  it.each(STAGES)('closing at %s, and the message says what went unanswered', async (verb, stage) => {
    const { error, sentBytes } = await attempt({ [verb]: 'close' });
    expect(error.message).toContain(
      ` bytes received: the server closed the connection instead of answering ${stage}: ` +
        'Connection closed unexpectedly (ECONNECTION)',
    );
    expect(error.bytesReceived).toBe(sentBytes);
  });

  it.each(STAGES)(
    'sending a byte now and then at %s, and the attempt ends all the same',
    async (verb, stage) => {
      const { error } = await attempt({ [verb]: 'drip' }, 600);
      expect(error.message).toContain(
        ` bytes received: the attempt took too long: not done within 0.6 s, waiting for ${stage}`,
      );
    },
  );

  it('silent from the start', async () => {
    const { error } = await attempt({ greeting: 'hang' });
    expect(error.message).toMatch(
      /, 0 bytes received: the server took the connection and said nothing: Greeting never received \(ETIMEDOUT\)$/,
    );
    expect(error.hint).toContain('465');
  });

  it('sending its greeting a byte at a time', async () => {
    const { error } = await attempt({ greeting: 'drip' });
    expect(error.message).toMatch(
      /, [1-9]\d* bytes received: the server never finished its greeting: Greeting never received \(ETIMEDOUT\)$/,
    );
  });

  it('closing before it greets', async () => {
    const { error } = await attempt({ greeting: 'close' });
    expect(error.message).toMatch(/, 0 bytes received: the server closed the connection before it greeted: /);
  });

  it('warns that a mail may have arrived when only the last answer is missing', async () => {
    expect((await attempt({ '.': 'close' })).error.hint).toContain('may arrive all the same');
    expect((await attempt({ DATA: 'close' })).error.hint).toBeNull();
  });

  it('not reading the message any more', async () => {
    const server = await listen((socket) => {
      let lines = 0;
      socket.write('220 ready\r\n');
      socket.on('data', () => {
        lines += 1;
        socket.write(lines === 4 ? '354 go on\r\n' : '250 ok\r\n');
        if (lines === 4) socket.pause();
      });
    });
    const text = 'x'.repeat(70).concat('\n').repeat(200_000);
    let handedOver = false;
    const handOver = () => {
      handedOver = true;
      return Promise.resolve();
    };
    const sending = sendMail(settingsFor(server.port), TO, { ...MAIL, text }, { handOver });
    await expect(sending).rejects.toThrow(/the server stopped taking the message: Timeout \(ETIMEDOUT\)$/);
    expect(handedOver).toBe(false);
    server.close();
  });
});

describe('something else than a mail server:', () => {
  it.each([
    ['HTTP/1.1 400 Bad Request\r\nServer: x\r\n\r\n', 'it speaks HTTP'],
    ['SSH-2.0-OpenSSH_9.6\r\n', 'it speaks SSH'],
    ['* OK IMAP4rev1 ready\r\n', 'it speaks IMAP'],
    ['+OK ready\r\n', 'it speaks POP3'],
    ['hello\r\n', 'its greeting is not SMTP'],
  ])('%j is told as such', async (greeting, explanation) => {
    const server = await listen((socket) => socket.end(greeting));
    const error = await failureOf(settingsFor(server.port));
    server.close();
    const [firstLine] = greeting.split('\r\n');
    expect(error.message).toContain(
      `, ${greeting.length} bytes received: this is no mail server: ${explanation}: Invalid greeting: ${firstLine!}`,
    );
    expect(error).toMatchObject({ permanent: false, hint: 'Is SMTP_PORT right?' });
  });

  it('a port that nobody listens on is told as such', async () => {
    const server = await listen(() => undefined);
    await new Promise((resolve) => server.close(resolve));
    const error = await failureOf(settingsFor(server.port));
    expect(error.message).toMatch(
      /, 0 bytes received: nobody listens there: connect ECONNREFUSED .*127\.0\.0\.1/,
    );
    expect(error.hint).toContain('SMTP_PORT');
    expect(error.permanent).toBe(false);
  });

  it('a name without an address is told as such', async () => {
    const error = await failureOf(settingsFor(25, { host: 'mail.invalid' }));
    expect(error.message).toMatch(
      /^mail\.invalid:25, 0 bytes received: the name of the mail server (is not known|could not be looked up): .*mail\.invalid/,
    );
    expect(error.permanent).toBe(false);
  });
});

describe('TLS', () => {
  it('starts at once on port 465 alone', () => {
    expect([25, 465, 587, 2525].map(usesImplicitTls)).toEqual([false, true, false, false]);
  });

  const CERTIFICATES: [string, Partial<SmtpSettings>, typeof certificate, RegExp, string][] = [
    [
      'that nobody vouches for',
      {},
      certificate,
      /is not trusted: self-signed certificate/,
      'NODE_EXTRA_CA_CERTS',
    ],
    ...[makeCertificate('localhost', { expired: true })].map((expired): (typeof CERTIFICATES)[number] => [
      'that has expired',
      { ca: expired.cert },
      expired,
      /has expired: certificate has expired \(CERT_HAS_EXPIRED\)/,
      'renew',
    ]),
    ...[makeCertificate('mail.example.com')].map((other): (typeof CERTIFICATES)[number] => [
      'for another name',
      { ca: other.cert },
      other,
      /is for another name: Hostname\/IP does not match .*mail\.example\.com/,
      'SMTP_HOST',
    ]),
  ];
  describe.each([true, false])('from the first byte: %p', (implicitTls) => {
    it.each(CERTIFICATES)('refuses a certificate %s', async (_what, client, server, message, hint) => {
      const smtp = await startSmtpServer({ ...server, secure: implicitTls, disabledCommands: [] });
      const steps: SmtpStep[] = [];
      const error = await failureOf(settingsFor(smtp.port, { ...client, ...LOGIN, implicitTls }), TO, {
        onStep: (step) => steps.push(step),
      });
      await smtp.close();
      expect(error.message).toMatch(message);
      expect(error.hint).toContain(hint);
      expect(error.permanent).toBe(false);
      expect(error.bytesReceived).toBeGreaterThan(100);
      expect(
        steps.filter(({ direction, text }) => direction !== 'server' && /TLS est|AUTH|MAIL/.test(text)),
      ).toEqual([]);
    });
  });

  it('spoken to a server that starts plainly is told as such', async () => {
    const smtp = await startScripted();
    const error = await failureOf(settingsFor(smtp.port, { implicitTls: true }));
    expect(error.message).toMatch(/the server does not speak TLS there: .*wrong version number/i);
    expect(error.hint).toContain('587');
    expect(error.permanent).toBe(false);
    await smtp.close();
  });

  it('that the server never answers is told as such', async () => {
    const server = await listen(() => undefined);
    const error = await failureOf(settingsFor(server.port, { implicitTls: true }));
    server.close();
    expect(error.message).toMatch(
      /, 0 bytes received: the server did not answer the start of TLS: TLS handshake/,
    );
    expect(error.hint).toContain('587');
  });

  it('expected by a server that is spoken to plainly shows as silence', async () => {
    const smtp = await startSmtpServer({ secure: true, ...certificate });
    const error = await failureOf(settingsFor(smtp.port));
    await smtp.close();
    expect(error.message).toMatch(/, 0 bytes received: the server took the connection and said nothing: /);
    expect(error.hint).toContain('465');
  });

  it('that a STARTTLS answer only promises is told as such', async () => {
    const smtp = await startScripted({
      EHLO: { reply: '250-test\r\n250 STARTTLS' },
      STARTTLS: { reply: '220 go ahead\r\n250 injected' },
    });
    const error = await failureOf(settingsFor(smtp.port));
    expect(error.message).toMatch(
      /the server does not speak TLS there: wrong version number \(ERR_SSL_WRONG_VERSION_NUMBER\)$/,
    );
    expect(error.hint).toContain('STARTTLS');
    expect(error.permanent).toBe(false);
    await smtp.close();
  });
});

describe('what a hostile server says', () => {
  it('is one line of at most 500 characters, without control characters or the password', async () => {
    const encoded = Buffer.from(PASSWORD).toString('base64');
    const reply = `550-\u001b[31m${PASSWORD} ${PASSWORD.toUpperCase()} ${encoded}\r\n550 \u0085\u2028\u202e${'long '.repeat(400)}`;
    const smtp = await startScripted({ MAIL: { reply } });
    const steps: SmtpStep[] = [];
    const error = await failureOf(settingsFor(smtp.port, LOGIN), TO, { onStep: (step) => steps.push(step) });
    await smtp.close();
    for (const text of [error.message, ...steps.map((step) => step.text)]) {
      expect(text).not.toMatch(/[\x00-\x1f\x7f-\x9f\u2028\u2029\u202e]/);
      expect(text.toLowerCase()).not.toContain(PASSWORD);
      expect(text).not.toContain(encoded.replace(/=+$/, ''));
      expect(text.length).toBeLessThan(600);
    }
    expect(error.message).toContain('550- [31m*** *** ***');
    expect(error.message.endsWith('…')).toBe(true);
  });

  it('cannot make a mail succeed by an answer that comes before it is asked', async () => {
    const smtp = await startScripted({ MAIL: { reply: '250 ok\r\n550 unasked' } });
    const error = await failureOf(settingsFor(smtp.port));
    expect(error.message).toContain('550 unasked');
    await smtp.close();
  });
});

async function listen(onConnection: (socket: Socket) => void) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    onConnection(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: (done?: (error?: Error) => void) => {
      sockets.forEach((socket) => socket.destroy());
      server.close(done);
    },
  };
}
