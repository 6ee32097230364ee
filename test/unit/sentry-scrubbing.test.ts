import { createScrubber } from '../../src/ingest/sentry/scrub/scrubber';
import { readCspReport } from '../../src/ingest/sentry/event/read-csp-report';
import { readParts, thrownIn } from '../support/sentry-events';

const scrubber = createScrubber();
/** What no part of a stored report may hold. */
const SECRET = 'hunter2';

describe('a name', () => {
  test.each([
    'password',
    'Password',
    'PASSWORD',
    'userPassword',
    'user_password',
    'user-password',
    'password2',
    'db.passwd',
    'passphrase',
    'pwd',
    'DB_PWD',
    'PHP_AUTH_PW',
    'secret',
    'clientSecret',
    'AWS_SECRET_ACCESS_KEY',
    'secret_key_base',
    'token',
    'accessToken',
    'access_token',
    'csrfmiddlewaretoken',
    'X-Auth-Token',
    'refresh-token',
    'tokens',
    'Authorization',
    'HTTP_AUTHORIZATION',
    'Proxy-Authorization',
    'auth',
    'X-Auth',
    'Cookie',
    'Set-Cookie',
    'HTTP_COOKIE',
    'cookies',
    'api key',
    'api_key',
    'apiKey',
    'X-Api-Key',
    'x-apikey',
    'session',
    'sessionid',
    'session_id',
    'JSESSIONID',
    'PHPSESSID',
    'connect.sid',
    'sid',
    'csrf',
    'X-XSRF-TOKEN',
    '_csrf',
    'credentials',
    'private_key',
    'privateKey',
    'creditCard',
    'credit-card-no',
    'card_number',
    'cardNumber',
    'cvv',
    'cvc',
    'card[cvv2]',
    'ssn',
    'pin',
    'user_pin',
    'userPin',
    'iban',
    'IBAN',
    'jwt',
    'otp',
    'bearer',
    'ConnectionString',
    'user[password]',
    "'password'",
    'dbpass',
    'DB_PASS',
    'userPass',
    'userpass',
    'pwd1',
    'pin2',
    'x-signature',
    'X-Hub-Signature-256',
    'HTTP_STRIPE_SIGNATURE',
    'X-Amz-Signature',
    'encryption key',
    'ENCRYPTION_KEY',
    'cc number',
    'ccNumber',
    'passwort',
    'Passwort',
    'contraseña',
    'contrasen\u0303a',
    'mot de passe',
    'motDePasse',
    'senha',
    'пароль',
    'ПАРОЛЬ',
    'パスワード',
    '密码',
    '用户密码',
    'security_code',
    'socialSecurityNumber',
    'client_assertion',
    'code_verifier',
    'mfa_code',
    'AccountKey',
    'oauth_signature',
  ])('%j is that of a secret', (name) => {
    expect(scrubber.isSecret(name)).toBe(true);
    expect(scrubber.isSecret(name)).toBe(true);
  });

  test.each([
    'author',
    'authored_by',
    'User-Agent',
    'Accept',
    'name',
    'path',
    'key',
    'keys',
    'public',
    'spinner',
    'pinned',
    'opinion',
    'compass',
    'passenger',
    'bypass',
    'side',
    'inside',
    'sidebar',
    'assign',
    'design',
    'obsession_count',
    'XDG_SEATS',
    'id',
    'user',
    'os',
    'runtime',
    'card',
    'number',
    'x',
    '',
    '__',
    'цена',
    'signature',
    'method_signature',
    'desenhar',
    'key_encryption',
    'auth0r',
    'sentry-trace',
    'baggage',
    'secretary',
    'secretaries_office',
    'token_type',
    'authType',
    'card_type',
  ])('%j is not', (name) => {
    expect(scrubber.isSecret(name)).toBe(false);
  });

  test('may be added by the operator, as words of a name', () => {
    const own = createScrubber(['customer no', 'X-Legacy', 'steuerNummer', 'пароль', '--']);
    for (const name of [
      'customer_no',
      'customerNo',
      'CUSTOMERNO',
      'old-customer-no',
      'x_legacy',
      'steuer_nummer',
      'Пароль',
      'password',
    ]) {
      expect([name, own.isSecret(name)]).toEqual([name, true]);
    }
    for (const name of ['customer', 'no', 'customer_note', 'x', 'legacy', '']) {
      expect([name, own.isSecret(name)]).toEqual([name, false]);
    }
  });

  test('lets its numbers stay when it counts something, unless the operator says otherwise', () => {
    const own = createScrubber(['max amount']);
    for (const name of ['max_tokens', 'totalTokens', 'tokens', 'token_count', 'passCount', 'number_of_pin']) {
      expect([name, own.isSecret(name), own.isSecretNumber(name)]).toEqual([name, true, false]);
    }
    for (const name of [
      'pin',
      'cvv',
      'card_number',
      'credit_card_num',
      'token_number',
      'max_amount',
      'maximum_pin',
    ]) {
      expect([name, own.isSecret(name), own.isSecretNumber(name)]).toEqual([name, true, true]);
    }
    expect(own.isSecretNumber('count')).toBe(false);
  });

  test('is judged the same however many there are', () => {
    const names = Array.from({ length: 12_000 }, (_, index) => `name${index}`);
    expect(names.some((name) => scrubber.isSecret(name))).toBe(false);
    expect(names.every((name) => scrubber.isSecret(`${name}_token`))).toBe(true);
    expect(scrubber.isSecret(`${'x'.repeat(1_000_000)}_password`)).toBe(false);
    expect(scrubber.isSecret(`password_${'x'.repeat(1_000_000)}`)).toBe(true);
  });
});

