import Database from 'better-sqlite3';
import { askPostgres } from './ask-postgres.mjs';

/**
 * Reads from a server's database past the server, on a connection of its own: one that stayed open would keep a killed
 * or stopped server's log in use.
 * @param location `databasePath` or `databaseUrl`
 */
export async function readStored({ databasePath, databaseUrl }, sql) {
  if (databaseUrl) return askPostgres(databaseUrl, sql);
  const database = new Database(databasePath, { readonly: true });
  try {
    return database.prepare(sql).all();
  } finally {
    database.close();
  }
}
