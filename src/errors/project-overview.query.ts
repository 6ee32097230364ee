import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { PageQuery } from '../common/page.query';
import { RECENT_COUNTS, type RecentCounts } from './count-intervals';

/** Query parameters of the overview of projects. */
export class ProjectOverviewQuery extends PageQuery {
  @ApiPropertyOptional({
    enum: RECENT_COUNTS,
    default: '24h',
    description: 'the last 24 hours by the hour, or the last 14 times 24 hours',
  })
  @IsIn(RECENT_COUNTS, { message: `counts must be one of ${RECENT_COUNTS.join(', ')}` })
  counts: RecentCounts = '24h';
}
