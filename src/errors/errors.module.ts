import { Module } from '@nestjs/common';
import { BodyReaderModule } from '../common/body-reader.module';
import { DatabaseModule } from '../database/database.module';
import { ErrorActions } from './error-actions';
import { ErrorActionsController } from './error-actions.controller';
import { ErrorChanges } from './error-changes';
import { ErrorCountsController } from './error-counts.controller';
import { ErrorCounts } from './error-counts.service';
import { ErrorLists } from './error-lists';
import { ErrorsController } from './errors.controller';
import { ErrorsService } from './errors.service';
import { EventIdLimit } from './event-id-limit';
import { EventsController } from './events.controller';
import { LiveEvents } from './live-events';
import { LiveEventsController } from './live-events.controller';
import { ProjectOverviewController } from './project-overview.controller';
import { TagValuesController } from './tag-values.controller';
import { WriteQueue } from './write-queue';

@Module({
  imports: [BodyReaderModule, DatabaseModule],
  controllers: [
    ErrorsController,
    ErrorActionsController,
    ErrorCountsController,
    EventsController,
    LiveEventsController,
    ProjectOverviewController,
    TagValuesController,
  ],
  providers: [
    ErrorsService,
    ErrorActions,
    ErrorChanges,
    ErrorCounts,
    EventIdLimit,
    LiveEvents,
    ErrorLists,
    WriteQueue,
  ],
  exports: [ErrorChanges, ErrorsService, LiveEvents, WriteQueue],
})
export class ErrorsModule {}
