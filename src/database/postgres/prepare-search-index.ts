import { Logger } from '@nestjs/common';
import type { Client } from 'pg';

/**
 * Makes the index by which texts are found, as soon as PostgreSQL has what it takes: the extension `pg_trgm`. Without
 * it a search reads every text.
 */
export async function prepareSearchIndex(client: Client): Promise<void> {
  const { rows } = await client.query("SELECT to_regclass('error_search_by_trigram') AS oid");
  if ((rows[0] as { oid: unknown }).oid !== null) return;
  try {
    await client.query('CREATE EXTENSION IF NOT EXISTS pg_trgm');
    await client.query('CREATE INDEX error_search_by_trigram ON error_search USING gin (text gin_trgm_ops)');
  } catch (error) {
    new Logger('Database').warn(
      `Searching reads the text of every error, which is slow when there are many: ${(error as Error).message}. ` +
        'Install the extension pg_trgm (it comes with postgresql-contrib), have a superuser run ' +
        'CREATE EXTENSION pg_trgm in this database, and start again',
    );
  }
}
