import { Injectable, Logger } from '@nestjs/common';
import { Cron, CronExpression } from '@nestjs/schedule';
import { AppConfig } from '../config/app-config';
import { DeliveryWriter } from './delivery-writer';

const DAY_MS = 86_400_000;

/** Deliveries are forgotten after `RETENTION_DAYS`, also of errors that are never resolved. */
@Injectable()
export class ForgetDeliveries {
  private readonly logger = new Logger('Alerts');

  constructor(
    private readonly config: AppConfig,
    private readonly writer: DeliveryWriter,
  ) {}

  @Cron(CronExpression.EVERY_HOUR)
  async run(): Promise<void> {
    const before = new Date(Date.now() - this.config.retentionDays * DAY_MS);
    try {
      while ((await this.writer.ask({ kind: 'forget', before })) > 0);
    } catch (error) {
      this.logger.warn(`Old deliveries will be forgotten in an hour: ${String(error)}`);
    }
  }
}
