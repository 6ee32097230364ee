import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { simpleParser } from 'mailparser';
import { createTransport } from 'nodemailer';
import type { Alert, AlertedError } from '../../src/alerts/alert';
import type { Mail } from '../../src/alerts/mail/mail';
import { renderMail } from '../../src/alerts/mail/render-mail';
import { BASE_URL, errorAlert, mailContext, summarizedProject, summaryAlert } from '../support/alerts';
import { startSmtpServer } from '../support/smtp-server';

const KIB = 1024;
const FORBIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

/** Values that mean something to one of the formats a mail passes through. */
const hostile: Record<string, string> = {
  'line breaks that begin a header': 'x\r\nBcc: eve@example.com\r\n\r\nbody\rX: y\u2028z\u0085\v\f',
  'lines of a dot': '.\r\n.\n..\r\n.',
  'HTML and a script': `</pre></td><script>alert(1)</script><img src=x onerror="alert('1')">&amp;&lt;`,
  'expressions of the template engine': '{{constructor.constructor "x"}}{{{this}}}{{> layout}}{{!--',
  'a name that objects have': '__proto__',
  'another name that objects have': 'constructor',
  'turned direction': 'a\u202egnp.exe\u202c \u2066b\u2069',
  'controls and colours': '\u001b[31mred\u001b[0m\u0000\u0007\u0008\u007f\u009b',
  'half a surrogate pair': 'a\ud83d b\udca5',
  'emoji and CJK': '💥 日本語の例外 👩‍👩‍👧 ' + '漢'.repeat(80),
  'an encoded word': '=?utf-8?B?aGFja2Vk?= ==?utf-8?Q?=0D=0A?=',
  'nothing but blanks': ' \t\n ',
  'much of it': 'ab €💥\n'.repeat(10_000),
};
const fields = ['project', 'exceptionType', 'message', 'traceback', 'requestUrl', 'requestMethod'] as const;
const everywhere = (text: string): Partial<AlertedError> =>
  Object.fromEntries(fields.map((field) => [field, text]));

const render = (alert: Alert): Mail => renderMail(alert, mailContext);
const renderError = (error: Partial<AlertedError>): Mail => render(errorAlert(error));

async function sendAndParse(mail: Mail) {
  const transport = createTransport({ streamTransport: true, buffer: true });
  const { message } = await transport.sendMail({
    from: 'a@example.com',
    to: 'b@example.com',
    ...envelope(mail),
  });
  return simpleParser(message);
}

function envelope({ references, ...mail }: Mail) {
  return { ...mail, ...(references && { references }) };
}

