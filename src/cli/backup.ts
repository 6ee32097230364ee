import { resolve } from 'node:path';
import { loadConfig } from '../config/load-config';
import { backUpDatabase } from '../database/sqlite/back-up-database';
import { UnusableDatabaseError } from '../database/unusable-database-error';
import { showProgress } from './show-progress';
import { withoutApiKey } from './without-api-key';

/**
 * Copies the database of `DATABASE_PATH`, also beside a running server, and says how to restore the copy.
 * @returns exit code 0
 * @throws UnusableDatabaseError when the copy cannot be made
 */
export async function backup(env: NodeJS.ProcessEnv, file: string): Promise<number> {
  const { databasePath, databaseUrl } = loadConfig(withoutApiKey(env));
  if (databaseUrl !== undefined) {
    throw new UnusableDatabaseError(
      'backup copies a SQLite file, and DATABASE_URL names a PostgreSQL database: pg_dump copies that',
    );
  }
  const target = resolve(file);
  const { bytes, errors } = await backUpDatabase(databasePath, target, showProgress('copied'));
  process.stdout.write(
    `Backed up ${errors} errors (${(bytes / 1024 / 1024).toFixed(1)} MB) to ${target}; the copy was checked.\n` +
      'To restore it: stop the server, remove the -wal and -shm files beside the database,\n' +
      `copy ${target} to ${resolve(databasePath)}, start the server.\n`,
  );
  return 0;
}
