import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { LANGUAGES, type Language } from '../stack-traces/stack-trace';
import { FrameAnswer } from './frame.answer';
import { BreadcrumbAnswer, ExceptionAnswer } from './occurrence-context.answers';
import { type Level, LEVELS, Source, SOURCES } from './report';
import { TagValuesAnswer } from './tag-values.answer';

/** An error as the list shows it. */
export class ErrorRow {
  @ApiProperty({ example: 17 })
  id!: number;

  @ApiProperty({
    example: '9b74c9897bac770ffc029102a200c5de',
    description: 'MD5 of `{project}:{exception_type}:{file}:{line}`, lower-case hex: the key that groups',
  })
  fingerprint!: string;

  @ApiProperty({ example: 'shop' })
  project!: string;

  @ApiProperty({ example: 'ValueError' })
  exception_type!: string;

  @ApiProperty({ example: 'invalid literal for int() with base 10: "12a"' })
  message!: string;

  @ApiProperty({ example: 42, description: 'reports so far' })
  count!: number;

  @ApiProperty({ example: '2026-11-20T08:15:30.123Z', format: 'date-time' })
  first_seen!: string;

  @ApiProperty({ example: '2026-11-23T17:02:11.480Z', format: 'date-time' })
  last_seen!: string;

  @ApiProperty({ example: false })
  resolved!: boolean;

  @ApiProperty({ enum: SOURCES, example: 'server' })
  source!: Source;

  @ApiProperty({
    type: String,
    example: '/srv/shop/cart.py',
    nullable: true,
    description: 'where the error was thrown; null when no frame says so',
  })
  file!: string | null;

  @ApiProperty({ type: 'integer', example: 31, nullable: true })
  line!: number | null;

  @ApiProperty({
    enum: LEVELS,
    example: 'error',
    description: 'of the first report; `error` for the native API',
  })
  level!: Level;

  @ApiProperty({
    type: String,
    example: 'python',
    nullable: true,
    description: 'of the first report, as it was sent',
  })
  platform!: string | null;
}

/** An error in a list that may be asked for counts. */
export class ListedError extends ErrorRow {
  @ApiPropertyOptional({
    type: [Number],
    example: [0, 0, 3, 12],
    description:
      'given with `counts`: reports in each of the last 24 hours, or 14 times 24 hours, oldest first; the last one ends ' +
      'with the current hour',
  })
  counts?: number[];
}

export class ErrorDetail extends ErrorRow {
  @ApiProperty({
    example:
      'Traceback (most recent call last):\n  File "/srv/shop/cart.py", line 31, in add\n    quantity = int(text)\n' +
      'ValueError: invalid literal for int() with base 10: "12a"',
    description: 'of the first report',
  })
  traceback!: string;

  @ApiProperty({ type: String, example: null, nullable: true, format: 'date-time' })
  resolved_at!: string | null;

  @ApiProperty({ enum: LANGUAGES, example: 'python', nullable: true })
  language!: Language | null;

  @ApiProperty({
    type: [FrameAnswer],
    nullable: true,
    description: 'of `traceback`, in the order written, at most 2,000; null when it is no stack trace',
  })
  frames!: FrameAnswer[] | null;

  @ApiProperty({
    type: [TagValuesAnswer],
    description:
      'what the tags of all its reports were: `environment`, `release`, `level` and `user` first, the others by name, ' +
      'at most 30; empty for the native API',
  })
  tags!: TagValuesAnswer[];
}

export class OccurrenceAnswer {
  @ApiProperty({ example: 310 })
  id!: number;

  @ApiProperty({ example: '2026-11-23T17:02:11.480Z', format: 'date-time' })
  timestamp!: string;

  @ApiProperty({ type: String, example: 'https://shop.example.com/cart', nullable: true })
  request_url!: string | null;

  @ApiProperty({ type: String, example: 'POST', nullable: true })
  request_method!: string | null;

  @ApiProperty({
    example: { 'user-agent': 'curl/8.5.0' },
    nullable: true,
    description: 'the JSON that was sent',
  })
  request_headers!: unknown;

  @ApiProperty({ type: String, example: 'user-1207', nullable: true })
  user_id!: string | null;

