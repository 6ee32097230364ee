import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform, TransformFnParams } from 'class-transformer';
import {
  IsBoolean,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Length,
  Max,
  MaxDate,
  MaxLength,
  Min,
  MinDate,
  ValidateBy,
  ValidationArguments,
} from 'class-validator';
import { wholeNumber } from '../common/page.query';
import { IsTime } from '../common/query-time';
import { RECENT_COUNTS, type RecentCounts } from './count-intervals';
import { Cursor, parseCursor, type Sort, SORTS } from './list-cursor';
import { Source, SOURCES } from './report';
import { TagFiltersQuery } from './tag-filters.query';

const eitherOr = 'cursor and offset cannot be given together';
const otherSort = 'cursor is of a list with another sort: give it with the sort of the answer it came with';
const yearRange = { message: 'since and until must be in the years 1970 to 9999' };
const FIRST_TIME = new Date(0);
const LAST_TIME = new Date(Date.UTC(10_000, 0) - 1);
/** A report has no longer one. */
const LONGEST_MESSAGE = 262_144;
const messageLengths = { message: `message_length must be a whole number from 1 to ${LONGEST_MESSAGE}` };
const resolvedValues = { message: 'resolved must be true or false' };

/**
 * Query parameters of the list. Of several rules for one parameter the lowest is checked first.
 */
export class ListErrorsQuery extends TagFiltersQuery {
  @ApiPropertyOptional({
    minLength: 1,
    maxLength: 100,
    description: 'only errors of this project, such as `shop`',
  })
  @IsOptional()
  @Length(1, 100, { message: 'project must be 1 to 100 characters long' })
  @IsString({ message: 'project must be given once' })
  @Transform(wellFormed)
  project?: string;

  @ApiPropertyOptional({ type: Boolean, description: 'only resolved or only open errors' })
  @IsOptional()
  @IsBoolean(resolvedValues)
  @Transform(
    ({ value }: TransformFnParams): unknown => ({ true: true, false: false })[String(value)] ?? String(value),
  )
  resolved?: boolean;

  @ApiPropertyOptional({
    maxLength: 200,
    description:
      'literal text in the type or the first 2,000 characters of the message, without regard to case and accents',
  })
  @IsOptional()
  @MaxLength(200, { message: 'search must be at most 200 characters long' })
  @IsString({ message: 'search must be given once' })
  @Transform(wellFormed)
  search?: string;

  @ApiPropertyOptional({ enum: SOURCES, description: 'only errors that browsers or that servers reported' })
  @IsOptional()
  @IsIn(SOURCES, { message: `source must be one of ${SOURCES.join(', ')}` })
  source?: Source;

  @ApiPropertyOptional({
    type: String,
    format: 'date-time',
    description: 'only errors whose `last_seen` is this time or later; with `Z` or an offset',
  })
  @IsOptional()
  @ValidateBy({
    name: 'beforeUntil',
    validator: { validate: isBeforeUntil, defaultMessage: () => 'since must be before until' },
  })
  @MinDate(FIRST_TIME, yearRange)
  @MaxDate(LAST_TIME, yearRange)
  @IsTime('since')
  since?: Date;

  @ApiPropertyOptional({
    type: String,
    format: 'date-time',
    description: 'only errors whose `last_seen` is before this time; with `Z` or an offset',
  })
  @IsOptional()
  @MinDate(FIRST_TIME, yearRange)
  @MaxDate(LAST_TIME, yearRange)
  @IsTime('until')
  until?: Date;

  @ApiPropertyOptional({
    enum: SORTS,
    default: 'last_seen',
    description: 'newest or most first, then highest id; `count` is that of all time, also in a range',
  })
  @IsIn(SORTS, { message: `sort must be one of ${SORTS.join(', ')}` })
  sort: Sort = 'last_seen';

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: LONGEST_MESSAGE,
    description: 'cuts messages to so many characters',
  })
  @IsOptional()
  @IsInt(messageLengths)
  @Min(1, messageLengths)
  @Max(LONGEST_MESSAGE, messageLengths)
  @Transform((params: TransformFnParams) => (params.value === undefined ? undefined : wholeNumber(params)))
  message_length?: number;

  @ApiPropertyOptional({
    enum: RECENT_COUNTS,
    description:
      'gives each error its reports of the last 24 hours by the hour, or of the last 14 times 24 hours',
  })
  @IsOptional()
  @IsIn(RECENT_COUNTS, { message: `counts must be one of ${RECENT_COUNTS.join(', ')}` })
  counts?: RecentCounts;

  @ApiPropertyOptional({
    type: String,
    description:
      '`next_cursor` of an earlier answer with the same filters and sort: goes on after it; not together with `offset`',
  })
  @IsOptional()
  @ValidateBy({
    name: 'noOffset',
    validator: { validate: (_, args) => !hasOffset(args), defaultMessage: () => eitherOr },
  })
  @ValidateBy({
    name: 'sameSort',
    validator: { validate: isOfSort, defaultMessage: () => otherSort },
  })
  @IsObject({ message: 'cursor must be the next_cursor of an earlier answer' })
  @Transform(place)
  cursor?: Cursor;
}

function place({ value }: TransformFnParams): unknown {
  return (typeof value === 'string' && parseCursor(value)) || 'no place';
}

function isBeforeUntil(since: unknown, args?: ValidationArguments): boolean {
  const { until } = args?.object as ListErrorsQuery;
  return !(until instanceof Date) || (since as Date) < until;
}

function isOfSort(cursor: unknown, args?: ValidationArguments): boolean {
  return (cursor as Cursor).sort === (args?.object as ListErrorsQuery).sort;
}

function hasOffset(args?: ValidationArguments): boolean {
  return (args?.object as ListErrorsQuery).offset > 0;
}

/** Stored text has neither lone surrogates nor NUL, and U+FFFF separates type and message in the search index. */
function wellFormed({ value }: TransformFnParams): unknown {
  return typeof value === 'string' ? value.toWellFormed().replace(/[\0\uFFFF]/g, '\uFFFD') : value;
}
