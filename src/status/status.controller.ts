import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiDocumentedErrors } from '../common/api-errors';
import { StatusAnswer } from './status.answers';
import { StatusService } from './status.service';

@ApiTags('status')
@Controller('api/status')
export class StatusController {
  constructor(private readonly status: StatusService) {}

  @Get()
  @ApiOperation({
    summary: 'Tell what runs here, and with which settings',
    description: 'Secrets are never in the answer, only whether they are set.',
  })
  @ApiOkResponse({ type: StatusAnswer })
  @ApiDocumentedErrors({})
  get(): Promise<StatusAnswer> {
    return this.status.get();
  }
}
