import { validateSync, ValidationError } from 'class-validator';
import { AppConfig } from './app-config';

type Environment = Record<string, string | undefined>;
export type Property = keyof AppConfig;

/** Their values never appear in a message or an answer: they are secrets, or hold one. */
const SECRETS: readonly Property[] = [
  'apiKey',
  'smtpPassword',
  'databaseUrl',
  'alertWebhookUrls',
  'alertWebhookSecret',
  'redisUrl',
  'ingestKeys',
];

/** `https://me:secret@host` */
const PASSWORD = /:\/\/[^/]*@/g;

const OPTIONAL: readonly Property[] = [
  'databaseUrl',
  'smtpHost',
  'smtpUsername',
  'smtpPassword',
  'alertWebhookSecret',
  'redisUrl',
  'ingestKeys',
];

/** The settings are unusable; `message` has one line for each variable that is wrong. */
export class ConfigError extends Error {}

/** Every setting, in the order in which the documents list them. */
export const PROPERTIES = [
  ...new Set([...(Object.keys(new AppConfig()) as Property[]), ...OPTIONAL]),
] as readonly Property[];

/**
 * Reads and validates the settings.
 * @param env the environment, e.g. `process.env`; empty values count as not set
 * @throws ConfigError naming every variable that is missing or wrong and what was expected
 */
export function loadConfig(env: Environment): AppConfig {
  const config = new AppConfig();
  const values = config as unknown as Record<string, unknown>;
  for (const property of PROPERTIES) {
    const written = env[variableName(property)];
    // A password may begin or end with blanks.
    const text = property === 'smtpPassword' ? written : written?.trim();
    if (text?.trim()) values[property] = convert(property, text, values[property]);
  }
  const problems = validateSync(config, { stopAtFirstError: true });
  if (problems.length > 0) {
    throw new ConfigError(problems.map((problem) => describe(problem, env)).join('\n'));
  }
  config.baseUrl = config.baseUrl.replace(/\/+$/, '') || defaultBaseUrl(config);
  return config;
}

/** What each setting is when its variable is not set; one follows from another. */
export function defaultsBeside(config: AppConfig): AppConfig {
  return Object.assign(new AppConfig(), { baseUrl: defaultBaseUrl(config) });
}

/** Whether nobody may see the value of a setting: it is a secret, or holds one. */
export function isSecret(property: Property, text: string): boolean {
  return SECRETS.includes(property) || withoutPassword(text) !== text;
}

/** @example withoutPassword('https://me:secret@host') // 'https://host' */
export function withoutPassword(text: string): string {
  return text.replace(PASSWORD, '://');
}

/** `rateLimitPerMinute` → `RATE_LIMIT_PER_MINUTE` */
export function variableName(property: Property): string {
  return property.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}

function defaultBaseUrl({ port }: AppConfig): string {
  return `http://localhost:${port}`;
}

function convert(property: Property, text: string, current: unknown): unknown {
  // Decimal digits only: "0x1F", "1e3" and "5010abc" are typing errors, not numbers.
  if (typeof current === 'number') return /^\d{1,9}$/.test(text) ? Number(text) : NaN;
  if (property === 'logLevel') return text.toLowerCase();
  if (property === 'alertEmails' || property === 'scrubKeys') return splitList(text, /,/);
  // Addresses may hold commas, though chat services' never do.
  if (property === 'alertWebhookUrls') return splitList(text, /\s+|,(?=\s*https?:)/);
  if (typeof current === 'boolean') return { true: true, false: false }[text.toLowerCase()] ?? text;
  return text;
}

function splitList(text: string, separator: RegExp): string[] {
  return text
    .split(separator)
    .map((item) => item.trim())
    .filter(Boolean);
}

function describe(problem: ValidationError, env: Environment): string {
  const property = problem.property as Property;
  const variable = variableName(property);
  const expectation = Object.values(problem.constraints ?? {})[0] ?? 'is invalid';
  const text = env[variable]?.trim();
  const given = text && !isSecret(property, text) ? ` (it is ${JSON.stringify(text.slice(0, 100))})` : '';
  return `${variable} ${expectation}${given}`;
}