describe('a secret is removed from', () => {
  const withPassword = { user: 'ada', password: SECRET };
  const withoutPassword = { user: 'ada', password: '[removed]' };

  test('headers', () => {
    const headers = {
      Authorization: SECRET,
      'x-api-key': SECRET,
      COOKIE: `a=${SECRET}`,
      'User-Agent': 'x',
      Empty: '',
      Token: '',
    };
    expect(readParts({ request: { headers } }).headers).toEqual({
      Authorization: '[removed]',
      'x-api-key': '[removed]',
      COOKIE: '[removed]',
      'User-Agent': 'x',
      Empty: '',
      Token: '',
    });
    expect(
      readParts({
        request: {
          headers: [
            ['Referer', `http://a/?token=${SECRET}&b=1`],
            ['set-cookie', SECRET],
            ['Set-Cookie', SECRET],
          ],
        },
      }).headers,
    ).toEqual({
      Referer: 'http://a/?token=[removed]&b=1',
      'set-cookie': '[removed]',
      'Set-Cookie': '[removed]',
    });
  });

  test.each<unknown>([
    `sid=${SECRET}; theme=${SECRET}`,
    `${SECRET}; sid=${SECRET}; theme=${SECRET}; =${SECRET}`,
    { sid: SECRET, theme: SECRET },
    [
      ['sid', SECRET],
      ['theme', SECRET],
    ],
  ])('cookies, whatever they are called: %j', (cookies) => {
    expect(readParts({ request: { cookies } }).extra).toEqual({
      request_cookies: { sid: '[removed]', theme: '[removed]' },
    });
  });

  test.each([
    [`http://a/?token=${SECRET}&b=1#c`, 'http://a/?token=[removed]&b=1#c'],
    [`http://a/?b=1&user%5Bpassword%5D=${SECRET}`, 'http://a/?b=1&user%5Bpassword%5D=[removed]'],
    [`http://a/#access_token=${SECRET}&b=1`, 'http://a/#access_token=[removed]&b=1'],
    [`http://a/?pwd=${SECRET};b=1`, 'http://a/?pwd=[removed];b=1'],
    [`https://me:${SECRET}@a/b`, 'https://me:[removed]@a/b'],
    [`https://:${SECRET}@a/b?c=me@d`, 'https://:[removed]@a/b?c=me@d'],
    [`https://me:${SECRET}@a/?token=${SECRET}`, 'https://me:[removed]@a/?token=[removed]'],
    ['http://a/?token=&b=%zz&%=1', 'http://a/?token=&b=%zz&%=1'],
    ['https://me@a:80/b?c:d@e', 'https://me@a:80/b?c:d@e'],
  ])('the address %s', (url, scrubbed) => {
    expect(readParts({ request: { url } }).report.requestUrl).toBe(scrubbed);
    const { context } = readParts({ breadcrumbs: [{ category: 'http', data: { url } }] });
    expect(context.breadcrumbs?.[0]?.data).toEqual({ url: scrubbed });
  });

  test('a query in any of its forms', () => {
    const url = 'http://a/';
    for (const query_string of [
      `token=${SECRET}`,
      `?token=${SECRET}`,
      { token: SECRET },
      [['token', SECRET]],
    ]) {
      expect(readParts({ request: { url, query_string } }).report.requestUrl).toBe(
        'http://a/?token=[removed]',
      );
    }
  });

  test.each<[unknown, unknown]>([
    [withPassword, withoutPassword],
    [JSON.stringify(withPassword), withoutPassword],
    [` ${JSON.stringify([withPassword])}`, [withoutPassword]],
    [`user=ada&password=${SECRET}`, 'user=ada&password=[removed]'],
    [`{"user":"ada","password":"${SECRET} and more`, '{"user":"ada","password":"[removed]'],
    [`{"password":"${SECRET}","user":"ada`, '{"password":"[removed]","user":"ada'],
    [`{"a":{"password" : "a\\"${SECRET}"},"x`, '{"a":{"password" : "[removed]"},"x'],
    [[['password', SECRET]], [['password', '[removed]']]],
    [[{ name: 'password', value: SECRET }], [{ name: 'password', value: '[removed]' }]],
    [
      { key: 'a', value: 'b' },
      { key: 'a', value: 'b' },
    ],
  ])('the body %j', (data, read) => {
    expect(readParts({ request: { data } }).extra?.request_data).toEqual(read);
  });

  test('local variables, breadcrumbs, extra, contexts, the user and the environment', () => {
    const deep = { list: [{ ...withPassword }], pin: 1234, nothing: { token: null, secret: '' } };
    const read = { list: [withoutPassword], pin: '[removed]', nothing: { token: null, secret: '' } };
    const parts = readParts({
      ...thrownIn('python', [{ filename: 'a.py', lineno: 1, vars: deep }]),
      breadcrumbs: [{ data: deep }],
      extra: { deep, api_key: SECRET },
      contexts: { session: deep },
      user: { id: 1, data: deep, credential: SECRET },
      request: { env: { REMOTE_ADDR: 'x', DB_PASSWORD: SECRET } },
    });
    expect(parts.context.exceptions?.[0]?.frames[0]?.variables).toEqual(read);
    expect(parts.context.breadcrumbs?.[0]?.data).toEqual(read);
    expect(parts.context.contexts).toEqual({ session: read });
    expect(parts.context.user).toEqual({ id: 1, data: read, credential: '[removed]' });
    expect(parts.extra).toEqual({
      deep: read,
      api_key: '[removed]',
      request_env: { REMOTE_ADDR: 'x', DB_PASSWORD: '[removed]' },
    });
  });

  test.each([
    [`{'user': 'ada', 'password': '${SECRET}'}`, "{'user': 'ada', 'password': '[removed]'}"],
    [`{"user"=>"ada", "password"=>"${SECRET}"}`, '{"user"=>"ada", "password"=>"[removed]"}'],
    [`{:password=>"${SECRET}"}`, '{:password=>"[removed]"}'],
    [`[User(name='ada', password='${SECRET}')]`, "[User(name='ada', password='[removed]')]"],
    [`{ user: 'ada', token: ${SECRET}, b: 1 }`, "{ user: 'ada', token: [removed], b: 1 }"],
    [
      `{'tokens': ['a'], 'password': None, 'b': {'secret': '${SECRET}'}}`,
      "{'tokens': [removed], 'password': None, 'b': {'secret': '[removed]'}}",
    ],
    ['{plain}', '{plain}'],
    ['a password, no object', 'a password, no object'],
  ])('an object that was printed: %s', (text, scrubbed) => {
    expect(readParts({ extra: { text } }).extra).toEqual({ text: scrubbed });
  });

  test.each<[unknown, unknown]>([
    [
      { Key: 'password', Value: SECRET },
      { Key: 'password', Value: '[removed]' },
    ],
    [
      { VALUE: SECRET, NAME: 'X-Api-Key' },
      { VALUE: '[removed]', NAME: 'X-Api-Key' },
    ],
    [
      { name: 'a', value: SECRET, key: 'token' },
      { name: 'a', value: '[removed]', key: 'token' },
    ],
    [
      ['token', SECRET, '.a.example'],
      ['token', '[removed]', '[removed]'],
    ],
    [
      ['token', { a: SECRET }],
      ['token', '[removed]'],
    ],
    [
      ['Host', 'a', 'Cookie', SECRET],
      ['Host', 'a', 'Cookie', '[removed]'],
    ],
    [
      ['Host', 'a', 'Cookie'],
      ['Host', 'a', 'Cookie'],
    ],
    [
      ['pin', null],
      ['pin', null],
    ],
  ])('what comes with its name: %j', (sent, read) => {
    expect(readParts({ extra: { sent } }).extra).toEqual({ sent: read });
  });

  test('what is no number that counts, no yes and no no', () => {
    const sent = {
      max_tokens: 500,
      token_type: 'bearer',
      has_password: true,
      csrf_enabled: false,
      session_count: 2.5,
      secretary: 'ada',
      pin: 1234,
      cvv: 123,
      total_tokens: SECRET,
      has_token: { a: SECRET },
      pairs: [{ name: 'token_count', value: 7 }, { name: 'pin', value: 7 }, ['max_tokens', 9], ['pin', 9]],
    };
    const read = {
      ...sent,
      pin: '[removed]',
      cvv: '[removed]',
      total_tokens: '[removed]',
      has_token: '[removed]',
      pairs: [
        { name: 'token_count', value: 7 },
        { name: 'pin', value: '[removed]' },
        ['max_tokens', 9],
        ['pin', '[removed]'],
      ],
    };
    expect(readParts({ extra: { sent } }).extra).toEqual({ sent: read });
  });

  test('addresses in places that are no addresses', () => {
    const text = `GET https://me:${SECRET}@a/b.js?token=${SECRET}&b=1`;
    const scrubbed = 'GET https://me:[removed]@a/b.js?token=[removed]&b=1';
    for (const event of [{ transaction: text }, { culprit: text }]) {
      expect(readParts(event).extra).toEqual({ transaction: scrubbed });
    }
    for (const user of [{ id: text }, { username: text }]) {
      expect(readParts({ user }).report.userId).toBe(scrubbed);
      expect(JSON.stringify(readParts({ user }))).not.toContain(SECRET);
    }
    const event = {
      ...thrownIn('javascript', [
        { filename: text, abs_path: text, lineno: 1 },
        { filename: 'a', abs_path: `${text}&c`, lineno: 1 },
      ]),
      breadcrumbs: [{ message: text }],
    };
    const parts = readParts(event);
    expect(JSON.stringify(parts)).not.toContain(SECRET);
    expect(parts.context.breadcrumbs?.[0]?.message).toBe(scrubbed);
    expect(parts.context.exceptions?.[0]?.frames[1]?.file).toBe(scrubbed);
    expect(parts.report.traceback).toContain(scrubbed);
  });

  test('tags, which are also found by', () => {
    const own = createScrubber(['customer no']);
    const sent = [
      ['token', SECRET],
      [' customerNo ', SECRET],
      ['url', `http://a/?token=${SECRET}&b=1`],
      ['db', `postgres://me:${SECRET}@a/b`],
      ['lines', `a\npassword: ${SECRET}\nb`],
      ['plan', 'pro'],
      ['token', ''],
      [' __proto__ ', 'x'],
      ['constructor\n', 'x'],
    ];
    const read = {
      token: '[removed]',
      customerNo: '[removed]',
      url: 'http://a/?token=[removed]&b=1',
      db: 'postgres://me:[removed]@a/b',
      lines: 'a password: [removed] b',
      plan: 'pro',
    };
    const { context, tags, details } = readParts({ tags: sent }, {}, own);
    expect(context.tags).toEqual(read);
    expect(tags.filter(([name]) => name !== 'level')).toEqual(Object.entries(read));
    expect(details.tags + details.context).not.toMatch(/hunter2|__proto__|constructor/);
  });

  test('a report of a browser about its policy', () => {
    const body = {
      'csp-report': { 'effective-directive': 'img-src', 'document-uri': `http://a/?token=${SECRET}` },
    };
    const arrival = {
      project: 'a',
      receivedAt: new Date(),
      eventId: null,
      sentAt: null,
      isBrowser: true,
      peerAddress: null,
    };
    const read = readCspReport(body, { environment: null, release: null }, arrival, scrubber);
    expect(read?.report.requestUrl).toBe('http://a/?token=[removed]');
    expect(JSON.stringify(read)).not.toContain(SECRET);
  });
});

