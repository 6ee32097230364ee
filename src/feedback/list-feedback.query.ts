import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform, type TransformFnParams } from 'class-transformer';
import { IsBoolean, IsInt, IsOptional, IsString, Length, Max, Min } from 'class-validator';
import { PageQuery, wholeNumber } from '../common/page.query';
import { toStorable } from '../common/storable-text';

const errorId = { message: 'error_id must be the id of an error' };

/** Query parameters of the list of feedback. */
export class ListFeedbackQuery extends PageQuery {
  @ApiPropertyOptional({ type: 'integer', minimum: 1, example: 17, description: 'only about this error' })
  @IsOptional()
  @IsInt(errorId)
  @Min(1, errorId)
  @Max(Number.MAX_SAFE_INTEGER, errorId)
  @Transform((params: TransformFnParams) => (params.value === undefined ? undefined : wholeNumber(params)))
  error_id?: number;

  @ApiPropertyOptional({ minLength: 1, maxLength: 100, description: 'only of this project, such as `shop`' })
  @IsOptional()
  @Length(1, 100, { message: 'project must be 1 to 100 characters long' })
  @IsString({ message: 'project must be given once' })
  @Transform(({ value }: TransformFnParams): unknown =>
    typeof value === 'string' ? toStorable(value) : value,
  )
  project?: string;

  @ApiPropertyOptional({
    type: Boolean,
    description: 'only what belongs to an error, or only what belongs to none',
  })
  @IsOptional()
  @IsBoolean({ message: 'attached must be true or false' })
  @Transform(
    ({ value }: TransformFnParams): unknown => ({ true: true, false: false })[String(value)] ?? String(value),
  )
  attached?: boolean;
}
