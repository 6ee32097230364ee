import { Module } from '@nestjs/common';
import { DatabaseModule } from '../database/database.module';
import { ErrorsModule } from '../errors/errors.module';
import { FeedbackModule } from '../feedback/feedback.module';
import { RetentionSchedule } from './retention-schedule';
import { RetentionService } from './retention.service';

/** `RetentionSchedule` sleeps unless the application imports Nest's `ScheduleModule`; the command line does not. */
@Module({
  imports: [DatabaseModule, ErrorsModule, FeedbackModule],
  providers: [RetentionService, RetentionSchedule],
  exports: [RetentionService],
})
export class RetentionModule {}
