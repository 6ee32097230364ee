import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import { IsTime } from '../common/query-time';

export const COUNT_INTERVALS = ['hour', 'day'] as const;
export type CountInterval = (typeof COUNT_INTERVALS)[number];

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
  @IsTime('since')
  since?: Date;

  @ApiPropertyOptional({
    type: String,
    format: 'date-time',
    description: 'where the last interval ends, or a time in it; by default the current interval is the last',
  })
  @IsOptional()
  @IsTime('until')
  until?: Date;
}
