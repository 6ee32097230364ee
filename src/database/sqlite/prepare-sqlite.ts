import { Logger } from '@nestjs/common';
import { resolve } from 'node:path';
import type { Database } from 'better-sqlite3';
import { PreparedDatabase } from '../prepared-database';
import { UnusableDatabaseError } from '../unusable-database-error';
import { inspectSqliteFile } from './inspect-sqlite-file';
import { MIGRATIONS } from '../sqlite-migrations/migrations';
import { INCREMENTAL, openSqliteFile } from './sqlite-connection';

/**
 * Makes a database file ready to be opened by the threads: makes or checks it, and migrates it.
 * @throws UnusableDatabaseError saying what is wrong with the file
 */
export async function prepareSqlite(path: string): Promise<PreparedDatabase> {
  const names = MIGRATIONS.map(({ name }) => name);
  const applied = inspectSqliteFile(path, names);
  try {
    if (names.some((name) => !applied.includes(name))) await migrate(path);
    return finish(path);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UnusableDatabaseError(`${path} cannot be opened or migrated: ${reason}`);
  }
}

/** TypeORM takes a tenth of a second and 25 MB, which a file that has all migrations does not need. */
async function migrate(path: string): Promise<void> {
  const { migrateSqlite } = await import('./migrate-sqlite');
  await migrateSqlite(path);
}

function finish(path: string): PreparedDatabase {
  const connection = openSqliteFile(path);
  try {
    makeFreedPagesReturnable(connection);
    const version = connection.prepare<[], string>('SELECT sqlite_version()').pluck().get() as string;
    return new PreparedDatabase({ kind: 'sqlite', path }, resolve(path), version);
  } finally {
    connection.close();
  }
}

/** Files made elsewhere keep freed pages for ever; rewriting them once lets retention give space back to the disk. */
function makeFreedPagesReturnable(connection: Database): void {
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
