import { Injectable, OnModuleDestroy } from '@nestjs/common';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { EventStream, formatEvent } from '../common/event-stream';
import { UnavailableError } from '../common/unavailable';
import { ErrorChanges } from './error-changes';

const MOST_LISTENERS = 100;
const RETRY_SECONDS = 5;

/** Tells clients what changes, each on a stream that stays open. */
@Injectable()
export class LiveEvents implements OnModuleDestroy {
  private readonly streams = new Set<EventStream>();
  private stopping = false;

  constructor(private readonly changes: ErrorChanges) {}

  /** How many clients listen. */
  get listeners(): number {
    return this.streams.size;
  }

  /**
   * Makes a stream of an answer; it says hello when it hears everything from there on.
   * @throws UnavailableError when too many listen or the server stops
   */
  async open(response: ServerResponse): Promise<void> {
    // Behind an answer that is not complete yet on the same connection. Until its turn, Node would not say when the
    // client goes: its place would stay taken. A client that goes before leaves nothing but this promise.
    if (!response.socket) await once(response, 'socket');
    if (this.stopping) throw new UnavailableError('The server is stopping', RETRY_SECONDS);
    if (this.streams.size >= MOST_LISTENERS) {
      const sentence = `${MOST_LISTENERS} clients are listening already; try again in a few seconds`;
      throw new UnavailableError(sentence, RETRY_SECONDS);
    }
    if (this.streams.size === 0) this.changes.start((gathered) => this.send('errors', gathered));
    const stream = new EventStream(response);
    this.streams.add(stream);
    response.once('close', () => this.forget(stream));
    stream.send(formatEvent('hello', { server_time: new Date().toISOString() }));
  }

  /** Before anything else ends: a server waits for the answers it is giving, and these would never be complete. */
  onModuleDestroy(): void {
    this.stopping = true;
    for (const stream of this.streams) stream.end();
  }

  private send(name: string, data: object): void {
    const event = formatEvent(name, data);
    for (const stream of this.streams) stream.send(event);
  }

  private forget(stream: EventStream): void {
    this.streams.delete(stream);
    if (this.streams.size === 0) this.changes.stop();
  }
}
