import {
  ArrayMaxSize,
  ArrayUnique,
  IsBoolean,
  IsEmail,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsOptional,
  IsUrl,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateBy,
  ValidateIf,
} from 'class-validator';
import { findIngestKeysProblem } from './parse-ingest-keys';
import { parseRedisUrl } from './parse-redis-url';

export const LOG_LEVELS = ['error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

const whole = (from: number, to: number) => ({ message: `must be a whole number from ${from} to ${to}` });

const BASE_ADDRESS = {
  message: 'must be an http:// or https:// address without query, such as https://errors.example.com',
};

const WEBHOOK_URL = {
  protocols: ['http', 'https'],
  require_protocol: true,
  require_tld: false,
  disallow_auth: true,
  allow_fragments: false,
};

/**
 * Every setting of the program, validated once at start (see `loadConfig`).
 * A property is read from the environment variable of the same name in upper snake case: `apiKey` is `API_KEY`.
 */
export class AppConfig {
  @IsNotEmpty({ message: 'is required: choose a secret that clients send in the X-API-Key header' })
  @Matches(/^[\x21-\x7e]*$/, {
    message: 'must be printable ASCII without spaces: it travels in an HTTP header',
  })
  apiKey = '';

  /** 0 lets the system choose a free port. */
  @IsInt(whole(0, 65_535))
  @Min(0, whole(0, 65_535))
  @Max(65_535, whole(0, 65_535))
  port = 5010;

  @Matches(/^[^\s/]+$/, { message: 'must be an address or host name to listen on, such as 0.0.0.0 or ::' })
  host = '0.0.0.0';

  @Matches(/^(?!:|file:)[^\0]+$/, { message: 'must be the path of a file' })
  databasePath = './data/errors.db';

  /** PostgreSQL instead of a SQLite file; several hosts may stand in it, of which one takes writes. */
  @IsOptional()
  @Matches(/^postgres(ql)?:\/\/[^\s/?#]+\/[^\s/?#]+(\?[^\s#]*)?$/, {
    message: 'must be an address like postgres://user:password@host:5432/database',
  })
  databaseUrl?: string;

  @IsIn(LOG_LEVELS, { message: `must be one of ${LOG_LEVELS.join(', ')}` })
  logLevel: LogLevel = 'info';

  /** Resolved errors are deleted when they are this old, in days. */
  @IsInt(whole(1, 36_500))
  @Min(1, whole(1, 36_500))
  @Max(36_500, whole(1, 36_500))
  retentionDays = 90;

  @IsOptional()
  @Matches(/^[^\s/@]+$/, { message: 'must be a host name or address, without scheme or port' })
  smtpHost?: string;

  @IsInt(whole(1, 65_535))
  @Min(1, whole(1, 65_535))
  @Max(65_535, whole(1, 65_535))
  smtpPort = 25;

  @ValidateIf((config: AppConfig) => config.smtpPassword !== undefined)
  @IsNotEmpty({ message: 'is required when SMTP_PASSWORD is set' })
  smtpUsername?: string;

  @ValidateIf((config: AppConfig) => config.smtpUsername !== undefined)
  @IsNotEmpty({ message: 'is required when SMTP_USERNAME is set' })
  smtpPassword?: string;

  @IsEmail({ allow_display_name: true, require_tld: false }, { message: 'must be a mail address' })
  smtpFrom = 'errors@example.com';

  @IsEmail({ require_tld: false }, { each: true, message: 'must be mail addresses separated by commas' })
  @ArrayMaxSize(100, { message: 'must name at most 100 addresses' })
  alertEmails: string[] = [];

  /** Where alerts are posted besides. */
  @IsUrl(WEBHOOK_URL, {
    each: true,
    message:
      'must be http:// or https:// addresses without user name and fragment, separated by blanks or commas',
  })
  @MaxLength(2_000, { each: true, message: 'must name addresses of at most 2000 characters' })
  @ArrayMaxSize(20, { message: 'must name at most 20 addresses' })
  @ArrayUnique({ message: 'must name each address once' })
  alertWebhookUrls: string[] = [];

  /** Signs what is posted to webhooks. */
  @IsOptional()
  @IsNotEmpty()
  alertWebhookSecret?: string;

  /** Whether webhooks may be on this machine or in a private network. */
  @IsBoolean({ message: 'must be true or false' })
  alertWebhookAllowPrivate = false;

  /** After an alert about an error: how long further ones about it are muted, in minutes. */
  @IsInt(whole(0, 10_080))
  @Min(0, whole(0, 10_080))
  @Max(10_080, whole(0, 10_080))
  alertCooldownMinutes = 30;

  /** Alerts an hour and recipient; what goes beyond comes as one summary. 0 takes the cap away. */
  @IsInt(whole(0, 10_000))
  @Min(0, whole(0, 10_000))
  @Max(10_000, whole(0, 10_000))
  alertHourlyCap = 10;

  /** How long what goes beyond the cap is gathered before the first summary, in minutes. */
  @IsInt(whole(0, 60))
  @Min(0, whole(0, 60))
  @Max(60, whole(0, 60))
  alertSummaryMinutes = 5;

  /** Where people and clients reach the server, without a trailing slash: links in mails and DSNs start with it. By default on localhost. */
  @ValidateIf((config: AppConfig) => config.baseUrl !== '')
  @IsUrl(
    {
      protocols: ['http', 'https'],
      require_protocol: true,
      require_tld: false,
      allow_query_components: false,
    },
    BASE_ADDRESS,
  )
  // What passes so far may still be no address: http://xn--a.
  @ValidateBy(
    { name: 'isParsable', validator: { validate: (text: string) => URL.canParse(text) } },
    BASE_ADDRESS,
  )
  @MaxLength(2_000, { message: 'must be at most 2000 characters' })
  baseUrl = '';

  /** Requests a minute and address; 0 switches the limit off. */
  @IsInt(whole(0, 1_000_000))
  @Min(0, whole(0, 1_000_000))
  @Max(1_000_000, whole(0, 1_000_000))
  rateLimitPerMinute = 100;

  /** Where requests are counted for all replicas together; without it each counts its own. */
  @IsOptional()
  @ValidateBy(
    { name: 'isRedisUrl', validator: { validate: (text: string) => parseRedisUrl(text) !== null } },
    { message: 'must be an address such as redis://user:password@host:6379/0, or rediss:// for TLS' },
  )
  redisUrl?: string;

  /** Ingest keys that are stored at start: `project:key`, separated by commas. */
  @IsOptional()
  @ValidateBy({
    name: 'isIngestKeys',
    validator: {
      validate: (text: string) => findIngestKeysProblem(text) === null,
      defaultMessage: (given) => findIngestKeysProblem(given?.value as string) ?? '',
    },
  })
  ingestKeys?: string;

  /** Names of members, headers and parameters of events whose values are never stored, besides those built in. */
  @Matches(/[\p{L}\p{N}]/u, {
    each: true,
    message: 'must be names with letters or digits, separated by commas',
  })
  @MaxLength(100, { each: true, message: 'must be names of at most 100 characters' })
  @ArrayMaxSize(200, { message: 'must be at most 200 names' })
  scrubKeys: string[] = [];

  /** How many reverse proxies stand in front and append to `X-Forwarded-For`. */
  @IsInt(whole(0, 32))
  @Min(0, whole(0, 32))
  @Max(32, whole(0, 32))
  trustProxy = 0;

  /** Whether there is `GET /metrics`. */
  @IsBoolean({ message: 'must be true or false' })
  metrics = false;
}
