import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError, loadConfig, PROPERTIES, variableName } from '../../src/config/load-config';

const API_KEY = 'k3y';

describe('Settings', () => {
  test('have defaults; only API_KEY is needed', () => {
    expect({ ...loadConfig({ API_KEY }) }).toEqual({
      apiKey: API_KEY,
      port: 5010,
      host: '0.0.0.0',
      databasePath: './data/errors.db',
      logLevel: 'info',
      retentionDays: 90,
      smtpPort: 25,
      smtpFrom: 'errors@example.com',
      alertEmails: [],
      alertWebhookUrls: [],
      alertWebhookAllowPrivate: false,
      alertCooldownMinutes: 30,
      alertHourlyCap: 10,
      alertSummaryMinutes: 5,
      baseUrl: 'http://localhost:5010',
      rateLimitPerMinute: 100,
      scrubKeys: [],
      trustProxy: 0,
      metrics: false,
    });
  });

  test('are the documented ones, each read from the variable of its name', () => {
    expect(PROPERTIES.map(variableName).sort()).toEqual(
      [
        'API_KEY',
        'PORT',
        'HOST',
        'DATABASE_PATH',
        'DATABASE_URL',
        'LOG_LEVEL',
        'RETENTION_DAYS',
        'SMTP_HOST',
        'SMTP_PORT',
        'SMTP_USERNAME',
        'SMTP_PASSWORD',
        'SMTP_FROM',
        'ALERT_EMAILS',
        'ALERT_WEBHOOK_URLS',
        'ALERT_WEBHOOK_SECRET',
        'ALERT_WEBHOOK_ALLOW_PRIVATE',
        'ALERT_COOLDOWN_MINUTES',
        'ALERT_HOURLY_CAP',
        'ALERT_SUMMARY_MINUTES',
        'BASE_URL',
        'RATE_LIMIT_PER_MINUTE',
        'REDIS_URL',
        'INGEST_KEYS',
        'SCRUB_KEYS',
        'TRUST_PROXY',
        'METRICS',
      ].sort(),
    );
  });

  test.each([
    ['PORT', '0', 'port', 0],
    ['PORT', '1', 'port', 1],
    ['PORT', '65535', 'port', 65_535],
    ['PORT', ' 5011 ', 'port', 5011],
    ['HOST', '127.0.0.1', 'host', '127.0.0.1'],
    ['HOST', '::', 'host', '::'],
    ['DATABASE_PATH', '/var/lib/errors with spaces.db', 'databasePath', '/var/lib/errors with spaces.db'],
    ['LOG_LEVEL', 'error', 'logLevel', 'error'],
    ['LOG_LEVEL', 'WARN', 'logLevel', 'warn'],
    ['LOG_LEVEL', 'info', 'logLevel', 'info'],
    ['LOG_LEVEL', 'debug', 'logLevel', 'debug'],
    ['RETENTION_DAYS', '1', 'retentionDays', 1],
    ['RETENTION_DAYS', '36500', 'retentionDays', 36_500],
    ['SMTP_HOST', 'mail.example.com', 'smtpHost', 'mail.example.com'],
    ['SMTP_HOST', '::1', 'smtpHost', '::1'],
    ['SMTP_PORT', '465', 'smtpPort', 465],
    ['SMTP_FROM', 'errors@localhost', 'smtpFrom', 'errors@localhost'],
    ['SMTP_FROM', 'Error Tracker <errors@example.com>', 'smtpFrom', 'Error Tracker <errors@example.com>'],
    ['ALERT_EMAILS', 'dev@example.com', 'alertEmails', ['dev@example.com']],
    ['ALERT_EMAILS', ' a@example.com , b@example.com,', 'alertEmails', ['a@example.com', 'b@example.com']],
    ['ALERT_EMAILS', ' , ', 'alertEmails', []],
    ['ALERT_WEBHOOK_URLS', 'https://a.example/x,y', 'alertWebhookUrls', ['https://a.example/x,y']],
    [
      'ALERT_WEBHOOK_URLS',
      'https://a.example/1, http://10.0.0.5:80/2\nhttps://b.example',
      'alertWebhookUrls',
      ['https://a.example/1', 'http://10.0.0.5:80/2', 'https://b.example'],
    ],
    ['ALERT_WEBHOOK_SECRET', 's3cret', 'alertWebhookSecret', 's3cret'],
    ['ALERT_WEBHOOK_ALLOW_PRIVATE', 'TRUE', 'alertWebhookAllowPrivate', true],
    ['ALERT_WEBHOOK_ALLOW_PRIVATE', 'false', 'alertWebhookAllowPrivate', false],
    ['ALERT_COOLDOWN_MINUTES', '0', 'alertCooldownMinutes', 0],
    ['ALERT_HOURLY_CAP', '0', 'alertHourlyCap', 0],
    ['ALERT_SUMMARY_MINUTES', '60', 'alertSummaryMinutes', 60],
    ['BASE_URL', 'https://errors.example.com', 'baseUrl', 'https://errors.example.com'],
    ['BASE_URL', 'https://errors.example.com/', 'baseUrl', 'https://errors.example.com'],
    ['BASE_URL', 'http://tracker:8080/errors//', 'baseUrl', 'http://tracker:8080/errors'],
    ['BASE_URL', 'http://192.168.1.5:5010', 'baseUrl', 'http://192.168.1.5:5010'],
    ['RATE_LIMIT_PER_MINUTE', '0', 'rateLimitPerMinute', 0],
    ['RATE_LIMIT_PER_MINUTE', '1000000', 'rateLimitPerMinute', 1_000_000],
    ...[
      'redis://localhost',
      'rediss://cache.example.com:6380',
      'redis://:p%40ss@redis_cache:6379/15',
      'redis://me:a:b@[::1]:6379/',
    ].map((text) => ['REDIS_URL', text, 'redisUrl', text] as const),
    ['SCRUB_KEYS', ' customer_no, X-Legacy-Auth ,', 'scrubKeys', ['customer_no', 'X-Legacy-Auth']],
    ['TRUST_PROXY', '2', 'trustProxy', 2],
    ['METRICS', 'true', 'metrics', true],
  ] as const)('%s=%j is taken as it is meant', (variable, text, property, expected) => {
    expect(loadConfig({ API_KEY, [variable]: text })[property]).toEqual(expected);
  });

  test('take the API key without the white space around it', () => {
    expect(loadConfig({ API_KEY: ' k3y\n' }).apiKey).toBe('k3y');
  });

  test('take a mail user and password together', () => {
    const config = loadConfig({ API_KEY, SMTP_USERNAME: 'me', SMTP_PASSWORD: 'p a s s' });

    expect(config).toMatchObject({ smtpUsername: 'me', smtpPassword: 'p a s s' });
  });

  test('link to the port that is set when BASE_URL is not', () => {
    expect(loadConfig({ API_KEY, PORT: '8080' }).baseUrl).toBe('http://localhost:8080');
  });

  test.each(['', ' '])('that are set to %j have their defaults', (text) => {
    const blank = Object.fromEntries(PROPERTIES.map((property) => [variableName(property), text]));

    expect(loadConfig({ ...blank, API_KEY })).toEqual(loadConfig({ API_KEY }));
  });

  const wholeNumber = (from: number, to: number) => `must be a whole number from ${from} to ${to}`;
  const address = 'must be an http:// or https:// address without query, such as https://errors.example.com';

  test.each([
    ...[
      '65536',
      '70000',
      '-1',
      '+80',
      '80.5',
      '0x10',
      '1e3',
      '5010abc',
      '5 010',
      'http',
      '٥',
      '9'.repeat(30),
    ].map((text) => ['PORT', text, wholeNumber(0, 65_535)] as const),
    ...['0.0.0.0 ::', 'http://0.0.0.0', 'localhost/'].map(
      (text) =>
        ['HOST', text, 'must be an address or host name to listen on, such as 0.0.0.0 or ::'] as const,
    ),
    ...['loud', 'warning', 'info,debug', '3'].map(
      (text) => ['LOG_LEVEL', text, 'must be one of error, warn, info, debug'] as const,
    ),
    ...['0', '-5', '36501', '90d', '0.5'].map(
      (text) => ['RETENTION_DAYS', text, wholeNumber(1, 36_500)] as const,
    ),
    ...['smtp://mail.example.com', 'mail.example.com/', 'mail example'].map(
      (text) => ['SMTP_HOST', text, 'must be a host name or address, without scheme or port'] as const,
    ),
    ...['0', '65536', 'smtp'].map((text) => ['SMTP_PORT', text, wholeNumber(1, 65_535)] as const),
    ...['errors', 'a@b, c@d', '@example.com'].map(
      (text) => ['SMTP_FROM', text, 'must be a mail address'] as const,
    ),
    ...['dev', 'a@example.com;b@example.com', 'a@example.com,b', 'Dev <dev@example.com>'].map(
      (text) => ['ALERT_EMAILS', text, 'must be mail addresses separated by commas'] as const,
    ),
    ...['errors.example.com', 'localhost:5010', 'ftp://errors.example.com', '//errors.example.com'].map(
      (text) => ['BASE_URL', text, address] as const,
    ),
    ...['https://errors.example.com?a=b', 'https://', 'https://errors example.com', 'http://xn--a'].map(
      (text) => ['BASE_URL', text, address] as const,
    ),
    ...['-1', '1000001', 'off'].map(
      (text) => ['RATE_LIMIT_PER_MINUTE', text, wholeNumber(0, 1_000_000)] as const,
    ),
    ...['-', 'tax_no,--'].map(
      (text) => ['SCRUB_KEYS', text, 'must be names with letters or digits, separated by commas'] as const,
    ),
    ...['-1', '33', 'true', 'loopback'].map((text) => ['TRUST_PROXY', text, wholeNumber(0, 32)] as const),
  ])('%s=%j is refused with what was expected and what was given', (variable, text, expectation) => {
    expect(messageOf({ API_KEY, [variable]: text })).toBe(
      `${variable} ${expectation} (it is ${JSON.stringify(text)})`,
    );
  });

  test('with more than a hundred addresses to alert are refused', () => {
    const addresses = Array.from({ length: 101 }, (_, i) => `dev${i}@example.com`);

    expect(messageOf({ API_KEY, ALERT_EMAILS: addresses.join(',') })).toMatch(
      /^ALERT_EMAILS must name at most 100 addresses/,
    );
  });

  test.each([undefined, '', '   ', '\t\n'])('without an API key (%j) are refused', (apiKey) => {
    expect(messageOf({ API_KEY: apiKey })).toBe(
      'API_KEY is required: choose a secret that clients send in the X-API-Key header',
    );
  });

  test.each(['two words', 'ключ', 'naïve', 'a\u0000b', 'line\nbreak'])(
    'with an API key that no header can carry (%j) are refused without repeating it',
    (apiKey) => {
      expect(messageOf({ API_KEY: apiKey })).toBe(
        'API_KEY must be printable ASCII without spaces: it travels in an HTTP header',
      );
    },
  );

  test('with a mail user but no password are refused, and the other way round', () => {
    expect(messageOf({ API_KEY, SMTP_USERNAME: 'me' })).toBe(
      'SMTP_PASSWORD is required when SMTP_USERNAME is set',
    );
    expect(messageOf({ API_KEY, SMTP_PASSWORD: 'hunter2' })).toBe(
      'SMTP_USERNAME is required when SMTP_PASSWORD is set',
    );
  });

  test.each([
    'postgres://tracker:hunter2@db/errors',
    'postgresql://db:5433/errors?sslmode=verify-full',
    'postgres://tracker:p%40ss@db1,db2:5433,[::1]:5432/errors',
  ])('may name a PostgreSQL database: %s', (DATABASE_URL) => {
    expect(loadConfig({ API_KEY, DATABASE_URL }).databaseUrl).toBe(DATABASE_URL);
  });

  test.each([
    'hunter2',
    'db.example.com:5432/errors',
    'mysql://tracker:hunter2@db/errors',
    'postgres://tracker:hunter2@db',
    'postgres://tracker:hunter2@db/',
    'postgres://tracker:hunter/2@db/errors',
    'postgres:///errors',
  ])('with DATABASE_URL=%s are refused without repeating it', (DATABASE_URL) => {
    expect(messageOf({ API_KEY, DATABASE_URL })).toBe(
      'DATABASE_URL must be an address like postgres://user:password@host:5432/database',
    );
  });

  test.each([
    'hunter2',
    'redis.example.com:6379',
    'http://me:hunter2@redis.example.com',
    'redis://',
    'redis://me:hunter2@',
    'redis://me:hunter2@redis.example.com:70000',
    'redis://me:hunter2@redis.example.com/errors',
    'redis://me:hunter2@redis.example.com/0?tls=false',
    'redis://me:hunter2@redis.example.com/0#1',
    'redis://me:hunter2%@redis.example.com',
    'redis://me:hunter2%ff@redis.example.com',
  ])('with REDIS_URL=%j are refused without repeating it', (text) => {
    expect(messageOf({ API_KEY, REDIS_URL: text })).toBe(
      'REDIS_URL must be an address such as redis://user:password@host:6379/0, or rediss:// for TLS',
    );
  });

  test('may hold ingest keys, which are not repeated when one of them is wrong', () => {
    const INGEST_KEYS = `shop:${'a1'.repeat(16)}`;
    expect(loadConfig({ API_KEY, INGEST_KEYS }).ingestKeys).toBe(INGEST_KEYS);
    expect(messageOf({ API_KEY, INGEST_KEYS: `${INGEST_KEYS},billing:hunter2` })).toBe(
      'INGEST_KEYS must be pairs of project and key such as shop:0123…cdef, separated by commas: ' +
        'the key is not 32 lower-case hexadecimal digits in number 2',
    );
  });

  test.each([
    ['SMTP_HOST', 'smtps://me:hunter2@mail.example.com'],
    ['BASE_URL', 'ftp://me:hunter2@errors.example.com'],
  ])('with a password in the address of %s are refused without repeating it', (variable, text) => {
    const message = messageOf({ API_KEY, [variable]: text });

    expect(message).toContain(variable);
    expect(message).not.toContain('hunter2');
  });

  test('that are wrong in several ways are all named, one on each line', () => {
    const message = messageOf({ PORT: 'http', LOG_LEVEL: 'loud', TRUST_PROXY: '-1' });

    expect(message.split('\n').map((line) => line.split(' ')[0])).toEqual(
      expect.arrayContaining(['API_KEY', 'PORT', 'LOG_LEVEL', 'TRUST_PROXY']),
    );
    expect(message.split('\n')).toHaveLength(4);
  });

  test('that hold line breaks are shown on one line, and long ones cut', () => {
    expect(messageOf({ API_KEY, LOG_LEVEL: 'loud\nAPI_KEY is fine' })).toMatch(
      / \(it is "loud\\nAPI_KEY is fine"\)$/,
    );
    expect(messageOf({ API_KEY, LOG_LEVEL: 'x'.repeat(5_000) }).length).toBeLessThan(200);
  });
});

describe('.env.example', () => {
  const file = join(__dirname, '..', '..', '.env.example');

  test('names exactly the settings there are, each with its default', () => {
    expect(existsSync(file)).toBe(true);
    const lines = [...readFileSync(file, 'utf8').matchAll(/^(?:# ?)?([A-Z][A-Z_]+)=(.*)$/gm)];
    const example = Object.fromEntries(lines.map(([, name, value]) => [name!, value!]));

    expect(lines.map(([, name]) => name).sort()).toEqual(PROPERTIES.map(variableName).sort());
    expect(loadConfig({ ...example, API_KEY })).toEqual(loadConfig({ API_KEY }));
  });
});

function messageOf(env: Record<string, string | undefined>): string {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  throw new Error('The settings were not refused');
}
