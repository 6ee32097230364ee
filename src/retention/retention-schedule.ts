import { BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { Cron, CronExpression, Timeout } from '@nestjs/schedule';
import { RetentionService } from './retention.service';

const AFTER_START_MS = 5_000;

/** Runs retention every 24 hours, and shortly after start for servers that never run that long. */
@Injectable()
export class RetentionSchedule implements BeforeApplicationShutdown {
  private readonly logger = new Logger('Retention');

  constructor(private readonly retention: RetentionService) {}

  @Cron(CronExpression.EVERY_DAY_AT_3AM)
  runDaily(): Promise<void> {
    return this.run();
  }

  // A method of its own: of two schedule decorators on one method, Nest keeps only one.
  @Timeout(AFTER_START_MS)
  runAfterStart(): Promise<void> {
    return this.run();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.retention.stop();
  }

  private async run(): Promise<void> {
    try {
      await this.retention.prune();
    } catch (error) {
      this.logger.warn(`Retention stopped and will try again tomorrow: ${String(error)}`);
    }
  }
}
