import { Module } from '@nestjs/common';
import { AppConfig } from '../config/app-config';
import { DatabaseReader } from './database-reader';
import { DatabaseSize } from './database-size';
import { DatabaseWriter } from './database-writer';
import { prepareDatabase } from './prepare-database';
import { PreparedDatabase } from './prepared-database';

@Module({
  providers: [
    {
      provide: PreparedDatabase,
      inject: [AppConfig],
      useFactory: prepareDatabase,
    },
    DatabaseReader,
    DatabaseSize,
    DatabaseWriter,
  ],
  exports: [PreparedDatabase, DatabaseReader, DatabaseSize, DatabaseWriter],
})
export class DatabaseModule {}
