import { MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { isDatabaseUnavailable } from '../common/unavailable';
import type { ThreadAnswer, ThreadRequest } from './database-thread';
import { openSqliteConnection, SqliteConnection } from './sqlite-connection';

/** How a thread answers messages. */
export interface ThreadWork {
  /** How many of the first of these are answered together: one at a time without it. */
  countTogether?(messages: readonly unknown[]): number;
  /**
   * Gives one result for each message, in their order.
   * @throws what all of them are answered with
   */
  answer(messages: readonly unknown[]): unknown[];
}

/**
 * The thread's side of `DatabaseThread`: opens a connection and answers messages in their order. What comes meanwhile
 * queues up, so that the next work can take it together.
 * @param prepare makes what answers, from the thread's connection
 */
export function serveDatabaseThread(prepare: (connection: SqliteConnection) => ThreadWork): void {
  const port = parentPort;
  if (!port) throw new Error('This module runs in a worker thread only');
  const connection = open(workerData as string);
  const work = prepare(connection);
  let queue: ThreadRequest<unknown>[] = [];
  let closing = false;

  const enqueue = (requests: (ThreadRequest<unknown> | null)[]) => {
    queue.push(...requests.filter((request) => request !== null));
    closing ||= requests.includes(null);
  };
  const answerNext = () => {
    const messages = queue.map(({ message }) => message);
    const count = work.countTogether?.(messages) ?? 1;
    const answers = toAnswers(queue.splice(0, count), () => work.answer(messages.slice(0, count)));
    for (const answer of answers.given) port.postMessage(answer);
    if (!answers.unavailable) return;
    // What queued up behind would only wait as long in vain.
    enqueue(receiveWaiting(port));
    for (const { id } of queue) port.postMessage({ id, error: answers.unavailable });
    queue = [];
  };

  port.on('message', (request: ThreadRequest<unknown> | null) => {
    enqueue([request, ...receiveWaiting(port)]);
    while (queue.length > 0) {
      answerNext();
      enqueue(receiveWaiting(port));
    }
    if (!closing) return;
    connection.close();
    port.close();
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

function receiveWaiting(port: MessagePort): (ThreadRequest<unknown> | null)[] {
  const received: (ThreadRequest<unknown> | null)[] = [];
  for (;;) {
    const next = receiveMessageOnPort(port);
    if (!next) return received;
    received.push(next.message as ThreadRequest<unknown> | null);
  }
}

interface Answers {
  given: ThreadAnswer<unknown>[];
  /** why the database cannot be used right now, if that is so */
  unavailable?: { message: string; code?: string };
}

function toAnswers(requests: readonly ThreadRequest<unknown>[], answer: () => unknown[]): Answers {
  try {
    const results = answer();
    return { given: requests.map(({ id }, index) => ({ id, result: results[index] })) };
  } catch (failure) {
    const { message, code } = failure as NodeJS.ErrnoException;
    const error = { message, code };
    const given = requests.map(({ id }) => ({ id, error }));
    return isDatabaseUnavailable(failure) ? { given, unavailable: error } : { given };
  }
}
