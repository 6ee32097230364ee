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
      'kept, and of each project as many that belong to no error. What comes before its event belongs to no error until ' +
      'the event is there: that is looked at after a second, and then less and less often for an hour.',
  })
  @ApiOkResponse({ type: FeedbackList })
  @ApiDocumentedErrors({ 400: 'error_id must be the id of an error' })
  async list(@Query(queryPipe) query: ListFeedbackQuery): Promise<FeedbackList> {
    const { error_id: errorId, project, attached, limit, offset } = query;
    return { ...(await this.feedback.list({ errorId, project, attached, limit, offset })), limit, offset };
  }
}
