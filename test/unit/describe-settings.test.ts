import { AppConfig } from '../../src/config/app-config';
import { loadConfig, PROPERTIES, variableName } from '../../src/config/load-config';
import { describeSettings } from '../../src/status/describe-settings';

const SECRETS = [
  'API_KEY',
  'DATABASE_URL',
  'SMTP_PASSWORD',
  'ALERT_WEBHOOK_URLS',
  'ALERT_WEBHOOK_SECRET',
  'REDIS_URL',
  'INGEST_KEYS',
];

describe('the settings in the status', () => {
  const settingOf = (config: AppConfig, name: string) =>
    describeSettings(config).find((setting) => setting.name === name);

  test('are all there, each once, in the order of the documents', () => {
    const names = describeSettings(loadConfig({ API_KEY: 'k3y' })).map(({ name }) => name);
    expect(names).toEqual(PROPERTIES.map(variableName));
  });

  test('are all defaults when nothing but the key is set, also with another port', () => {
    for (const env of [{}, { PORT: '8080' }]) {
      const settings = describeSettings(loadConfig({ API_KEY: 'k3y', ...env }));
      const changed = settings.filter(({ is_default }) => !is_default).map(({ name }) => name);
      expect(changed).toEqual(['API_KEY', ...Object.keys(env)]);
    }
  });

  test.each([
    ['PORT', '8080', '8080', false],
    ['PORT', '5010', '5010', true],
    ['RETENTION_DAYS', '30', '30', false],
    ['LOG_LEVEL', 'WARN', 'warn', false],
    ['ALERT_WEBHOOK_ALLOW_PRIVATE', 'true', 'true', false],
    ['ALERT_WEBHOOK_ALLOW_PRIVATE', 'false', 'false', true],
    ['ALERT_EMAILS', 'a@example.com,b@example.com', 'a@example.com, b@example.com', false],
    ['SMTP_HOST', 'mail.example.com', 'mail.example.com', false],
    ['BASE_URL', 'https://errors.example.com/', 'https://errors.example.com', false],
    ['BASE_URL', 'http://localhost:5010', 'http://localhost:5010', true],
    ['DATABASE_PATH', '/data/<b>\n.db', '/data/<b>\n.db', false],
  ])('%s=%s is told as %j; that it is the default: %j', (name, text, value, isDefault) => {
    expect(settingOf(loadConfig({ API_KEY: 'k3y', [name]: text }), name)).toEqual({
      name,
      value,
      is_default: isDefault,
      is_secret: false,
    });
  });

  test.each(['SMTP_HOST', 'SMTP_USERNAME', 'ALERT_EMAILS'])('%s is null when it is not set', (name) => {
    expect(settingOf(loadConfig({ API_KEY: 'k3y' }), name)).toEqual({
      name,
      value: null,
      is_default: true,
      is_secret: false,
    });
  });

  test('tell of secrets only whether they are set', () => {
    const unset = describeSettings(loadConfig({ API_KEY: 'k3y' }));
    expect(unset.filter(({ is_secret }) => is_secret)).toEqual(
      SECRETS.map((name) => {
        const isSet = name === 'API_KEY';
        return { name, value: null, is_default: !isSet, is_secret: true, is_set: isSet };
      }).sort(inOrderOf(unset.map(({ name }) => name))),
    );
    const config = Object.assign(loadConfig({ API_KEY: 'hidden-1' }), {
      // No version takes it yet.
      databaseUrl: 'postgres://me:hidden-2@db/errors',
      smtpPassword: 'hidden-3',
      alertWebhookUrls: ['https://hooks.example.com/hidden-4'],
      alertWebhookSecret: 'hidden-5',
      redisUrl: 'redis://:hidden-6@redis',
      ingestKeys: 'shop:hidden-7',
    });
    const settings = describeSettings(config);
    for (const name of SECRETS) {
      expect(settings).toContainEqual({
        name,
        value: null,
        is_default: false,
        is_secret: true,
        is_set: true,
      });
    }
    expect(JSON.stringify(settings)).not.toContain('hidden');
  });

  test.each([
    ['BASE_URL', 'https://me:hidden@errors.example.com/path'],
    ['BASE_URL', 'https://hidden@errors.example.com'],
    ['DATABASE_PATH', 'postgres://me:hidden@db/errors'],
    ['ALERT_EMAILS', 'a@example.com'],
    ['SMTP_FROM', 'a@example.com'],
  ])('tell %s=%s only when no password is in it', (name, text) => {
    const setting = settingOf(loadConfig({ API_KEY: 'k3y', [name]: text }), name);
    const isHidden = text.includes('hidden');
    expect(setting).toMatchObject({ value: isHidden ? null : text, is_secret: isHidden });
  });

  test('hide every setting whose name says that it is a secret', () => {
    const config = new AppConfig();
    const values = config as unknown as Record<string, unknown>;
    for (const property of PROPERTIES) values[property] = 'text';
    const shown = describeSettings(config).filter(({ value }) => value !== null);
    const named = shown.map(({ name }) => name).filter((name) => /KEY|PASSWORD|SECRET|TOKEN/.test(name));
    // It holds names of secrets, and no secret.
    expect(named).toEqual(['SCRUB_KEYS']);
  });
});

function inOrderOf(names: string[]): (left: { name: string }, right: { name: string }) => number {
  return (left, right) => names.indexOf(left.name) - names.indexOf(right.name);
}
