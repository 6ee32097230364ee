import { applyDecorators } from '@nestjs/common';
import { Transform, type TransformFnParams } from 'class-transformer';
import { IsString, Length } from 'class-validator';
import { toStorable } from './storable-text';

/** For a query parameter that is compared with stored text, in which what no database takes was replaced. */
export function IsText(name: string, least: number, most: number): PropertyDecorator {
  const length = least > 0 ? `${least} to ${most}` : `at most ${most}`;
  return applyDecorators(
    IsString({ message: `${name} must be given once` }),
    Length(least, most, { message: `${name} must be ${length} characters long` }),
    Transform(({ value }: TransformFnParams): unknown =>
      typeof value === 'string' ? toStorable(value) : value,
    ),
  );
}
