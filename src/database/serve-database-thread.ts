import { parentPort, workerData } from 'node:worker_threads';
import { isUnavailableForAll } from '../common/unavailable';
import type { ThreadData, ThreadRequest } from './database-thread';
import type { DatabaseLocation } from './prepared-database';
import { RequestQueue, toFailure } from './request-queue';
import type { ConnectionUse, SqlConnection } from './sql-connection';
import { type Preparation, type ThreadWork, threadWorks } from './thread-work';

/** A connection, and what the files of the modules do on it. */
interface Lane {
  connection: SqlConnection;
  workOf: (file: string) => ThreadWork;
}

/** How long a stop waits for reads that were asked for before. */
const LAST_READS_MS = 1_000;

type OpenConnections = (location: DatabaseLocation, use: ConnectionUse) => Promise<SqlConnection[]>;

/**
 * The thread's side of `DatabaseThread`: opens connections, and each answers requests one after the other. What comes
 * meanwhile queues up, so that the next work can take it together.
 *
 * While no connection can be used, what waits and what comes is refused at once; a request that is being answered may
 * go on waiting to find out what became of it.
 * @param open makes the thread's connections to the database
 * @param preparation what the files of the modules export that do the work
 */
export async function serveDatabaseThread(open: OpenConnections, preparation: Preparation): Promise<void> {
  const port = parentPort;
  if (!port) throw new Error('This module runs in a worker thread only');
  const data = workerData as ThreadData;
  const connections = await openSaying(open, data);
  const queue = new RequestQueue(port);
  const idle: Lane[] = connections.map((connection) => ({
    connection,
    workOf: threadWorks(connection, preparation),
  }));

  const isUseless = () => connections.every(({ obstacle }) => obstacle !== null);
  const serve = () => {
    while (queue.receive().length > 0) {
      if (isUseless()) {
        queue.refuseAll(toFailure(connections[0]?.obstacle));
        continue;
      }
      const at = idle.findIndex(({ connection }) => connection.obstacle === null);
      if (at < 0) break;
      void answerWaiting(idle.splice(at, 1)[0] as Lane);
    }
    closeWhenDone();
  };
  const answerWaiting = async (lane: Lane) => {
    do await answerFirst(queue, lane);
    while (lane.connection.obstacle === null && queue.receive().length > 0);
    idle.push(lane);
    closeWhenDone();
  };
  const close = () => Promise.all(connections.map((connection) => connection.close()));
  const closeWhenDone = () => {
    if (!queue.isClosing) return;
    // Nobody waits for a database to come back, nor long for what is being read.
    if (isUseless()) void close();
    else if (data.use !== 'write') setTimeout(() => void close(), LAST_READS_MS).unref();
    if (queue.receive().length > 0 || idle.length < connections.length) return;
    port.removeAllListeners();
    void close().then(() => port.close());
  };
  for (const connection of connections) connection.onObstacle(serve);
  port.on('message', (request: ThreadRequest | null) => {
    queue.add(request);
    serve();
  });
}

/** A SqliteError that ends a thread arrives on the other side without its text. */
async function openSaying(open: OpenConnections, { location, use }: ThreadData): Promise<SqlConnection[]> {
  try {
    return await open(location, use);
  } catch (error) {
    throw new Error((error as Error).message, { cause: error });
  }
}

/** Answers the first request, and with it those after it that are for the same file and go together with it. */
async function answerFirst(queue: RequestQueue, { workOf }: Lane): Promise<void> {
  let together: ThreadRequest[] = [];
  try {
    const waiting = queue.receive();
    const [{ file }] = waiting as [ThreadRequest];
    const others = waiting.findIndex((request) => request.file !== file);
    const candidates = waiting.slice(0, others < 0 ? undefined : others).map(({ request }) => request);
    const work = workOf(file);
    together = queue.take(work.countTogether?.(candidates) ?? 1);
    const results = await work.answer(together.map(({ request }) => request));
    together.forEach(({ id }, index) => queue.answer({ id, result: results[index] }));
  } catch (thrown) {
    const error = toFailure(thrown);
    if (together.length === 0) together = queue.take(1);
    for (const { id } of together) queue.answer({ id, error });
    // What queued up behind would only wait as long in vain.
    if (isUnavailableForAll(thrown)) {
      queue.receive();
      queue.refuseAll(error);
    }
  }
}
