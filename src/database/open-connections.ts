import type { DatabaseLocation } from './prepared-database';
import type { ConnectionUse, SqlConnection } from './sql-connection';

/**
 * Opens the connections of a thread. When one is lost, the others are tried: those that nobody uses would not notice that
 * the server has gone away.
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
  const connections = Array.from({ length: most }, () => new PostgresConnection(location.url, use));
  for (const connection of connections) {
    connection.onObstacle(() => {
      if (connection.obstacle === null) return;
      for (const other of connections) void other.verify();
    });
  }
  return connections;
}
