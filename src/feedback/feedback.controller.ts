import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiDocumentedErrors } from '../common/api-errors';
import { queryPipe } from '../common/query-pipe';
import { FeedbackList } from './feedback.answers';
import { FeedbackService } from './feedback.service';
import { ListFeedbackQuery } from './list-feedback.query';

@ApiTags('errors')
@Controller('api/feedback')
export class FeedbackController {
  constructor(private readonly feedback: FeedbackService) {}

  @Get()
  @ApiOperation({
    summary: 'List what users said',
    description:
      'Newest first; all filters given must hold. Sentry SDKs send feedback: the newest thousand of each error are ' +
      'kept, and of each project as many that belong to no error.',
  })
  @ApiOkResponse({ type: FeedbackList })
  @ApiDocumentedErrors({ 400: 'error_id must be the id of an error' })
  async list(@Query(queryPipe) query: ListFeedbackQuery): Promise<FeedbackList> {
    const { error_id: errorId, project, limit, offset } = query;
    return { ...(await this.feedback.list({ errorId, project, limit, offset })), limit, offset };
  }
}
