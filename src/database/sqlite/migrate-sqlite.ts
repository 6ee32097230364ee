import { DataSource } from 'typeorm';
import { MIGRATIONS } from '../sqlite-migrations/migrations';
import { applyPragmas } from './sqlite-connection';

/** Runs what has not been run yet, all in one transaction, on a connection that is closed afterwards. */
export async function migrateSqlite(path: string): Promise<void> {
  const dataSource = new DataSource({
    type: 'better-sqlite3',
    database: path,
    prepareDatabase: applyPragmas,
    migrations: [...MIGRATIONS],
    // What fails is thrown and told by the caller; TypeORM would print it in a form of its own.
    logger: 'debug',
  });
  await dataSource.initialize();
  try {
    await dataSource.runMigrations({ transaction: 'all' });
  } finally {
    await dataSource.destroy();
  }
}
