import { Module } from '@nestjs/common';
import { AppConfig } from '../config/app-config';
import { DatabaseReader } from './database-reader';
import { DatabaseSize } from './database-size';
import { DatabaseWriter } from './database-writer';
import { prepareDatabase } from './prepare-database';
import { PreparedDatabase } from './prepared-database';
import { LoneReplica, Replicas } from './replicas';

@Module({
  providers: [
    {
      provide: PreparedDatabase,
      inject: [AppConfig],
      useFactory: prepareDatabase,
    },
    {
      provide: Replicas,
      inject: [PreparedDatabase],
      useFactory: openReplicas,
    },
    DatabaseReader,
    DatabaseSize,
    DatabaseWriter,
  ],
  exports: [PreparedDatabase, DatabaseReader, DatabaseSize, DatabaseWriter, Replicas],
})
export class DatabaseModule {}

/** The driver of PostgreSQL is loaded only where there is one. */
async function openReplicas({ location }: PreparedDatabase): Promise<Replicas> {
  if (location.kind === 'sqlite') return new LoneReplica();
  const { PostgresReplicas } = await import('./postgres/postgres-replicas');
  return new PostgresReplicas(location.url);
}
