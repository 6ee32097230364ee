import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiDocumentedErrors } from '../common/api-errors';
import { queryPipe } from '../common/query-pipe';
import { LedgerAnswer, LedgerQuery, toEntryAnswer } from './ledger.answers';
import { LedgerEntries } from './ledger-entries';

@ApiTags('projects')
@Controller('api/ledger')
export class LedgerController {
  constructor(private readonly entries: LedgerEntries) {}

  @Get()
  @ApiOperation({
    summary: 'List what was refused, cut, left out or lost',
    description:
      'Of the last 30 days, newest first: of each project and reason the ten that happened last, and one for all that came without a key in force. Without `project_id` ' +
      'the newest of all, those without a project included. It is written about a second after it happened.',
  })
  @ApiOkResponse({ type: LedgerAnswer })
  @ApiDocumentedErrors({
    400: 'project_id must be a whole number of at least 0',
    404: 'There is no project 7',
  })
  async list(@Query(queryPipe) { project_id: projectId, limit }: LedgerQuery): Promise<LedgerAnswer> {
    return { entries: (await this.entries.list(projectId ?? null, limit)).map(toEntryAnswer) };
  }
}
