import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsInt, Max, Min } from 'class-validator';
import { wholeNumber } from '../common/page.query';
import { IsText } from '../common/query-text';
import { LONGEST_VALUE } from './tag-filter';

const limitRange = { message: 'limit must be a whole number from 1 to 200' };

/** Query parameters of the values of a tag. */
export class TagValuesQuery {
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 200, default: 100 })
  @IsInt(limitRange)
  @Min(1, limitRange)
  @Max(200, limitRange)
  @Transform(wholeNumber)
  limit: number = 100;

  @ApiPropertyOptional({ maxLength: LONGEST_VALUE, description: 'literal text that the values begin with' })
  @IsText('prefix', 0, LONGEST_VALUE)
  prefix: string = '';
}
