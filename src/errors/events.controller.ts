import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { ApiDocumentedErrors } from '../common/api-errors';
import { queryPipe } from '../common/query-pipe';
import { ErrorsService } from './errors.service';
import { EventIdPipe } from './event-id.pipe';
import { EventAnswer } from './events.answers';
import { EventQuery } from './events.query';

@ApiTags('errors')
@Controller('api/events')
export class EventsController {
  constructor(private readonly errors: ErrorsService) {}

  @Get(':event_id')
  @ApiOperation({
    summary: 'Find the error of an event',
    description:
      'By the id that a Sentry SDK gave it. Ids are kept for 30 days, at most the newest million. Of several projects ' +
      'that have the id, `project` names one; without it, the event that came last is found, and `others` has the rest.',
  })
  @ApiParam({
    name: 'event_id',
    schema: { type: 'string', example: 'fc6d8c0c43fc4630ad850ee518f1b9d0' },
    description: '32 hex digits, or a UUID with dashes',
  })
  @ApiOkResponse({ type: EventAnswer })
  @ApiDocumentedErrors({
    400: 'event_id must be 32 hex digits or a UUID',
    404: 'There is no event fc6d8c0c43fc4630ad850ee518f1b9d0: ids are kept for 30 days, at most the newest million',
  })
  get(
    @Param('event_id', EventIdPipe) eventId: string,
    @Query(queryPipe) { project }: EventQuery,
  ): Promise<EventAnswer> {
    return this.errors.getEvent({ eventId, project });
  }
}
