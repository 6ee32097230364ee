import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform, type TransformFnParams } from 'class-transformer';
import { IsInt, Max, Min } from 'class-validator';

const limitRange = { message: 'limit must be a whole number from 1 to 200' };
const offsetRange = { message: 'offset must be a whole number of at least 0' };

/** Which part of a list is wanted. */
export class PageQuery {
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 200, default: 50 })
  @IsInt(limitRange)
  @Min(1, limitRange)
  @Max(200, limitRange)
  @Transform(wholeNumber)
  limit: number = 50;

  @ApiPropertyOptional({ type: 'integer', minimum: 0, default: 0 })
  @IsInt(offsetRange)
  @Min(0, offsetRange)
  @Max(Number.MAX_SAFE_INTEGER, offsetRange)
  @Transform(wholeNumber)
  offset: number = 0;
}

/** For `@Transform`: decimal digits only, else NaN, which no rule for numbers lets through. */
export function wholeNumber({ value }: TransformFnParams): unknown {
  return typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : NaN;
}
