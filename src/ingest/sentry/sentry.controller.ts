import { applyDecorators, Controller, NotFoundException, Post, Req, Res } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation, ApiParam, ApiSecurity, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { ApiDocumentedErrors } from '../../common/api-errors';
import { Public } from '../../common/public';
import { SentryGate } from './sentry-gate';
import { EventAnswer } from './sentry.answers';

const EVENT = {
  event_id: 'fc6d8c0c43fc4630ad850ee518f1b9d0',
  platform: 'python',
  exception: { values: [{ type: 'ValueError', value: 'no such price' }] },
};

/**
 * The routes as Nest knows them, for the OpenAPI document and for unusual spellings of the path; `SentryGate` answers the
 * usual ones before Nest sees them, and these, too: key and limit are its part.
 */
@Public()
@ApiTags('Sentry SDKs')
@Controller('api/:project_id')
export class SentryController {
  constructor(private readonly gate: SentryGate) {}

  @Post('envelope')
  @DocumentedRoute(
    'Send an envelope',
    'What current Sentry SDKs send to `https://<ingest key>@host/<project id>`. The first event in it is stored; of other ' +
      'items the answer is 200, too, and the ledger counts them. An event whose id is known is not stored again. The key ' +
      'may also stand in `X-Sentry-Auth`, in `Authorization`, or in the `dsn` of the envelope.',
    'application/x-sentry-envelope',
    `{}\n{"type":"event"}\n${JSON.stringify(EVENT)}`,
  )
  envelope(@Req() request: Request, @Res() response: Response): Promise<void> {
    return this.answer(request, response);
  }

  @Post('store')
  @DocumentedRoute('Send an event', 'What older SDKs send: one event.', 'application/json', EVENT)
  store(@Req() request: Request, @Res() response: Response): Promise<void> {
    return this.answer(request, response);
  }

  @Post('security')
  @DocumentedRoute(
    'Send a report of a content security policy',
    'For `report-uri` of a policy: `https://host/api/<project id>/security/?sentry_key=<ingest key>`.',
    'application/csp-report',
    { 'csp-report': { 'effective-directive': 'img-src', 'blocked-uri': 'https://example.com/a.png' } },
  )
  security(@Req() request: Request, @Res() response: Response): Promise<void> {
    return this.answer(request, response);
  }

  private async answer(request: Request, response: Response): Promise<void> {
    if (!this.gate.takes(request)) throw new NotFoundException(`Cannot POST ${request.path}`);
    await this.gate.handle(request, response);
  }
}

function DocumentedRoute(
  summary: string,
  description: string,
  type: string,
  example: unknown,
): MethodDecorator {
  return applyDecorators(
    ApiOperation({ summary, description }),
    ApiParam({ name: 'project_id', schema: { type: 'integer', minimum: 1, example: 7 } }),
    ApiSecurity('sentry-key'),
    ApiBody({
      schema: { type: typeof example === 'string' ? 'string' : 'object', example },
      description: `usually ${type}; the Content-Type is not looked at; the body may be compressed with gzip, deflate or br`,
    }),
    ApiOkResponse({ type: EventAnswer, description: 'what is kept of it is on disk' }),
    ApiDocumentedErrors({
      400: 'The event is not valid JSON',
      401: 'missing authorization information',
      403: 'The key is unknown or revoked',
      413: 'The event must be at most 1048576 bytes',
      415: 'The Content-Encoding must be gzip, deflate, br or identity',
    }),
  );
}
