import { ApiProperty } from '@nestjs/swagger';
import { Level, LEVELS, Source, SOURCES } from '../../errors/report';
import { parseStackTrace } from '../../stack-traces/parse-stack-trace';
import type { Alert, AlertedError, SummaryAlert } from '../alert';
import { cutBytes, cutMiddle } from './short-text';

const MAX_MESSAGE_BYTES = 8 * 1024;
const MAX_TRACEBACK_BYTES = 12 * 1024;
const MAX_PLACE_BYTES = 1024;
const MAX_URL_BYTES = 2 * 1024;

/** A summary of a thousand projects would be refused by its receiver for its length. */
const MAX_SUMMARIZED_PROJECTS = 50;
const MAX_SUMMARIZED_MESSAGE_BYTES = 300;

export const WEBHOOK_EVENTS = ['error.created', 'error.reopened', 'errors.summary', 'test'] as const;
export type WebhookEvent = (typeof WEBHOOK_EVENTS)[number];

export class WebhookError {
  @ApiProperty({ example: 17 })
  id!: number;

  @ApiProperty({ example: 'shop' })
  project!: string;

  @ApiProperty({ example: 'ValueError' })
  exception_type!: string;

  @ApiProperty({
    example: 'invalid literal for int() with base 10: "12a"',
    description: 'cut at 8 KiB; what is cut ends in `…`',
  })
  message!: string;

  @ApiProperty({
    type: String,
    nullable: true,
    example: '/srv/shop/cart.py:31',
    description: 'file and line the error was thrown at, null when the traceback has none',
  })
  place!: string | null;

  @ApiProperty({
    example:
      'Traceback (most recent call last):\n  File "/srv/shop/cart.py", line 31, in add\n    quantity = int(text)',
    description: 'cut to 12 KiB: then a line in the middle says how much is left out',
  })
  traceback!: string;

  @ApiProperty({ example: 42, description: 'reports so far' })
  count!: number;

  @ApiProperty({ example: '2026-11-20T08:15:30.123Z', format: 'date-time' })
  first_seen!: string;

  @ApiProperty({ example: '2026-11-23T17:02:11.480Z', format: 'date-time' })
  last_seen!: string;

  @ApiProperty({ enum: SOURCES, example: 'server' })
  source!: Source;

  @ApiProperty({ type: String, nullable: true, example: 'POST', description: 'of the newest occurrence' })
  request_method!: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    example: 'https://shop.example.com/cart',
    description: 'of the newest occurrence',
  })
  request_url!: string | null;

  @ApiProperty({ enum: LEVELS, example: 'error', description: 'of the newest occurrence' })
  level!: Level;

  @ApiProperty({
    type: String,
    nullable: true,
    example: 'production',
    description: 'of the newest occurrence',
  })
  environment!: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    example: 'shop@2026.11.3',
    description: 'of the newest occurrence',
  })
  release!: string | null;

  @ApiProperty({ example: 'https://errors.example.com/errors/17', description: 'of the dashboard' })
  url!: string;
}

export class WebhookSummaryError {
  @ApiProperty({ example: 17 })
  id!: number;

  @ApiProperty({ example: 'ValueError' })
  exception_type!: string;

  @ApiProperty({ example: 'invalid quantity', description: 'cut at 300 bytes' })
  message!: string;

  @ApiProperty({ example: 'https://errors.example.com/errors/17' })
  url!: string;
}

export class WebhookSummaryProject {
  @ApiProperty({ example: 'shop' })
  project!: string;

  @ApiProperty({ example: 12 })
  created!: number;

  @ApiProperty({ example: 1 })
  reopened!: number;

  @ApiProperty({ type: [WebhookSummaryError], description: 'the newest, at most five' })
  newest!: WebhookSummaryError[];
}

export class WebhookSummary {
  @ApiProperty({ example: 20, description: 'how many alerts an hour come one by one' })
  hourly_cap!: number;

  @ApiProperty({ example: '2026-11-23T17:02:11.480Z', format: 'date-time' })
  since!: string;

  @ApiProperty({ example: 12, description: 'in all projects' })
  created!: number;

