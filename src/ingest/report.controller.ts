import { Controller, Post, Req, Res } from '@nestjs/common';
import {
  ApiBody,
  ApiCreatedResponse,
  ApiOkResponse,
  ApiOperation,
  ApiSecurity,
  ApiTags,
} from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { ApiDocumentedErrors } from '../common/api-errors';
import { Public } from '../common/public';
import { IngestGate } from './ingest-gate';
import { CreatedAnswer, ExistingAnswer, ReportBody } from './report.answers';

/**
 * The route as Nest knows it, for the OpenAPI document and for unusual spellings of the path (`/API/errors`);
 * `IngestGate` answers the usual one before Nest sees it, and these, too: key and limit are its part.
 */
@Public()
@ApiTags('errors')
@Controller('api/errors')
export class ReportController {
  constructor(private readonly gate: IngestGate) {}

  @Post()
  @ApiOperation({
    summary: 'Report an error',
    description:
      'A 2xx answer means that the report is on disk. The body may be compressed (`Content-Encoding: gzip`).\n\n' +
      'Instead of the API key an **ingest key** will do, in `X-Ingest-Key` or as `?key=`, for its own project. Browsers ' +
      'may send it from the allowed origins of the project. With `?key=` the body may also be called `text/plain`, as ' +
      '`navigator.sendBeacon` does.',
  })
  @ApiSecurity('key')
  @ApiSecurity('ingest-key')
  @ApiSecurity('ingest-key-in-address')
  @ApiBody({ type: ReportBody })
  @ApiCreatedResponse({ type: CreatedAnswer, description: 'the first report of a new error' })
  @ApiOkResponse({ type: ExistingAnswer, description: 'one more report of a known error' })
  @ApiDocumentedErrors({
    400: 'project must be a string',
    403: 'The ingest key is for the project shop, and the report names the project billing',
    413: 'The body must be at most 262144 bytes (256 KiB)',
    415: 'The Content-Type must be application/json',
  })
  report(@Req() request: Request, @Res() response: Response): Promise<void> {
    return this.gate.handle(request, response);
  }
}
