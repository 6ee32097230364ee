import { connect, type Socket } from 'node:net';
import { API_KEY } from '../test-server';

/** The bytes of a request that sends a report. */
export function rawReport(report: Record<string, unknown>): Buffer {
  const body = Buffer.from(JSON.stringify(report));
  return Buffer.concat([rawHead(body.length), body]);
}

/** @param headers further lines, each with its line break */
export function rawHead(contentLength: number, headers = ''): Buffer {
  return Buffer.from(
    `POST /api/errors HTTP/1.1\r\nHost: localhost\r\nX-API-Key: ${API_KEY}\r\nContent-Type: application/json\r\n` +
      `${headers}Content-Length: ${contentLength}\r\n\r\n`,
  );
}

export interface RawAnswer {
  status: number;
  headers: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look into answers as they come
  body: any;
}

/** A connection that collects the answers it gets, and does nothing of itself. */
export class RawConnection {
  readonly answers: RawAnswer[] = [];
  /** the reason, once the connection is gone */
  readonly closed: Promise<string>;
  private received = '';

  private constructor(readonly socket: Socket) {
    socket.setEncoding('utf8').on('data', (text: string) => this.read(text));
    this.closed = new Promise((resolve) => {
      let reason = 'ended';
      socket.on('error', (error: NodeJS.ErrnoException) => (reason = error.code ?? error.message));
      socket.on('close', () => resolve(reason));
    });
  }

  /** Rejects when the server does not take the connection. */
  static open(port: number): Promise<RawConnection> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.off('error', reject);
        resolve(new RawConnection(socket));
      });
    });
  }

  /** Resolves when so many answers have come, or the connection is gone. */
  async answered(count: number): Promise<RawAnswer[]> {
    const enough = new Promise<void>((resolve) => {
      const look = () => {
        if (this.answers.length < count) return;
        this.socket.off('data', look);
        resolve();
      };
      this.socket.on('data', look);
      look();
    });
    await Promise.race([enough, this.closed]);
    return this.answers;
  }

  private read(text: string): void {
    this.received += text;
    for (;;) {
      const head = /^HTTP\/1\.1 (\d{3}) [^]*?\r\n\r\n/.exec(this.received);
      if (!head) return;
      // The answers to reports are ASCII, so that characters are bytes.
      const end = head[0].length + Number(/\r\ncontent-length: (\d+)/i.exec(head[0])?.[1] ?? 0);
      if (this.received.length < end) return;
      const body = this.received.slice(head[0].length, end);
      this.answers.push({ status: Number(head[1]), headers: head[0], body: body && JSON.parse(body) });
      this.received = this.received.slice(end);
    }
  }
}
