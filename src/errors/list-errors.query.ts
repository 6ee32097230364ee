import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform, TransformFnParams } from 'class-transformer';
import {
  IsBoolean,
  IsIn,
  IsObject,
  IsOptional,
  IsString,
  Length,
  MaxLength,
  ValidateBy,
  ValidationArguments,
} from 'class-validator';
import { PageQuery } from '../common/page.query';
import { parseCursor, Place } from './list-cursor';
import { Source, SOURCES } from './report';

const eitherOr = 'cursor and offset cannot be given together';
const resolvedValues = { message: 'resolved must be true or false' };

/**
 * Query parameters of the list. Of several rules for one parameter the lowest is checked first.
 */
export class ListErrorsQuery extends PageQuery {
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
    description:
      '`next_cursor` of an earlier answer with the same filters: goes on after it; not together with `offset`',
  })
  @IsOptional()
  @ValidateBy({
    name: 'noOffset',
    validator: { validate: (_, args) => !hasOffset(args), defaultMessage: () => eitherOr },
  })
  @IsObject({ message: 'cursor must be the next_cursor of an earlier answer' })
  @Transform(place)
  cursor?: Place;
}

function place({ value }: TransformFnParams): unknown {
  return (typeof value === 'string' && parseCursor(value)) || 'no place';
}

function hasOffset(args?: ValidationArguments): boolean {
  return (args?.object as ListErrorsQuery).offset > 0;
}

/** Stored text has neither lone surrogates nor NUL, and U+FFFF separates type and message in the search index. */
function wellFormed({ value }: TransformFnParams): unknown {
  return typeof value === 'string' ? value.toWellFormed().replace(/[\0\uFFFF]/g, '\uFFFD') : value;
}
