import type { ServerResponse } from 'node:http';

/** Proxies and our own server take a connection for dead that is silent for a minute or more. */
const HEARTBEAT_MS = 20_000;
const HEARTBEAT = Buffer.from(': still here\n\n');
/** A client that is so far behind is cut off: it connects again and reads what it missed. */
const MOST_UNREAD_BYTES = 256 * 1024;

/**
 * Server-sent events on an answer that stays open until the client goes, falls behind or `end` is called. Whatever
 * happens then, sending does nothing and is no error.
 */
export class EventStream {
  constructor(private readonly response: ServerResponse) {
    // One that nobody hears of would end the process.
    response.on('error', () => undefined);
    const heartbeat = setInterval(() => this.send(HEARTBEAT), HEARTBEAT_MS).unref();
    response.once('close', () => clearInterval(heartbeat));
    // Whoever has closed its side hears nothing any more.
    response.socket?.once('end', () => response.destroy());
    // nginx would gather the answer before it passes it on.
    response.writeHead(200, {
      'Content-Type': 'text/event-stream; charset=utf-8',
      'X-Accel-Buffering': 'no',
    });
    // Express answers HEAD with the route of GET.
    if (response.req.method === 'HEAD') response.end();
  }

  /** @param event made by `formatEvent`, once for any number of streams */
  send(event: Buffer): void {
    const { response } = this;
    if (response.destroyed || response.writableEnded) return;
    if (response.writableLength + event.length > MOST_UNREAD_BYTES) response.destroy();
    else response.write(event);
  }

  /** Ends the answer; a client that has not read all of it is not waited for. */
  end(): void {
    if (this.response.writableLength > 0) this.response.destroy();
    else this.response.end();
  }
}

/** @example formatEvent('hello', { n: 1 }) // 'event: hello\ndata: {"n":1}\n\n' */
export function formatEvent(name: string, data: object): Buffer {
  return Buffer.from(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
}
