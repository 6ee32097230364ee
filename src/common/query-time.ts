import { applyDecorators } from '@nestjs/common';
import { Transform, type TransformFnParams } from 'class-transformer';
import { IsDate } from 'class-validator';
import { parseTime } from './parse-time';

/** For a query parameter that is a time, ISO 8601 with `Z` or an offset; it becomes a `Date`. */
export function IsTime(name: string): PropertyDecorator {
  const message = `${name} must be a time with Z or an offset, such as 2026-11-23T17:00:00Z`;
  return applyDecorators(
    IsDate({ message }),
    Transform(({ value }: TransformFnParams): unknown => parseTime(value) ?? 'no time'),
  );
}