  @ApiProperty({ example: 1, description: 'in all projects' })
  reopened!: number;

  @ApiProperty({ type: [WebhookSummaryProject], description: 'those with the most errors, at most 50' })
  projects!: WebhookSummaryProject[];

  @ApiProperty({ example: 0, description: 'projects that are counted above but not listed' })
  more_projects!: number;
}

/** What a webhook of one's own gets. Keys may be added; a change that breaks receivers is a new version. */
export class WebhookBody {
  @ApiProperty({ enum: [1] })
  version!: 1;

  @ApiProperty({ enum: WEBHOOK_EVENTS })
  event!: WebhookEvent;

  @ApiProperty({ example: 311, description: 'the same in every attempt; also in the header X-Delivery-Id' })
  delivery_id!: number;

  @ApiProperty({ example: '2026-11-23T17:02:11.902Z', format: 'date-time' })
  sent_at!: string;

  @ApiProperty({
    type: WebhookError,
    nullable: true,
    description: 'given with error.created and error.reopened',
  })
  error!: WebhookError | null;

  @ApiProperty({ type: WebhookSummary, nullable: true, description: 'given with errors.summary' })
  summary!: WebhookSummary | null;
}

/**
 * @param baseUrl of the dashboard, without a trailing slash
 * @param sentAt when this attempt was made
 */
export function toWebhookBody(id: number, alert: Alert, baseUrl: string, sentAt: Date): WebhookBody {
  return {
    version: 1,
    event: eventOf(alert),
    delivery_id: id,
    sent_at: sentAt.toISOString(),
    error: 'error' in alert ? toError(alert.error, baseUrl) : null,
    summary: alert.kind === 'summary' ? toSummary(alert, baseUrl) : null,
  };
}

/** `cart.py:31`, the place that groups; null when no frame of the traceback has one. */
export function findPlace(traceback: string): string | null {
  const thrownAt = parseStackTrace(traceback)?.thrownAt;
  return thrownAt ? cutBytes(`${thrownAt.file}:${thrownAt.line}`, MAX_PLACE_BYTES) : null;
}

export function dashboardUrl(baseUrl: string, errorId: number): string {
  return `${baseUrl}/errors/${errorId}`;
}

function eventOf({ kind }: Alert): WebhookEvent {
  if (kind === 'test') return 'test';
  return kind === 'summary' ? 'errors.summary' : `error.${kind}`;
}

function toError(error: AlertedError, baseUrl: string): WebhookError {
  return {
    id: error.id,
    project: error.project,
    exception_type: error.exceptionType,
    message: cutBytes(error.message, MAX_MESSAGE_BYTES),
    place: findPlace(error.traceback),
    traceback: cutMiddle(error.traceback, MAX_TRACEBACK_BYTES),
    count: error.count,
    first_seen: error.firstSeen.toISOString(),
    last_seen: error.lastSeen.toISOString(),
    source: error.source,
    request_method: error.requestMethod,
    request_url: error.requestUrl === null ? null : cutBytes(error.requestUrl, MAX_URL_BYTES),
    level: error.level,
    environment: error.environment,
    release: error.release,
    url: dashboardUrl(baseUrl, error.id),
  };
}

function toSummary({ hourlyCap, since, projects }: SummaryAlert, baseUrl: string): WebhookSummary {
  const listed = projects.slice(0, MAX_SUMMARIZED_PROJECTS);
  return {
    hourly_cap: hourlyCap,
    since: since.toISOString(),
    created: projects.reduce((sum, { created }) => sum + created, 0),
    reopened: projects.reduce((sum, { reopened }) => sum + reopened, 0),
    projects: listed.map(({ project, created, reopened, newest }) => ({
      project,
      created,
      reopened,
      newest: newest.map(({ id, exceptionType, message }) => ({
        id,
        exception_type: exceptionType,
        message: cutBytes(message, MAX_SUMMARIZED_MESSAGE_BYTES),
        url: dashboardUrl(baseUrl, id),
      })),
    })),
    more_projects: projects.length - listed.length,
  };
}
