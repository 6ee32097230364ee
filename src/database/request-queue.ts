import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import type { ThreadAnswer, ThreadRequest } from './database-thread';

/** An error as far as it survives the way to another thread. */
export type Failure = { message: string; code?: string };

/** The requests that reached a database thread and are not being answered yet, in their order. */
export class RequestQueue {
  private waiting: ThreadRequest[] = [];
  private closing = false;

  constructor(private readonly port: MessagePort) {}

  /** @param request null asks the thread to end */
  add(request: ThreadRequest | null): void {
    if (request) this.waiting.push(request);
    else this.closing = true;
  }

  /** Whether the thread is to end when nothing waits any more. */
  get isClosing(): boolean {
    return this.closing;
  }

  /** All that wait, those included that have just arrived. */
  receive(): readonly ThreadRequest[] {
    for (;;) {
      const next = receiveMessageOnPort(this.port);
      if (!next) return this.waiting;
      this.add(next.message as ThreadRequest | null);
    }
  }

  /** Takes the first requests away, to be answered. */
  take(count: number): ThreadRequest[] {
    return this.waiting.splice(0, count);
  }

  refuseAll(error: Failure): void {
    for (const { id } of this.waiting.splice(0)) this.answer({ id, error });
  }

  answer(answer: ThreadAnswer): void {
    this.port.postMessage(answer);
  }
}

/** What can be told of anything that was thrown. */
export function toFailure(thrown: unknown): Failure {
  const { message, code } = thrown as NodeJS.ErrnoException;
  return { message, code };
}
