import { MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { isDatabaseUnavailable } from '../common/unavailable';
import type { ThreadAnswer, ThreadRequest } from './database-thread';
import type { SqliteConnection } from './sqlite-connection';
import { type Preparation, type ThreadWork, threadWorks } from './thread-work';

/**
 * The thread's side of `DatabaseThread`: opens a connection and answers requests in their order. What comes meanwhile
 * queues up, so that the next work can take it together.
 * @param open makes the thread's connection to the file of a path
 * @param preparation what the files of the modules export that do the work
 */
export function serveDatabaseThread(
  open: (path: string) => SqliteConnection,
  preparation: Preparation,
): void {
  const port = parentPort;
  if (!port) throw new Error('This module runs in a worker thread only');
  const connection = openSaying(open, workerData as string);
  const workOf = threadWorks(connection, preparation);
  let queue: ThreadRequest[] = [];
  let closing = false;

  const enqueue = (requests: (ThreadRequest | null)[]) => {
    queue.push(...requests.filter((request) => request !== null));
    closing ||= requests.includes(null);
  };
  const answerNext = () => {
    const { given, unavailable } = answerFirst(queue, workOf);
    queue.splice(0, given.length);
    for (const answer of given) port.postMessage(answer);
    if (!unavailable) return;
    // What queued up behind would only wait as long in vain.
    enqueue(receiveWaiting(port));
    for (const { id } of queue) port.postMessage({ id, error: unavailable });
    queue = [];
  };

  port.on('message', (request: ThreadRequest | null) => {
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
function openSaying(open: (path: string) => SqliteConnection, path: string): SqliteConnection {
  try {
    return open(path);
  } catch (error) {
    throw new Error((error as Error).message, { cause: error });
  }
}

function receiveWaiting(port: MessagePort): (ThreadRequest | null)[] {
  const received: (ThreadRequest | null)[] = [];
  for (;;) {
    const next = receiveMessageOnPort(port);
    if (!next) return received;
    received.push(next.message as ThreadRequest | null);
  }
}

interface Answers {
  /** to the first requests, at least to one */
  given: ThreadAnswer[];
  /** why the database cannot be used right now, if that is so */
  unavailable?: { message: string; code?: string };
}

/** Answers the first request, and with it those after it that are for the same file and go together with it. */
function answerFirst(queue: readonly ThreadRequest[], workOf: (file: string) => ThreadWork): Answers {
  let together = queue.slice(0, 1);
  try {
    const [{ file }] = queue as [ThreadRequest];
    const work = workOf(file);
    if (work.countTogether) {
      const others = queue.findIndex((request) => request.file !== file);
      const candidates = queue.slice(0, others < 0 ? undefined : others);
      together = queue.slice(0, work.countTogether(candidates.map(({ request }) => request)));
    }
    const results = work.answer(together.map(({ request }) => request));
    return { given: together.map(({ id }, index) => ({ id, result: results[index] })) };
  } catch (failure) {
    const { message, code } = failure as NodeJS.ErrnoException;
    const error = { message, code };
    const given = together.map(({ id }) => ({ id, error }));
    return isDatabaseUnavailable(failure) ? { given, unavailable: error } : { given };
  }
}
