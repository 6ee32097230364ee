import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiDocumentedErrors } from '../common/api-errors';
import { queryPipe } from '../common/query-pipe';
import { ErrorLists } from './error-lists';
import { ProjectOverviewAnswer } from './project-overview.answers';
import { ProjectOverviewQuery } from './project-overview.query';

@ApiTags('projects')
@Controller('api/projects')
export class ProjectOverviewController {
  constructor(private readonly lists: ErrorLists) {}

  @Get('overview')
  @ApiOperation({
    summary: 'Show how the projects are doing',
    description:
      'Of each project: how many errors, how many reports lately, and the two errors to look at first.',
  })
  @ApiOkResponse({ type: ProjectOverviewAnswer })
  @ApiDocumentedErrors({ 400: 'counts must be one of 24h, 14d' })
  get(@Query(queryPipe) { counts, limit, offset }: ProjectOverviewQuery): Promise<ProjectOverviewAnswer> {
    return this.lists.overview({ counts, limit, offset });
  }
}
