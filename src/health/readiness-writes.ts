import type { SqlConnection } from '../database/sql-connection';
import type { ThreadWork } from '../database/thread-work';

/** A lock that lasts longer makes the server unready; reports wait for it longer before they are refused. */
const LOCK_TIMEOUT_MS = 300;

/** What the writer thread does to show that it can write: answers with null, or with the reason why it cannot. */
export function prepareWrites(connection: SqlConnection): ThreadWork {
  // Thrown, the reason would refuse the reports that queued up behind, too, though their time is not over.
  const findObstacle = async (): Promise<string | null> => {
    try {
      await connection.tryToWrite(LOCK_TIMEOUT_MS);
      return null;
    } catch (error) {
      return (error as Error).message;
    }
  };
  return { answer: (requests) => Promise.all(requests.map(findObstacle)) };
}
