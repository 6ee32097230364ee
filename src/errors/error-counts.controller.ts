import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { ApiDocumentedErrors } from '../common/api-errors';
import { queryPipe } from '../common/query-pipe';
import { ErrorCountsAnswer } from './error-counts.answers';
import { ErrorCountsQuery } from './error-counts.query';
import { ErrorCounts } from './error-counts.service';
import { ErrorIdPipe } from './error-id.pipe';

@ApiTags('errors')
@Controller('api/errors')
export class ErrorCountsController {
  constructor(private readonly errorCounts: ErrorCounts) {}

  @Get(':id/counts')
  @ApiOperation({
    summary: 'Count the reports of an error by the hour or by the day',
    description:
      '`since` and `until` are widened to whole intervals, of which there can be 2,400. Reports that a database of the ' +
      'original system brought along are in `count` alone.',
  })
  @ApiParam({ name: 'id', schema: { type: 'integer', minimum: 1, example: 17 } })
  @ApiOkResponse({ type: ErrorCountsAnswer })
  @ApiDocumentedErrors({
    400: 'since must be a time with Z or an offset, such as 2026-11-23T17:00:00Z',
    404: 'There is no error 17',
  })
  get(
    @Param('id', ErrorIdPipe) id: number,
    @Query(queryPipe) query: ErrorCountsQuery,
  ): Promise<ErrorCountsAnswer> {
    return this.errorCounts.get(id, query, new Date());
  }
}
