import type { AppConfig } from '../config/app-config';
import type { PreparedDatabase } from './prepared-database';

/**
 * Makes the database of the settings ready for the threads: makes or checks it, and migrates it.
 * @throws UnusableDatabaseError saying what is wrong with it
 */
export async function prepareDatabase({ databaseUrl, databasePath }: AppConfig): Promise<PreparedDatabase> {
  if (databaseUrl !== undefined) {
    const { preparePostgres } = await import('./postgres/prepare-postgres');
    return preparePostgres(databaseUrl);
  }
  const { prepareSqlite } = await import('./sqlite/prepare-sqlite');
  return prepareSqlite(databasePath);
}
