import { Module } from '@nestjs/common';
import { DatabaseModule } from '../database/database.module';
import { ErrorsModule } from '../errors/errors.module';
import { RetentionSchedule } from './retention-schedule';
import { RetentionService } from './retention.service';

/** `RetentionSchedule` sleeps unless the application imports Nest's `ScheduleModule`; the command line does not. */
@Module({
  imports: [DatabaseModule, ErrorsModule],
  providers: [RetentionService, RetentionSchedule],
  exports: [RetentionService],
})
export class RetentionModule {}
