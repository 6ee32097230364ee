import { Controller, HttpCode, Post, ServiceUnavailableException } from '@nestjs/common';
import { ApiOperation, ApiProperty, ApiResponse, ApiTags } from '@nestjs/swagger';
import { ApiDocumentedErrors } from '../common/api-errors';
import { TestAlert } from './test-alert';

class TestAlertAnswer {
  @ApiProperty({ enum: ['test alert dispatched'] })
  status!: 'test alert dispatched';

  @ApiProperty({ example: 'Check service logs for SMTP transaction result' })
  detail!: string;
}

@ApiTags('alerts')
@Controller('api/test-alert')
export class AlertsController {
  constructor(private readonly testAlert: TestAlert) {}

  @Post()
  @HttpCode(202)
  @ApiOperation({
    summary: 'Send a test mail to every address of ALERT_EMAILS',
    description: 'Answers at once; the log says what the mail server made of it.',
  })
  @ApiResponse({ status: 202, type: TestAlertAnswer, description: 'the mails are on their way' })
  @ApiDocumentedErrors({ 503: 'SMTP not configured: SMTP_HOST is not set' })
  dispatch(): TestAlertAnswer {
    const missing = this.testAlert.findMissingSetting();
    if (missing) throw new ServiceUnavailableException(`SMTP not configured: ${missing} is not set`);
    this.testAlert.dispatch();
    return { status: 'test alert dispatched', detail: 'Check service logs for SMTP transaction result' };
  }
}
