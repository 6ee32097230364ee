import type { DatabaseLocation } from './prepared-database';
import type { ConnectionUse, SqlConnection } from './sql-connection';

/**
 * Opens the connections of a thread.
 * @param most so many at the most: SQLite answers at once, and has no use for a second one
 */
export async function openConnections(
  location: DatabaseLocation,
  use: ConnectionUse,
  most: number,
): Promise<SqlConnection[]> {
  // Each thread loads the driver of its own database only.
  if (location.kind === 'sqlite') {
    const { openSqliteConnection } = await import('./sqlite/sqlite-connection');
    return [openSqliteConnection(location.path, use)];
  }
  const { PostgresConnection } = await import('./postgres/postgres-connection');
  return Array.from({ length: most }, () => new PostgresConnection(location.url, use));
}
