import { ApiProperty } from '@nestjs/swagger';
import { COUNT_INTERVALS, type CountInterval } from './error-counts.query';

export class ErrorCountsAnswer {
  @ApiProperty({ enum: COUNT_INTERVALS, example: 'hour' })
  interval!: CountInterval;

  @ApiProperty({
    example: '2026-11-22T18:00:00.000Z',
    format: 'date-time',
    description: 'where the first begins',
  })
  since!: string;

  @ApiProperty({
    example: '2026-11-22T22:00:00.000Z',
    format: 'date-time',
    description: 'where the last ends',
  })
  until!: string;

  @ApiProperty({
    type: [Number],
    example: [0, 3, 0, 12],
    description: 'reports in each interval, oldest first',
  })
  counts!: number[];
}
