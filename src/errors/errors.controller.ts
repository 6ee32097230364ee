import { Controller, Get, Header, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { ApiDocumentedErrors } from '../common/api-errors';
import { queryPipe } from '../common/query-pipe';
import { ErrorIdPipe } from './error-id.pipe';
import { ErrorList, ErrorWithOccurrences, ResolvedAnswer } from './errors.answers';
import { ErrorsService } from './errors.service';
import { toExactJson } from './exact-json';
import { ListErrors } from './list-errors';
import { ListErrorsQuery } from './list-errors.query';

@ApiTags('errors')
@Controller('api/errors')
export class ErrorsController {
  constructor(
    private readonly errors: ErrorsService,
    private readonly listErrors: ListErrors,
  ) {}

  @Get()
  @ApiOperation({
    summary: 'List errors',
    description: 'Newest `last_seen` first; all filters given must hold.',
  })
  @ApiOkResponse({ type: ErrorList })
  @ApiDocumentedErrors({ 400: 'limit must be a whole number from 1 to 200' })
  list(@Query(queryPipe) query: ListErrorsQuery): ErrorList {
    const { limit, offset, ...filter } = query;
    return this.listErrors.list(filter, limit, offset);
  }

  @Get(':id')
  @ApiOperation({ summary: 'Get an error with its newest occurrences' })
  @ApiParam({ name: 'id', example: 17, schema: { type: 'integer', minimum: 1 } })
  @ApiOkResponse({ type: ErrorWithOccurrences })
  @ApiDocumentedErrors({ 400: 'id must be a whole number', 404: 'There is no error 17' })
  @Header('Content-Type', 'application/json; charset=utf-8')
  async get(@Param('id', ErrorIdPipe) id: number): Promise<string> {
    return toExactJson(await this.errors.get(id));
  }

  @Post(':id/resolve')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Mark an error as resolved',
    description: 'Idempotent. The next report of the error opens it again.',
  })
  @ApiParam({ name: 'id', example: 17, schema: { type: 'integer', minimum: 1 } })
  @ApiOkResponse({ type: ResolvedAnswer })
  @ApiDocumentedErrors({ 400: 'id must be a whole number', 404: 'There is no error 17' })
  async resolve(@Param('id', ErrorIdPipe) id: number): Promise<ResolvedAnswer> {
    await this.errors.resolve(id);
    return { status: 'resolved' };
  }
}
