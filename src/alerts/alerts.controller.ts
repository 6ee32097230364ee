import { Controller, Get, HttpCode, Post, Query, ServiceUnavailableException } from '@nestjs/common';
import {
  ApiExtraModels,
  ApiOkResponse,
  ApiOperation,
  ApiProperty,
  ApiResponse,
  ApiTags,
} from '@nestjs/swagger';
import { ApiDocumentedErrors } from '../common/api-errors';
import { queryPipe } from '../common/query-pipe';
import { AlertChannels } from './alert-channels';
import { AlertStatusService } from './alert-status.service';
import { AlertsService } from './alerts.service';
import { AlertStatus, DeliveryList } from './deliveries.answers';
import { DeliveryReader } from './delivery-reader';
import { ListDeliveriesQuery } from './list-deliveries.query';
import { WebhookBody } from './webhook/webhook-body';

class TestAlertAnswer {
  @ApiProperty({ enum: ['test alert dispatched'] })
  status!: 'test alert dispatched';

  @ApiProperty({ example: 'Check service logs for SMTP transaction result' })
  detail!: string;
}

// What webhooks get is documented though no route answers with it.
@ApiExtraModels(WebhookBody)
@ApiTags('alerts')
@Controller('api')
export class AlertsController {
  constructor(
    private readonly alerts: AlertsService,
    private readonly alertStatus: AlertStatusService,
    private readonly channels: AlertChannels,
    private readonly reader: DeliveryReader,
  ) {}

  @Post('test-alert')
  @HttpCode(202)
  @ApiOperation({
    summary: 'Send a test alert to every address of ALERT_EMAILS and every webhook',
    description:
      'Answers at once; the log and the deliveries of kind `test` say what became of each. Webhooks that are no chat ' +
      'service get a `WebhookBody`.',
  })
  @ApiResponse({ status: 202, type: TestAlertAnswer, description: 'the alerts are on their way' })
  @ApiDocumentedErrors({ 503: 'SMTP not configured: SMTP_HOST is not set' })
  async dispatchTest(): Promise<TestAlertAnswer> {
    if (!this.channels.areConfigured) {
      const missing = this.channels.missingSetting('mail');
      throw new ServiceUnavailableException(`SMTP not configured: ${missing} is not set`);
    }
    await this.alerts.sendTest();
    return { status: 'test alert dispatched', detail: 'Check service logs for SMTP transaction result' };
  }

  @Get('alerts/deliveries')
  @ApiOperation({
    summary: 'List what became of alerts',
    description:
      'Newest first; all filters given must hold. Of every alert there is one delivery to each recipient.',
  })
  @ApiOkResponse({ type: DeliveryList })
  @ApiDocumentedErrors({ 400: 'limit must be a whole number from 1 to 200' })
  async list(@Query(queryPipe) { limit, offset, ...filter }: ListDeliveriesQuery): Promise<DeliveryList> {
    return { ...(await this.reader.ask({ kind: 'list', filter, limit, offset })), limit, offset };
  }

  @Get('alerts/status')
  @ApiOperation({ summary: 'Tell whether alerts are configured and arrive' })
  @ApiOkResponse({ type: AlertStatus })
  @ApiDocumentedErrors({})
  status(): Promise<AlertStatus> {
    return this.alertStatus.get();
  }
}
