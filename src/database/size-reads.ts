import type { SqlConnection } from './sql-connection';
import type { ThreadWork } from './thread-work';

/** What the thread for quick reads does to tell the size of a PostgreSQL database: answers with bytes. */
export function prepareReads(connection: SqlConnection): ThreadWork {
  const findBytes = async (): Promise<number> => {
    const row = await connection.get<{ bytes: number }>(
      'SELECT pg_database_size(current_database()) AS bytes',
    );
    return row?.bytes ?? 0;
  };
  return { answer: (requests) => Promise.all(requests.map(findBytes)) };
}
