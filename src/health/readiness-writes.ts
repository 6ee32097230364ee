import type { ThreadWork } from '../database/thread-work';
import type { SqliteConnection } from '../database/sqlite-connection';

/** A lock that lasts longer makes the server unready; reports wait for it longer before they are refused. */
const LOCK_TIMEOUT_MS = 300;

/** What the writer thread does to show that it can write: answers with null, or with the reason why it cannot. */
export function prepareWrites(connection: SqliteConnection): ThreadWork {
  // The first page is written again as it is, and committed: only that shows that the disk takes what a report needs.
  const rewriteFirstPage = connection.transaction(() => {
    const version = connection.pragma('user_version', { simple: true }) as number;
    connection.pragma(`user_version = ${version}`);
  });
  // Thrown, the reason would refuse the reports that queued up behind, too, though their time is not over.
  const findObstacle = (): string | null => {
    const patienceMs = connection.pragma('busy_timeout', { simple: true }) as number;
    connection.pragma(`busy_timeout = ${LOCK_TIMEOUT_MS}`);
    try {
      rewriteFirstPage.immediate();
      return null;
    } catch (error) {
      return (error as Error).message;
    } finally {
      connection.pragma(`busy_timeout = ${patienceMs}`);
    }
  };
  return { answer: (requests) => requests.map(findObstacle) };
}
