import { Controller, Post, Req, Res } from '@nestjs/common';
import { ApiBody, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { ApiDocumentedErrors } from '../common/api-errors';
import { IngestService } from './ingest.service';
import { CreatedAnswer, ExistingAnswer, ReportBody } from './report.answers';

/**
 * The route as Nest knows it, for the OpenAPI document and for unusual spellings of the path (`/API/errors`);
 * `IngestGate` answers the usual one before Nest sees it.
 */
@ApiTags('errors')
@Controller('api/errors')
export class ReportController {
  constructor(private readonly ingest: IngestService) {}

  @Post()
  @ApiOperation({
    summary: 'Report an error',
    description:
      'A 2xx answer means that the report is on disk. The body may be compressed (`Content-Encoding: gzip`).',
  })
  @ApiBody({ type: ReportBody })
  @ApiCreatedResponse({ type: CreatedAnswer, description: 'the first report of a new error' })
  @ApiOkResponse({ type: ExistingAnswer, description: 'one more report of a known error' })
  @ApiDocumentedErrors({
    400: 'project must be a string',
    413: 'The body must be at most 262144 bytes (256 KiB)',
    415: 'The Content-Type must be application/json',
  })
  async report(
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<CreatedAnswer | ExistingAnswer> {
    const { status, body } = await this.ingest.take(request);
    response.status(status);
    return body;
  }
}
