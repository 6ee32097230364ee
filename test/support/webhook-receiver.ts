import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import {
  type AddressInfo,
  createServer as createTcpServer,
  type Server as TcpServer,
  type Socket,
} from 'node:net';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';

export interface Received {
  method: string;
  /** path and query */
  path: string;
  headers: IncomingMessage['headers'];
  body: Buffer;
  /** that the client asked for when it began TLS */
  serverName?: unknown;
}

export interface Receiver {
  /** without a trailing slash */
  url: string;
  port: number;
  /** complete requests so far, in order */
  requests: Received[];
  /** connections so far */
  connections: () => number;
  close(): Promise<void>;
}

/** Signed by itself, for `localhost` and `hooks.example.com`, until 2126: of use in tests only. */
export const SELF_SIGNED = readFileSync(join(__dirname, '..', 'fixtures', 'localhost.pem'), 'utf8');

/** A real server on 127.0.0.1 that keeps what it gets; `answer` is called when a request is complete. */
export async function startReceiver(answer: RequestListener, protocol = 'http'): Promise<Receiver> {
  const requests: Received[] = [];
  const listener: RequestListener = (request, response) => {
    const chunks: Buffer[] = [];
    request.on('error', () => undefined);
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url: path = '', headers } = request;
      const { servername: serverName } = request.socket as Partial<TLSSocket>;
      requests.push({ method, path, headers, body: Buffer.concat(chunks), serverName });
      answer(request, response);
    });
  };
  const server: Server =
    protocol === 'https'
      ? createHttpsServer({ key: SELF_SIGNED, cert: SELF_SIGNED }, listener)
      : createServer(listener);
  return { ...(await listen(server, protocol)), requests };
}

/** A server that speaks no HTTP of its own: `talk` gets every connection. */
export async function startTalker(talk: (socket: Socket) => void): Promise<Receiver> {
  return { ...(await listen(createTcpServer(talk), 'http')), requests: [] };
}

async function listen(server: TcpServer, protocol: string): Promise<Omit<Receiver, 'requests'>> {
  const sockets = new Set<Socket>();
  let connections = 0;
  server.on('connection', (socket: Socket) => {
    connections += 1;
    sockets.add(socket);
    // Clients that break off on purpose are part of the tests.
    socket.on('error', () => undefined).once('close', () => sockets.delete(socket));
  });
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${protocol}://127.0.0.1:${port}`,
    port,
    connections: () => connections,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        sockets.forEach((socket) => socket.destroy());
      }),
  };
}
