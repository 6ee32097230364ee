import { Logger } from '@nestjs/common';
import { DatabaseFileError } from './database-file-error';
import { inspectDatabaseFile } from './inspect-database-file';
import { MIGRATIONS } from './migrations/migrations';
import { INCREMENTAL, openSqliteConnection, type SqliteConnection } from './sqlite-connection';

/** The database file with the schema of this version: whoever is given one may open it. */
export class DatabaseFile {
  constructor(
    readonly path: string,
    readonly sqliteVersion: string,
  ) {}
}

/**
 * Makes a database file ready to be opened by the threads: makes or checks it, and migrates it.
 * @throws DatabaseFileError saying what is wrong with the file
 */
export async function prepareDatabaseFile(path: string): Promise<DatabaseFile> {
  const names = MIGRATIONS.map(({ name }) => name);
  const applied = inspectDatabaseFile(path, names);
  try {
    if (names.some((name) => !applied.includes(name))) await migrate(path);
    return finish(path);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DatabaseFileError(`${path} cannot be opened or migrated: ${reason}`);
  }
}

/** TypeORM takes a tenth of a second and 25 MB, which a file that has all migrations does not need. */
async function migrate(path: string): Promise<void> {
  const { runMigrations } = await import('./run-migrations');
  await runMigrations(path);
}

function finish(path: string): DatabaseFile {
  const connection = openSqliteConnection(path);
  try {
    makeFreedPagesReturnable(connection);
    const version = connection.prepare<[], string>('SELECT sqlite_version()').pluck().get() as string;
    return new DatabaseFile(path, version);
  } finally {
    connection.close();
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
