import { Controller, Get, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { ApiDocumentedErrors } from '../common/api-errors';
import { LiveEvents } from './live-events';

const EXAMPLE = `event: hello
data: {"server_time":"2026-11-23T17:02:10.911Z"}

event: errors
data: {"changes":[{"id":17,"project":"shop","kind":"created"}],"more":false}

: still here

`;

@ApiTags('errors')
@Controller('api/events')
export class LiveEventsController {
  constructor(private readonly live: LiveEvents) {}

  @Get()
  @ApiOperation({
    summary: 'Hear of changes as they happen',
    description:
      'Server-sent events, until the client or the server ends it. The first is `hello`; from then on an event `errors` ' +
      'comes at most once a second with the last change of each error: `created`, `reopened`, `reported`, `resolved` or ' +
      '`deleted`. Of more than 200 it has the first 200 and `"more": true`. Every 20 seconds comes a comment. ' +
      'A client that does not read is cut off. Nothing is kept for those who are not connected: after connecting, read ' +
      'the list. What another process deletes (`error-tracker prune`) is not told. Only opening the stream counts ' +
      'towards the rate limit.',
  })
  @ApiOkResponse({
    description: 'the stream',
    content: { 'text/event-stream': { schema: { type: 'string' }, example: EXAMPLE } },
  })
  @ApiDocumentedErrors({ 503: '100 clients are listening already; try again in a few seconds' })
  async listen(@Res() response: Response): Promise<void> {
    await this.live.open(response);
  }
}
