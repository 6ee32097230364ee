import { DataSource } from 'typeorm';
import { POSTGRES_MIGRATIONS } from '../postgres-migrations/migrations';

/** Runs what has not been run yet, all in one transaction, on a connection that is closed afterwards. */
export async function migratePostgres(url: string): Promise<void> {
  const dataSource = new DataSource({
    type: 'postgres',
    url,
    applicationName: 'error-tracker migration',
    poolSize: 1,
    // It would ask for an extension that no table here needs.
    installExtensions: false,
    migrations: [...POSTGRES_MIGRATIONS],
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
