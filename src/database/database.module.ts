import { Inject, Logger, Module, OnApplicationShutdown } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource, DataSourceOptions } from 'typeorm';
import { AppConfig } from '../config/app-config';
import { DatabaseFileError } from './database-file-error';
import { DatabaseReader } from './database-reader';
import { DatabaseWriter } from './database-writer';
import { inspectDatabaseFile } from './inspect-database-file';
import { MIGRATIONS } from './migrations/migrations';
import { applyPragmas, INCREMENTAL, openSqliteConnection, SqliteConnection } from './sqlite-connection';

@Module({
  imports: [
    TypeOrmModule.forRootAsync({
      inject: [AppConfig],
      useFactory: (config: AppConfig) => {
        inspectDatabaseFile(
          config.databasePath,
          MIGRATIONS.map((migration) => migration.name),
        );
        return {
          type: 'better-sqlite3' as const,
          database: config.databasePath,
          prepareDatabase: applyPragmas,
          autoLoadEntities: true,
          migrations: [...MIGRATIONS],
          migrationsRun: true,
          migrationsTransactionMode: 'all' as const,
          // What fails is thrown and told by the caller; TypeORM would print it in a form of its own.
          logger: 'debug' as const,
          // A file that cannot be opened stays so: no use in trying again.
          toRetry: () => false,
        };
      },
      dataSourceFactory: openAndMigrate,
    }),
  ],
  providers: [
    {
      provide: SqliteConnection,
      // The DataSource comes first: it has migrated the file by the time it can be injected.
      inject: [AppConfig, DataSource],
      useFactory: (config: AppConfig) => {
        const connection = openSqliteConnection(config.databasePath);
        makeFreedPagesReturnable(connection);
        return connection;
      },
    },
    {
      provide: DatabaseWriter,
      // Only a migrated file may be opened by the threads.
      inject: [AppConfig, SqliteConnection],
      useFactory: (config: AppConfig) => new DatabaseWriter(config),
    },
    {
      provide: DatabaseReader,
      inject: [AppConfig, SqliteConnection],
      useFactory: (config: AppConfig) => new DatabaseReader(config),
    },
  ],
  exports: [SqliteConnection, DatabaseReader, DatabaseWriter],
})
export class DatabaseModule implements OnApplicationShutdown {
  constructor(@Inject(SqliteConnection) private readonly connection: SqliteConnection) {}

  onApplicationShutdown(): void {
    this.connection.close();
  }
}

async function openAndMigrate(options?: DataSourceOptions): Promise<DataSource> {
  if (!options) throw new Error('The database has no options');
  const dataSource = new DataSource(options);
  try {
    return await dataSource.initialize();
  } catch (error) {
    if (dataSource.isInitialized) await dataSource.destroy();
    const reason = error instanceof Error ? error.message : String(error);
    throw new DatabaseFileError(`${String(options.database)} cannot be opened or migrated: ${reason}`);
  }
}

/** Files made elsewhere keep freed pages for ever; rewriting them once lets retention give space back to the disk. */
function makeFreedPagesReturnable(connection: SqliteConnection): void {
  if (connection.pragma('auto_vacuum', { simple: true }) === INCREMENTAL) return;
  const logger = new Logger('Database');
  try {
    connection.pragma('auto_vacuum = INCREMENTAL');
    connection.exec('VACUUM');
    logger.log('Rewrote the database file once, so that space freed later goes back to the disk');
  } catch (error) {
    logger.warn(`Space freed in the database file will be reused but not given back: ${String(error)}`);
  }
}
