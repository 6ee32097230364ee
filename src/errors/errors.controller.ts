import { Controller, Get, Header, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { ApiDocumentedErrors } from '../common/api-errors';
import { queryPipe } from '../common/query-pipe';
import { ErrorIdPipe } from './error-id.pipe';
import { ErrorLists } from './error-lists';
import { ErrorList, ErrorWithOccurrences } from './errors.answers';
import { ErrorsService } from './errors.service';
import { ListErrorsQuery } from './list-errors.query';
import { gatherTags } from './tag-filter';

@ApiTags('errors')
@Controller('api/errors')
export class ErrorsController {
  constructor(
    private readonly errors: ErrorsService,
    private readonly lists: ErrorLists,
  ) {}

  @Get()
  @ApiOperation({
    summary: 'List errors',
    description:
      'By `last_seen`, newest first, or by `sort`; all filters given must hold. Page by `offset`, or by `cursor`, which ' +
      'neither skips nor repeats errors while new ones come in.',
  })
  @ApiOkResponse({ type: ErrorList })
  @ApiDocumentedErrors({ 400: 'limit must be a whole number from 1 to 200' })
  async list(@Query(queryPipe) query: ListErrorsQuery): Promise<ErrorList> {
    const { sort, limit, offset, cursor, counts, message_length: messageLength, ...filters } = query;
    const page = { sort, limit, offset, after: cursor ?? null, counts, messageLength };
    return this.lists.list(gatherTags(filters), page);
  }

  @Get(':id')
  @ApiOperation({ summary: 'Get an error with its newest occurrences' })
  @ApiParam({ name: 'id', schema: { type: 'integer', minimum: 1, example: 17 } })
  @ApiOkResponse({ type: ErrorWithOccurrences })
  @ApiDocumentedErrors({ 400: 'id must be a whole number', 404: 'There is no error 17' })
  @Header('Content-Type', 'application/json; charset=utf-8')
  get(@Param('id', ErrorIdPipe) id: number): Promise<string> {
    return this.errors.getJson(id);
  }
}
