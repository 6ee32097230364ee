import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform, type TransformFnParams } from 'class-transformer';
import { IsDate, IsIn, IsOptional } from 'class-validator';
import { parseTime } from '../common/parse-time';

export const COUNT_INTERVALS = ['hour', 'day'] as const;
export type CountInterval = (typeof COUNT_INTERVALS)[number];

const timeOf = (name: string) => ({
  message: `${name} must be a time with Z or an offset, such as 2026-11-23T17:00:00Z`,
});

/** Query parameters of the counts of an error. */
export class ErrorCountsQuery {
  @ApiPropertyOptional({ enum: COUNT_INTERVALS, default: 'hour', description: 'days are those of UTC' })
  @IsIn(COUNT_INTERVALS, { message: `interval must be one of ${COUNT_INTERVALS.join(', ')}` })
  interval: CountInterval = 'hour';

  @ApiPropertyOptional({
    type: String,
    format: 'date-time',
    description:
      'where the first interval begins, or a time in it; by default 24 hours or 14 days before the end',
  })
  @IsOptional()
  @IsDate(timeOf('since'))
  @Transform(time)
  since?: Date;

  @ApiPropertyOptional({
    type: String,
    format: 'date-time',
    description: 'where the last interval ends, or a time in it; by default the current interval is the last',
  })
  @IsOptional()
  @IsDate(timeOf('until'))
  @Transform(time)
  until?: Date;
}

function time({ value }: TransformFnParams): unknown {
  return parseTime(value) ?? 'no time';
}
