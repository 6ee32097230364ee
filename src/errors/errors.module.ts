import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AppConfig } from '../config/app-config';
import { BodyReaderModule } from '../common/body-reader.module';
import { DatabaseModule } from '../database/database.module';
import { SqliteConnection } from '../database/sqlite-connection';
import { ErrorActions } from './error-actions';
import { ErrorActionsController } from './error-actions.controller';
import { ErrorChanges } from './error-changes';
import { ErrorCountsController } from './error-counts.controller';
import { ErrorCounts } from './error-counts.service';
import { ErrorGroup } from './error-group.entity';
import { ErrorLists } from './error-lists';
import { ErrorPruner } from './error-pruner';
import { ErrorTitles } from './error-titles';
import { ErrorTotals } from './error-totals';
import { ErrorsController } from './errors.controller';
import { ErrorsService } from './errors.service';
import { LiveEvents } from './live-events';
import { LiveEventsController } from './live-events.controller';
import { Occurrence } from './occurrence.entity';
import { ProjectOverviewController } from './project-overview.controller';
import { WriteQueue } from './write-queue';

@Module({
  imports: [BodyReaderModule, DatabaseModule, TypeOrmModule.forFeature([ErrorGroup, Occurrence])],
  controllers: [
    ErrorsController,
    ErrorActionsController,
    ErrorCountsController,
    LiveEventsController,
    ProjectOverviewController,
  ],
  providers: [
    ErrorsService,
    ErrorActions,
    ErrorChanges,
    ErrorCounts,
    LiveEvents,
    ErrorTitles,
    ErrorTotals,
    // Injecting the connection makes sure that the file is migrated before the thread opens it.
    {
      provide: ErrorLists,
      inject: [AppConfig, SqliteConnection],
      useFactory: (c: AppConfig) => new ErrorLists(c.databasePath),
    },
    WriteQueue,
    {
      provide: ErrorPruner,
      inject: [SqliteConnection],
      useFactory: (c: SqliteConnection) => new ErrorPruner(c),
    },
  ],
  exports: [ErrorChanges, ErrorsService, ErrorTitles, ErrorTotals, LiveEvents, WriteQueue, ErrorPruner],
})
export class ErrorsModule {}