describe('texts that people wrote', () => {
  const frames = { frames: [{ filename: 'a', lineno: 1, context_line: `password=${SECRET}` }] };
  const address = `postgres://me:${SECRET}@a/b`;
  const scrubbed = 'postgres://me:[removed]@a/b';

  test('are left alone', () => {
    const text = `password=${SECRET} in http://a/?token=${SECRET}`;
    const { report, context } = readParts({ exception: [{ type: 'E', value: text, stacktrace: frames }] });
    expect(report.message).toBe(text);
    expect(context.exceptions?.[0]?.frames[0]?.source).toBe(`password=${SECRET}`);
  });

  test('lose the passwords in their addresses, but nothing else', () => {
    const parts = readParts({
      exception: [
        { type: 'Cause', value: `no ${address}`, stacktrace: frames },
        { type: 'E', value: `${'x'.repeat(8_170)} ${address}` },
      ],
      message: `log ${address}`,
      breadcrumbs: [{ message: address }],
    });
    expect(parts.report.message).toMatch(/^x+ postgres:\/\/me:.*…$/);
    expect(parts.report.traceback).toContain(`Cause: no ${scrubbed}`);
    expect(parts.context.exceptions?.map(({ value }) => value?.slice(-30))).toContain(`no ${scrubbed}`);
    expect(parts.context.breadcrumbs?.[0]?.message).toBe(scrubbed);
    expect(parts.extra).toEqual({ log_message: `log ${scrubbed}` });
    expect(JSON.stringify(parts).replaceAll(`password=${SECRET}`, '')).not.toContain(SECRET);
  });

  test.each([
    { message: address },
    { logentry: { message: '%s', params: [address] } },
    { logentry: { message: 'postgres://%s:%s@%s/b', params: ['me', SECRET, 'a'] } },
    { logentry: { formatted: address } },
  ])('lose them in the message %j', (event) => {
    const parts = readParts(event);
    expect(parts.report.message).toBe(scrubbed);
    expect(JSON.stringify(parts)).not.toContain(SECRET);
  });
});
