import { ApiProperty } from '@nestjs/swagger';
import { RECENT_COUNTS, type RecentCounts } from './count-intervals';
import { ErrorRow } from './errors.answers';

export class ProjectSummary {
  @ApiProperty({ example: 'shop' })
  project!: string;

  @ApiProperty({ example: 12, description: 'open errors' })
  open!: number;

  @ApiProperty({ example: 3, description: 'resolved errors' })
  resolved!: number;

  @ApiProperty({
    example: 345,
    description: 'how many came in the range, those of errors that were deleted since included',
  })
  reports!: number;

  @ApiProperty({ type: [Number], example: [0, 3, 0, 12], description: 'the same by interval, oldest first' })
  counts!: number[];

  @ApiProperty({
    type: ErrorRow,
    nullable: true,
    description: 'the open error that was first seen last, with the first 300 characters of its message',
  })
  newest!: ErrorRow | null;

  @ApiProperty({
    type: ErrorRow,
    nullable: true,
    description: 'the open error with most reports of all time, likewise',
  })
  most_frequent!: ErrorRow | null;
}

export class ProjectOverviewAnswer {
  @ApiProperty({ enum: RECENT_COUNTS })
  counts!: RecentCounts;

  @ApiProperty({ example: '2026-11-22T18:00:00.000Z', format: 'date-time' })
  since!: string;

  @ApiProperty({
    example: '2026-11-23T18:00:00.000Z',
    format: 'date-time',
    description: 'the end of the current hour',
  })
  until!: string;

  @ApiProperty({
    type: [ProjectSummary],
    description: 'those with most reports in the range first, then by name',
  })
  projects!: ProjectSummary[];

  @ApiProperty({ example: 27, description: 'how many projects there are in all' })
  total!: number;

  @ApiProperty({ example: 50 })
  limit!: number;

  @ApiProperty({ example: 0 })
  offset!: number;
}
