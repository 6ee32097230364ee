import { Module } from '@nestjs/common';
import { AppConfig } from '../config/app-config';
import { DatabaseFile, prepareDatabaseFile } from './database-file';
import { DatabaseReader } from './database-reader';
import { DatabaseWriter } from './database-writer';

@Module({
  providers: [
    {
      provide: DatabaseFile,
      inject: [AppConfig],
      useFactory: (config: AppConfig) => prepareDatabaseFile(config.databasePath),
    },
    DatabaseReader,
    DatabaseWriter,
  ],
  exports: [DatabaseFile, DatabaseReader, DatabaseWriter],
})
export class DatabaseModule {}
