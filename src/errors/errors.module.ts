import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AppConfig } from '../config/app-config';
import { DatabaseModule } from '../database/database.module';
import { SqliteConnection } from '../database/sqlite-connection';
import { ErrorCountsController } from './error-counts.controller';
import { ErrorCounts } from './error-counts.service';
import { ErrorGroup } from './error-group.entity';
import { ErrorLists } from './error-lists';
import { ErrorPruner } from './error-pruner';
import { ErrorTitles } from './error-titles';
import { ErrorTotals } from './error-totals';
import { ErrorsController } from './errors.controller';
import { ErrorsService } from './errors.service';
import { Occurrence } from './occurrence.entity';
import { ProjectOverviewController } from './project-overview.controller';
import { WriteQueue } from './write-queue';

@Module({
  imports: [DatabaseModule, TypeOrmModule.forFeature([ErrorGroup, Occurrence])],
  controllers: [ErrorsController, ErrorCountsController, ProjectOverviewController],
  providers: [
    ErrorsService,
    ErrorCounts,
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
  exports: [ErrorsService, ErrorTitles, ErrorTotals, WriteQueue, ErrorPruner],
})
export class ErrorsModule {}
