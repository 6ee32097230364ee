import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A connection through the proxy; each of its two sides can be destroyed. */
export interface Passage {
  /** the first thing that the client sent: of PostgreSQL, it holds the user, the database and the application's name */
  greeting: string;
  client: Socket;
  server: Socket;
}

/**
 * What becomes of bytes instead of being passed on; without it, they are. It is asked of everything that arrives, in
 * order.
 * @returns whether it has dealt with them
 */
export type Interception = (passage: Passage, bytes: Buffer) => boolean;

/** Stands between a server and its database, and does to their connections what networks do. */
export class TcpProxy {
  /** how long everything takes, each way */
  delayMs = 0;
  /** Nothing passes and nothing is closed, as behind a cable that was pulled. */
  silent = false;
  fromClient: Interception = () => false;
  fromServer: Interception = () => false;
  private readonly passages = new Set<Passage>();

  private constructor(
    private readonly listener: Server,
    private readonly target: URL,
  ) {
    listener.on('connection', (client: Socket) => this.pass(client));
  }

  /** @param target address of the database, without TLS */
  static async start(target: string): Promise<TcpProxy> {
    const listener = createServer({ noDelay: true });
    const proxy = new TcpProxy(listener, new URL(target));
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  /** The address of the database, through the proxy. */
  get url(): string {
    const url = new URL(this.target);
    url.hostname = '127.0.0.1';
    url.port = String((this.listener.address() as AddressInfo).port);
    return url.href;
  }

  /** Breaks connections on both sides. @returns how many there were */
  cut(which: (passage: Passage) => boolean = () => true): number {
    const cut = [...this.passages].filter(which);
    for (const { client, server } of cut) {
      client.resetAndDestroy();
      server.resetAndDestroy();
    }
    return cut.length;
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.listener.close(resolve));
  }

  private pass(client: Socket): void {
    const server = connect({
      port: Number(this.target.port || 5432),
      host: this.target.hostname,
      noDelay: true,
    });
    const passage: Passage = { greeting: '', client, server };
    this.passages.add(passage);
    client.on('data', (bytes) => {
      passage.greeting ||= bytes.toString('latin1');
      this.forward(passage, bytes, server, this.fromClient);
    });
    server.on('data', (bytes) => this.forward(passage, bytes, client, this.fromServer));
    const close = (other: Socket) => () => {
      this.passages.delete(passage);
      if (!this.silent) other.destroy();
    };
    client.on('error', () => undefined).on('close', close(server));
    server.on('error', () => undefined).on('close', close(client));
  }

  private forward(passage: Passage, bytes: Buffer, to: Socket, intercept: Interception): void {
    const deliver = () => {
      if (!this.silent && !intercept(passage, bytes) && !to.destroyed) to.write(bytes);
    };
    if (this.delayMs > 0) setTimeout(deliver, this.delayMs);
    else deliver();
  }
}
