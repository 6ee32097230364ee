import { parentPort, workerData } from 'node:worker_threads';
import type { ThreadAnswer, ThreadRequest } from './database-thread';
import { openSqliteConnection, SqliteConnection } from './sqlite-connection';

/**
 * The thread's side of `DatabaseThread`: opens a connection and answers one message after the other.
 * @param prepare makes the function that answers, from the thread's connection
 */
export function serveDatabaseThread(
  prepare: (connection: SqliteConnection) => (message: unknown) => unknown,
): void {
  const port = parentPort;
  if (!port) throw new Error('This module runs in a worker thread only');
  const connection = open(workerData as string);
  const answer = prepare(connection);

  port.on('message', (request: ThreadRequest<unknown> | null) => {
    if (request === null) {
      connection.close();
      port.close();
      return;
    }
    port.postMessage(toAnswer(request, answer));
  });
}

/** A SqliteError that ends a thread arrives on the other side without its text. */
function open(path: string): SqliteConnection {
  try {
    return openSqliteConnection(path);
  } catch (error) {
    throw new Error((error as Error).message, { cause: error });
  }
}

function toAnswer(
  { id, message }: ThreadRequest<unknown>,
  answer: (message: unknown) => unknown,
): ThreadAnswer<unknown> {
  try {
    return { id, result: answer(message) };
  } catch (error) {
    const { message: text, code } = error as NodeJS.ErrnoException;
    return { id, error: { message: text, code } };
  }
}
