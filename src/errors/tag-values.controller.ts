import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { ApiDocumentedErrors } from '../common/api-errors';
import { queryPipe } from '../common/query-pipe';
import { ErrorLists } from './error-lists';
import { LONGEST_NAME } from './tag-filter';
import { TagNamePipe } from './tag-name.pipe';
import { TagNamesAnswer, TagValuesAnswer } from './tag-values.answers';
import { TagValuesQuery } from './tag-values.query';

@ApiTags('errors')
@Controller('api/tags')
export class TagValuesController {
  constructor(private readonly lists: ErrorLists) {}

  @Get()
  @ApiOperation({
    summary: 'List the names of tags that errors can be found by',
    description:
      'Those that reports have had, at most 200, in the order of their characters: tags of clients, and `environment`, ' +
      '`level`, `release` and `user`.',
  })
  @ApiOkResponse({ type: TagNamesAnswer })
  @ApiDocumentedErrors({})
  listNames(): Promise<TagNamesAnswer> {
    return this.lists.listTagNames();
  }

  @Get(':name')
  @ApiOperation({
    summary: 'List the values of a tag',
    description: 'All that errors can be found by, each once, in the order of their characters.',
  })
  @ApiParam({ name: 'name', schema: { type: 'string', maxLength: LONGEST_NAME, example: 'environment' } })
  @ApiOkResponse({ type: TagValuesAnswer })
  @ApiDocumentedErrors({ 400: 'limit must be a whole number from 1 to 200' })
  listValues(
    @Param('name', TagNamePipe) name: string,
    @Query(queryPipe) { prefix, limit }: TagValuesQuery,
  ): Promise<TagValuesAnswer> {
    return this.lists.listTagValues({ name, prefix, limit });
  }
}