/** What a reader sees of the HTML. */
function shownText(html: string): string {
  return html
    .replace(/<style>[^]*?<\/style>/, '')
    .replace(/<[^>]*>/g, '')
    .replace(/&quot;|&#x27;|&#x60;|&#x3D;|&lt;|&gt;/g, (entity) => entities[entity] ?? '')
    .replaceAll('&amp;', '&');
}

const entities: Record<string, string> = {
  '&quot;': '"',
  '&#x27;': "'",
  '&#x60;': '`',
  '&#x3D;': '=',
  '&lt;': '<',
  '&gt;': '>',
};

describe('the mail on an error', () => {
  it('says in plain text all there is to know', () => {
    expect(renderError({ count: 1840 }).text).toBe(`New error in shop

KeyError
  'shipping_address'

Open error #17: https://errors.example.com/errors/17

Project: shop
Place: /srv/app/shop/orders.py:142
Reports: 1,840
First seen: 2026-11-23 08:05:09 UTC
Last seen: 2026-11-23 08:05:09 UTC
Source: server
Request: POST https://shop.example.com/orders?step=2

Traceback:
  Traceback (most recent call last):
    File "/srv/app/wsgi.py", line 19, in handle
      return view(request)
    File "/srv/app/shop/orders.py", line 142, in submit
      address = order['shipping_address']
                ~~~~~^^^^^^^^^^^^^^^^^^^^
  KeyError: 'shipping_address'

You get this because dev@example.com stands in ALERT_EMAILS of the error tracker at https://errors.example.com, and this error is new.
`);
  });

  it('says the same in HTML', () => {
    const { text, html } = renderError({});
    const shown = shownText(html);
    const parts = text
      .split('\n')
      .flatMap((line) => line.trim().split(/(?<=^[A-Z][a-z]+(?: seen)?): |: (?=https)/));
    expect(parts.length).toBeGreaterThan(25);
    for (const part of parts.filter((part) => part !== `${BASE_URL}/errors/17`)) {
      expect(shown).toContain(part.replace(/^Traceback:$/, 'Traceback'));
    }
    expect(html).toContain(`href="${BASE_URL}/errors/17"`);
    expect(shown).toContain(
      '/srv/app/shop/orders.py:142 · POST https://shop.example.com/orders?step=2 · from a server',
    );
  });

  it('says of a reopened one that it came back', () => {
    const mail = render(errorAlert({}, 'reopened'));
    expect(mail.subject).toBe("[shop] Reopened: KeyError: 'shipping_address' (#17)");
    for (const text of [mail.text, shownText(mail.html)]) {
      expect(text).toContain('Reopened error in shop');
      expect(text).toContain('this error came back after it had been resolved.');
    }
  });

  it('leaves out what was not reported', () => {
    const mail = renderError({ message: ' \n', traceback: '', requestMethod: null, requestUrl: null });
    expect(mail.text).not.toMatch(/Traceback|Request:|Place:|null|undefined|\n\n\n/);
    expect(shownText(mail.html)).not.toMatch(/Traceback|Request|Place|null|undefined/);
  });

  it('says level, environment and release when they are known', () => {
    const mail = renderError({ level: 'fatal', environment: 'production', release: 'shop@2026.11\n\u202e' });
    expect(mail.text).toMatch(/^Level: fatal\nEnvironment: production\nRelease: shop@2026\.11/m);
    expect(shownText(mail.html)).toContain('shop@2026.11');
    expect(renderError({}).text).not.toMatch(/Level|Environment|Release/);
  });

  it('shows the end of a path that is too long, and the line', () => {
    const { text } = renderError({ traceback: `  File "/srv/${'deep/'.repeat(5_000)}a.py", line 3, in f` });
    expect(text).toMatch(/^Place: …(?:deep\/|p\/|ep\/|eep\/|\/)+a\.py:3$/m);
    expect(/^Place: .*$/m.exec(text)?.[0].length).toBeLessThan(520);
  });

  it('cuts a message of more than 2,000 characters, says so and links to the whole', () => {
    const mail = renderError({ message: '💥'.repeat(3_500) });
    expect(mail.text).toContain(
      `\n  ${'💥'.repeat(2_000)}\n  … 1,500 more characters; the whole message: ${BASE_URL}/errors/17\n`,
    );
    expect(shownText(mail.html)).toContain('… 1,500 more characters: read the whole message');
    expect(renderError({ message: '💥'.repeat(2_000) }).text).not.toContain('more character');
    expect(renderError({ message: '💥'.repeat(2_001) }).text).toContain('… 1 more character;');
  });

  it('links to the dashboard alone, whatever URLs were reported', () => {
    const url = 'https://evil.example/login';
    const { html } = renderError(everywhere(`<a href="${url}">${url}</a>`));
    const links = [...html.matchAll(/<a [^>]*?href="([^"]*)"[^>]*>(.*?)<\/a>/g)];
    expect(links.map(([, href, text]) => [href, text])).toEqual([
      [`${BASE_URL}/errors/17`, 'Open error #17'],
      [BASE_URL, BASE_URL],
    ]);
    expect(html.match(/href=/g)).toHaveLength(2);
    expect(shownText(html)).toContain(url);
  });
});

describe('the traceback in a mail', () => {
  const python = (frames: number, message: string): string =>
    Array.from({ length: frames }, (_, i) => `  File "/srv/größe_${i}.py", line ${i + 1}, in f`).join('\n') +
    `\nValueError: ${message}`;
  const v8 = (frames: number, message: string): string =>
    `Error: ${message}\n` +
    Array.from({ length: frames }, (_, i) => `    at f (/srv/größe_${i}.js:${i + 1}:7)`).join('\n');

  it.each([
    ['is whole when it is short', python(5, 'no'), 'größe_4.py', false, false],
    ['ends as Python wrote it, where it was thrown', python(2_000, 'no'), 'größe_1999.py', true, false],
    ['begins as JavaScript wrote it, where it was thrown', v8(2_000, 'no'), 'größe_0.js', false, true],
    [
      'has the throwing frame above a long message',
      python(2_000, 'é\n'.repeat(30_000)),
      'größe_1999.py',
      true,
      true,
    ],
    [
      'has the throwing frame below a long message',
      v8(2_000, 'é\n'.repeat(30_000)),
      'größe_0.js',
      true,
      true,
    ],
    [
      'has the throwing frame below a message of one line',
      v8(3, 'é'.repeat(30_000)),
      'größe_2.js',
      true,
      false,
    ],
    ['begins as it was written when nothing is known of it', 'step\n'.repeat(9_000), 'step', false, true],
  ])('%s', (_name, traceback, frame, cutBefore, cutAfter) => {
    const { shown, before, after } = partOf(traceback);
    expect(shown).toContain(frame);
    expect([before > 0, after > 0]).toEqual([cutBefore, cutAfter]);
    expect(Buffer.byteLength(shown)).toBeLessThanOrEqual(12 * KIB);
    expect(before + Buffer.byteLength(shown) + after).toBe(Buffer.byteLength(traceback.trimEnd()));
    if (cutBefore || cutAfter) expect(Buffer.byteLength(shown)).toBeGreaterThan(11 * KIB);
    expect(traceback).toContain(shown);
  });

  it.each([0, 1, 2, 3])('is not cut inside a character that begins %i bytes later', (shift) => {
    const traceback = 'x'.repeat(shift) + '💥'.repeat(5_000);
    const { shown, after } = partOf(traceback);
    expect(shown).not.toContain('\ufffd');
    expect(traceback.startsWith(shown)).toBe(true);
    expect(Buffer.byteLength(shown)).toBeGreaterThan(12 * KIB - 4);
    expect(Buffer.byteLength(shown) + after).toBe(Buffer.byteLength(traceback));
  });

  it('is not cut inside a character at its beginning', () => {
    for (const shift of [0, 1, 2, 3]) {
      const end = '\n  File "a.py", line 3, in f' + ' '.repeat(shift) + '\nValueError: no';
      const { shown, before } = partOf('💥'.repeat(5_000) + end);
      expect(shown).toMatch(/^💥+\n/u);
      expect(before % 4).toBe(0);
    }
  });

  /** Read from the HTML, where nothing is indented. */
  function partOf(traceback: string) {
    const { text, html } = renderError({ traceback, message: '' });
    const shown = shownText(/<pre[^>]*>([^]*)<\/pre>/.exec(html)?.[1] ?? '');
    const marks =
      /(?:… ([\d,]+) bytes? cut here[^]*)?<pre[^]*<\/pre>(?:[^]*?… ([\d,]+) bytes? cut here)?/.exec(html);
    const [before, after] = [marks?.[1], marks?.[2]].map((bytes) => Number(bytes?.replaceAll(',', '') ?? 0));
    const whole = `the whole traceback: ${BASE_URL}/errors/17\n`;
    expect(text.split(whole)).toHaveLength(1 + Number(before! > 0) + Number(after! > 0));
    return { shown, before: before!, after: after! };
  }
});

describe('the subject of a mail', () => {
  it.each<[string, Partial<AlertedError>, string]>([
    ['names project, type, message and number', {}, "[shop] KeyError: 'shipping_address' (#17)"],
    ['does without an empty message', { message: '' }, '[shop] KeyError (#17)'],
    ['is one line', { message: ' no\r\n\r\n\tway\u2028out ' }, '[shop] KeyError: no way out (#17)'],
    [
      'has 80 characters of the message',
      { message: '💥'.repeat(80) },
      `[shop] KeyError: ${'💥'.repeat(80)} (#17)`,
    ],
    ['marks a cut', { message: '💥'.repeat(81) }, `[shop] KeyError: ${'💥'.repeat(80)}… (#17)`],
    [
      'leaves no blank at a cut',
      { message: 'a'.repeat(79) + ' b' },
      `[shop] KeyError: ${'a'.repeat(79)}… (#17)`,
    ],
    [
      'names what has no visible name',
      { project: ' ', exceptionType: '\t' },
      "[(blank)] (blank): 'shipping_address' (#17)",
    ],
    [
      'shows what would mislead',
      { message: 'a\u202eb\u0000\ud83d' },
      '[shop] KeyError: a\ufffdb\ufffd\ufffd (#17)',
    ],
    ['drops colours of terminals', { message: '\u001b[1;31mno\u001b[0m' }, '[shop] KeyError: no (#17)'],
    ['is never decoded twice', { message: '=?utf-8?B?aGk=?=' }, '[shop] KeyError: = ?utf-8?B?aGk= ?= (#17)'],
    ['takes braces as they are', { exceptionType: '{{id}}', message: '' }, '[shop] {{id}} (#17)'],
  ])('%s', (_name, error, subject) => {
    expect(renderError(error).subject).toBe(subject);
  });

  it('keeps the number when everything before it is too long', () => {
    const { subject } = renderError({
      id: Number.MAX_SAFE_INTEGER,
      project: '漢'.repeat(100),
      exceptionType: '字'.repeat(200),
      message: '💥'.repeat(100),
    });
    expect([...subject].length).toBeLessThanOrEqual(250);
    expect(subject).toMatch(/^\[漢{100}\] 字+… \(#9007199254740991\)$/);
  });

  it.each([
    [[summarizedProject('shop', 37)], '37 more new errors in shop'],
    [[summarizedProject('shop', 1)], '1 more new error in shop'],
    [[summarizedProject('shop', 0, 1)], '1 more reopened error in shop'],
    [
      [summarizedProject('shop', 30, 2), summarizedProject('web', 1)],
      '31 more new and 2 reopened errors in shop and 1 other project',
    ],
    [
      [summarizedProject('a\r\nb', 1_200), summarizedProject('b', 1), summarizedProject('c', 1)],
      '1,202 more new errors in a b and 2 other projects',
    ],
    [[summarizedProject('=?utf-8?B?aGk=?=', 2)], '2 more new errors in = ?utf-8?B?aGk= ?='],
  ])('counts what a summary holds: %#', (projects, subject) => {
    expect(render(summaryAlert(projects)).subject).toBe(`[error-tracker] ${subject}`);
  });
});

describe.each(Object.entries(hostile))('a mail with %s in every field', (_name, text) => {
  const traceback = `Traceback\n  File "${text}", line 3, in f\n    File "${text.replace(/\s+/g, ' ')}", line 4\n${text}`;
  const alerts: Alert[] = [
    errorAlert(everywhere(text)),
    errorAlert({ ...everywhere(text), traceback }, 'reopened'),
    summaryAlert([
      { project: text, created: 1, reopened: 0, newest: [{ id: 17, exceptionType: text, message: text }] },
      summarizedProject(text, 1),
    ]),
  ];

  it('arrives with the subject, ids and text it was given, and no header more', async () => {
    for (const alert of alerts) {
      const mail = render(alert);
      const parsed = await sendAndParse(mail);
      expect(parsed.subject).toBe(mail.subject);
      expect(parsed.messageId).toBe(mail.messageId);
      expect(parsed.references ?? null).toBe(mail.references);
      expect(parsed.text).toBe(mail.text);
      expect(parsed.html).toBe(mail.html);
      expect(parsed.bcc).toBeUndefined();
      expect(mail.subject).not.toMatch(/[\r\n\t\u2028\u2029]|^\s|\s$|\s\s/);
      expect([...mail.subject].length).toBeLessThanOrEqual(250);
    }
  });

  it('holds no control character, turned direction or half character', () => {
    for (const alert of alerts) {
      const { subject, text, html } = render(alert);
      for (const part of [subject, text, html]) {
        expect(part).not.toMatch(FORBIDDEN);
        expect(part.isWellFormed()).toBe(true);
      }
    }
  });

  it('has the elements of a harmless mail and no other', () => {
    const tagsOf = (alert: Alert): string[] => render(alert).html.match(/<[^>]*>?/g) ?? [];
    const isBlank = text.trim() === '';
    const harmless = errorAlert({ ...everywhere(isBlank ? '' : 'x'), project: 'x', exceptionType: 'x' });
    const cut =
      /<p class="soft" style="margin:8px 0 0[^>]*>|<a class="link" href="[^"]*\/errors\/17"[^>]*>|<\/p>|<\/a>/;
    const withoutCuts = (tags: string[]): string[] => tags.filter((tag) => !cut.test(tag));
    expect(withoutCuts(tagsOf(alerts[0]!))).toEqual(withoutCuts(tagsOf(harmless)));
  });

  it('is of a size that mail programs show whole', () => {
    for (const alert of alerts) expect(Buffer.byteLength(render(alert).html)).toBeLessThan(100 * KIB);
  });
});

describe('the text of a mail', () => {
  it('shows what was reported as it was, without entities', () => {
    const written = `<b>&amp; "quoted" 'x' \`y\` = {{id}}`;
    const { text, html } = renderError(everywhere(written));
    expect(text.split(written)).toHaveLength(1 + 6);
    expect(text).toMatch(/^ {2}<b>/m);
    expect(shownText(html)).toContain(written);
  });

  it('passes a mail server unchanged, lines of a dot included', async () => {
    const smtp = await startSmtpServer();
    const transport = createTransport({ host: '127.0.0.1', port: smtp.port });
    const mail = renderError(everywhere('.\r\n..\r\n.\r\nQUIT'));
    await transport.sendMail({ from: 'a@example.com', to: 'b@example.com', ...envelope(mail) });
    await smtp.close();
    expect(smtp.mails).toHaveLength(1);
    expect(smtp.mails[0]).toMatchObject({ subject: mail.subject, text: mail.text, html: mail.html });
  });

  it('is written within a second when every field is as long as a report may be', () => {
    const error = errorAlert(everywhere('  File "a.py", line 3, in \u001b[\u202e{{\n'.repeat(7_000)));
    const startedAt = performance.now();
    render(error);
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });
});

describe('the mail on held back errors', () => {
  it('lists projects with their newest errors, and says since when and why', () => {
    const projects = [summarizedProject('shop', 6, 1), summarizedProject('web', 0, 1)];
    expect(render(summaryAlert(projects, 1)).text)
      .toBe(`These errors were not mailed one by one: the hourly cap of alerts to dev@example.com had been reached (setting ALERT_HOURLY_CAP). This is what was held back since 2026-11-23 08:05:09 UTC.

All errors: https://errors.example.com

shop: 6 new, 1 reopened
  #100 KeyError: 'field_0'
  https://errors.example.com/errors/100
  #101 KeyError: 'field_1'
  https://errors.example.com/errors/101
  #102 KeyError: 'field_2'
  https://errors.example.com/errors/102
  #103 KeyError: 'field_3'
  https://errors.example.com/errors/103
  #104 KeyError: 'field_4'
  https://errors.example.com/errors/104
  and 2 more

web: 1 reopened
  #100 KeyError: 'field_0'
  https://errors.example.com/errors/100

You get this because dev@example.com stands in ALERT_EMAILS of the error tracker at https://errors.example.com, and the hourly cap was reached.
`);
  });

  it('says the same in HTML', () => {
    const { text, html } = render(
      summaryAlert([summarizedProject('shop', 6, 1), summarizedProject('web', 0, 1)]),
    );
    const shown = shownText(html);
    for (const line of text.split('\n').filter((line) => line && !line.includes('https://'))) {
      expect(shown).toContain(line.trim().replace(/^(shop|web):/, '$1'));
    }
    expect(html.match(/href="https:\/\/errors\.example\.com\/errors\/10\d"/g)).toHaveLength(6);
  });

  it('counts the projects that are too many to list', () => {
    const projects = Array.from({ length: 53 }, (_, index) => summarizedProject(`p${index}`, 2, 1));
    const { text, html } = render(summaryAlert(projects));
    for (const part of [text, shownText(html)]) {
      expect(part).toContain('p49');
      expect(part).not.toContain('p50');
      expect(part).toContain('3 more projects: 6 new, 3 reopened');
    }
  });
});

describe('the test mail', () => {
  it('says that mails arrive, to whom and from where', () => {
    const mail = render({ kind: 'test' });
    expect(mail).toMatchObject({ subject: '[error-tracker] Test alert', references: null });
    expect(mail.text).toBe(
      'This is a test alert of the error tracker at https://errors.example.com.\n\n' +
        'You get it because dev@example.com stands in ALERT_EMAILS. ' +
        'Mails to you arrive: nothing else is to be done.\n',
    );
    expect(shownText(mail.html)).toContain('Mails to you arrive');
    expect(shownText(mail.html)).toContain('You get this because dev@example.com stands in ALERT_EMAILS');
  });
});

describe('the ids of a mail', () => {
  it.each([
    ['https://errors.example.com', 'errors.example.com'],
    ['http://localhost:5010', 'localhost'],
    ['http://192.168.1.7:8080/tracker', '192.168.1.7'],
    ['http://[2001:db8::5]:8080', 'ipv6-2001-db8-5'],
    ['http://[::1]', 'ipv6-1'],
    ['https://Fehler.Größe.example.', 'fehler.xn--gre-6ka8i.example'],
    ['https://my_host.internal', 'my-host.internal'],
    ['https://me:secret@errors.example.com', 'errors.example.com'],
    ['not an address', 'localhost'],
  ])('are at the host of %s', (baseUrl, domain) => {
    const { messageId, references } = renderMail(errorAlert(), { ...mailContext, baseUrl });
    const [sentAt, firstSeen] = ['2026-11-23T08:05:10.000Z', '2026-11-23T08:05:09.123Z'].map((time) =>
      Date.parse(time).toString(36),
    );
    const [, instance] = /^<delivery-42-[0-9a-z]+\.([0-9a-f]{8})@/.exec(messageId) ?? [];
    expect(messageId).toBe(`<delivery-42-${sentAt}.${instance}@${domain}>`);
    expect(references).toBe(`<error-17-${firstSeen}.${instance}@${domain}>`);
  });

  it('differ between two trackers on one host', () => {
    const ids = ['http://a.example/one', 'http://a.example/two'].map(
      (baseUrl) => renderMail(errorAlert(), { ...mailContext, baseUrl }).messageId,
    );
    expect(new Set(ids).size).toBe(2);
  });
});

describe('the templates of mails', () => {
  const folder = join(__dirname, '..', '..', 'src', 'alerts', 'mail', 'templates');
  const names = readdirSync(folder);

  it.each(names)('%s escapes every value and loads nothing', (name) => {
    const template = readFileSync(join(folder, name), 'utf8');
    expect(template).not.toMatch(
      /\{\{\{|\{\{&|<(?:img|script|link|iframe|object|form)\b|\bsrc=|url\(|@import/i,
    );
  });
});