  @ApiProperty({ example: { release: '2026.11.3' }, nullable: true, description: 'the JSON that was sent' })
  extra!: unknown;

  @ApiProperty({ example: 'invalid literal for int() with base 10: "12a"' })
  message!: string;

  @ApiProperty({ example: 'Traceback (most recent call last): …' })
  traceback!: string;

  @ApiProperty({
    type: [FrameAnswer],
    example: null,
    nullable: true,
    description: 'of `traceback`; null when it is that of the error, or no stack trace',
  })
  frames!: FrameAnswer[] | null;

  @ApiProperty({
    type: String,
    nullable: true,
    example: 'fc6d8c0c43fc4630ad850ee518f1b9d0',
    description: 'that the client gave it; null for the native API',
  })
  event_id!: string | null;

  @ApiProperty({ type: String, nullable: true, example: 'production' })
  environment!: string | null;

  @ApiProperty({ type: String, nullable: true, example: 'shop@2026.11.3' })
  release!: string | null;

  @ApiProperty({ enum: LEVELS, example: 'error' })
  level!: Level;

  @ApiProperty({ type: String, nullable: true, example: 'python' })
  platform!: string | null;

  @ApiProperty({
    type: Boolean,
    nullable: true,
    example: false,
    description: 'whether the program caught it and went on; null when it does not say',
  })
  handled!: boolean | null;

  @ApiProperty({
    type: String,
    nullable: true,
    format: 'date-time',
    example: '2026-11-23T17:02:10.911Z',
    description: 'when it happened, as the client says; `timestamp` is when it arrived',
  })
  occurred_at!: string | null;

  @ApiProperty({
    type: [ExceptionAnswer],
    nullable: true,
    description: 'with source lines and local variables, the one that was caught first, then what caused it',
  })
  exceptions!: ExceptionAnswer[] | null;

  @ApiProperty({
    type: [BreadcrumbAnswer],
    nullable: true,
    description: 'what happened before, in the order of time',
  })
  breadcrumbs!: BreadcrumbAnswer[] | null;

  @ApiProperty({ type: Object, nullable: true, example: { region: 'eu' } })
  tags!: Record<string, string> | null;

  @ApiProperty({ type: Object, nullable: true, example: { id: 'user-1207', email: 'ada@example.com' } })
  user!: Record<string, unknown> | null;

  @ApiProperty({ type: Object, nullable: true, example: { runtime: { name: 'CPython', version: '3.12.4' } } })
  contexts!: Record<string, Record<string, unknown>> | null;

  @ApiProperty({ type: Object, nullable: true, example: { name: 'sentry.python', version: '2.68.0' } })
  sdk!: { name: string | null; version: string | null } | null;

  @ApiProperty({
    type: [String],
    nullable: true,
    example: ['local variables'],
    description: 'parts that were too large and were cut',
  })
  cut!: string[] | null;
}

export class ErrorList {
  @ApiProperty({ type: [ListedError] })
  errors!: ListedError[];

  @ApiProperty({ example: 1234, description: 'errors that fit the filters' })
  total!: number;

  @ApiPropertyOptional({
    example: false,
    description:
      'true when more than `total` errors may fit: neither a search nor `environment` and the like count what is found ' +
      'very often, nor a range what comes after its first 100,000 errors',
  })
  total_is_lower_bound?: boolean;

  @ApiPropertyOptional({
    example: 10_000,
    description:
      'given when only so many of the newest errors were looked at, or of the first in another order: by a search of one ' +
      'or two characters, or for what very many errors had and few of those did. Others that fit may be missing.',
  })
  searched_newest?: number;

  @ApiProperty({ example: 50 })
  limit!: number;

  @ApiProperty({ example: 0 })
  offset!: number;

  @ApiProperty({
    type: String,
    nullable: true,
    example: 'MjAyNi0xMS0yMyAxNzowMjoxMS40ODAgMTc',
    description: 'give it as `cursor` to get the next page; null on the last one',
  })
  next_cursor!: string | null;
}

export class ErrorWithOccurrences {
  @ApiProperty({ type: ErrorDetail })
  error!: ErrorDetail;

  @ApiProperty({ type: [OccurrenceAnswer], description: 'the newest five, newest first' })
  occurrences!: OccurrenceAnswer[];
}
