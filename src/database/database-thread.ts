import { Logger } from '@nestjs/common';
import { join, sep } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { DatabaseLocation } from './prepared-database';
import type { ConnectionUse } from './sql-connection';

/** After the thread died: how long until the next one is started, doubling up to the last. */
const FIRST_RESTART_MS = 100;
const LAST_RESTART_MS = 5_000;

/** What travels to the thread, and back. An error comes as its message and code, which is all that survives the way. */
export interface ThreadRequest {
  id: number;
  /** of a module, below `src/`, without ending: `errors/error-writes` */
  file: string;
  request: unknown;
}
export type ThreadAnswer =
  { id: number; result: unknown } | { id: number; error: { message: string; code?: string } };

/** What the thread's connections go to, and what for. */
export interface ThreadData {
  location: DatabaseLocation;
  use: ConnectionUse;
}

interface Waiting {
  resolve: (result: unknown) => void;
  reject: (error: Error) => void;
}

/** The thread ended before it answered: whether the request took effect is unknown. */
export class ThreadLostError extends Error {
  readonly code = 'THREAD_LOST';
}

/**
 * A worker thread with connections to the database of its own, asked by messages; `serveDatabaseThread` is its side.
 *
 * States: *running*; *restarting* after the thread died (requests are refused until the next one is up); *closed*.
 * Guarantee: every request is answered, or rejected when the thread is lost or closed.
 */
export class DatabaseThread {
  private readonly logger = new Logger('DatabaseThread');
  private readonly waiting = new Map<number, Waiting>();
  private worker: Worker | null = null;
  private nextId = 1;
  private restartMs = FIRST_RESTART_MS;
  private closed = false;

  /**
   * @param moduleName of the thread's code, below `src/`, without ending: `database/database-writer.worker`
   * @param heapMb most memory for the thread's own objects
   */
  constructor(
    private readonly moduleName: string,
    private readonly data: ThreadData,
    private readonly heapMb: number,
  ) {
    this.start();
  }

  /** How many requests have no answer yet. */
  get waitingRequests(): number {
    return this.waiting.size;
  }

  /**
   * Has a file of a module do something in the thread, after all that the thread was asked before.
   * @throws what that throws, as a copy with message and code; ThreadLostError when the thread is not there or dies
   */
  ask(file: string, request: unknown): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (!this.worker) {
        reject(new ThreadLostError(`The thread ${this.moduleName} is being restarted`));
        return;
      }
      const id = this.nextId++;
      this.waiting.set(id, { resolve, reject });
      this.worker.postMessage({ id, file, request } satisfies ThreadRequest);
    });
  }

  /** Lets the thread finish what it has and end. Twice is safe. */
  async close(): Promise<void> {
    this.closed = true;
    const worker = this.worker;
    if (!worker) return;
    const ended = new Promise((resolve) => worker.once('exit', resolve));
    worker.postMessage(null);
    await ended;
  }

  private start(): void {
    const worker = new Worker(compiledFile(this.moduleName), {
      workerData: this.data,
      resourceLimits: { maxOldGenerationSizeMb: this.heapMb, maxYoungGenerationSizeMb: 8 },
    });
    this.worker = worker;
    worker.on('message', (answer: ThreadAnswer) => this.settle(answer));
    worker.on('error', (error) =>
      this.logger.error(`The thread ${this.moduleName} failed: ${String(error)}`),
    );
    worker.on('exit', () => this.onExit());
  }

  private settle(answer: ThreadAnswer): void {
    const waiting = this.waiting.get(answer.id);
    this.waiting.delete(answer.id);
    this.restartMs = FIRST_RESTART_MS;
    if ('result' in answer) waiting?.resolve(answer.result);
    else waiting?.reject(Object.assign(new Error(answer.error.message), { code: answer.error.code }));
  }

  private onExit(): void {
    this.worker = null;
    const lost = new ThreadLostError(`The thread ${this.moduleName} ended before it answered`);
    for (const { reject } of this.waiting.values()) reject(lost);
    this.waiting.clear();
    if (this.closed) return;
    this.logger.error(`The thread ${this.moduleName} ended; starting it again in ${this.restartMs} ms`);
    setTimeout(() => {
      if (!this.closed) this.start();
    }, this.restartMs).unref();
    this.restartMs = Math.min(this.restartMs * 2, LAST_RESTART_MS);
  }
}

/** Threads run compiled code, also when the main thread runs from the sources. */
function compiledFile(moduleName: string): string {
  const root = join(__dirname, '..', '..');
  const compiled = __dirname.split(sep).at(-2) === 'src' ? join(root, 'dist') : join(__dirname, '..');
  return join(compiled, `${moduleName}.js`);
}
