import { Controller, Get, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { Registry } from 'prom-client';
import { AcceptsBearer } from '../auth/accepts-bearer';
import { ApiDocumentedErrors } from '../common/api-errors';

const EXAMPLE = `# HELP error_tracker_reports_total Reports that were answered, by outcome and HTTP status
# TYPE error_tracker_reports_total counter
error_tracker_reports_total{outcome="created",status="201"} 12
`;

@ApiTags('metrics')
@Controller('metrics')
export class MetricsController {
  constructor(private readonly registry: Registry) {}

  @Get()
  @AcceptsBearer()
  @ApiOperation({
    summary: 'Give figures to Prometheus',
    description:
      'In its text format; only there with `METRICS=true`. The key may also come as `Authorization: Bearer …`.',
  })
  @ApiOkResponse({
    description: 'the figures',
    content: { 'text/plain': { schema: { type: 'string' }, example: EXAMPLE } },
  })
  @ApiDocumentedErrors({})
  async get(@Res({ passthrough: true }) response: Response): Promise<string> {
    response.set('Content-Type', this.registry.contentType);
    return this.registry.metrics();
  }
}
