import { BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { Cron, CronExpression, Timeout } from '@nestjs/schedule';
import { Replicas } from '../database/replicas';
import { RetentionService } from './retention.service';

const AFTER_START_MS = 5_000;

/**
 * Runs retention every 24 hours, and shortly after start for servers that never run that long; of several replicas one at
 * a time does it.
 */
@Injectable()
export class RetentionSchedule implements BeforeApplicationShutdown {
  private readonly logger = new Logger('Retention');

  constructor(
    private readonly retention: RetentionService,
    private readonly replicas: Replicas,
  ) {}

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
      await this.replicas.onlyOne('retention', () => this.retention.prune());
    } catch (error) {
      this.logger.warn(`Retention stopped and will try again tomorrow: ${String(error)}`);
    }
  }
}
