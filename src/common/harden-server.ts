import type { Logger } from '@nestjs/common';
import { type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';

/** Slow clients are cut off after these times. */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
/** Longer than the idle time of common reverse proxies (60 s), so that it is the proxy that closes. */
const KEEP_ALIVE_TIMEOUT_MS = 65_000;

/** A client that neither sends nor reads for so long is cut off: what it does not read is held in memory. */
const UNREAD_TIMEOUT_MS = 90_000;

/** What Node says of a connection that sent no valid HTTP, as an answer. */
const ANSWERS: Record<string, [status: number, detail: string]> = {
  HPE_HEADER_OVERFLOW: [431, 'The request headers are too large'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'The request took too long to arrive'],
};

/** Sets time limits and answers what never reaches a route (broken HTTP and the like) as JSON like everything else. */
export function hardenServer(server: Server, logger: Pick<Logger, 'debug'>): void {
  server.headersTimeout = HEADERS_TIMEOUT_MS;
  server.requestTimeout = REQUEST_TIMEOUT_MS;
  server.setTimeout(UNREAD_TIMEOUT_MS);
  server.keepAliveTimeout = KEEP_ALIVE_TIMEOUT_MS;
  // A client that closes its side behind a whole request has sent it; without this it would be dropped.
  Object.assign(server, { httpAllowHalfOpen: true });
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    logger.debug(`A client sent no valid HTTP: ${error.code ?? error.message}`);
    // A body that still trickles in after its refusal gets no second answer.
    const isAnswered = error.code === 'ERR_HTTP_REQUEST_TIMEOUT' && socket.bytesWritten > 0;
    if (!socket.writable || error.code === 'ECONNRESET' || isAnswered) {
      socket.destroy();
      return;
    }
    const [status, detail] = ANSWERS[error.code ?? ''] ?? [400, 'The request is not valid HTTP'];
    refuse(socket, status, detail);
  });
  server.on('connect', (_request: IncomingMessage, socket: Socket) => {
    refuse(socket, 405, 'This server is no proxy: CONNECT is not possible');
  });
  server.on('checkExpectation', (_request: IncomingMessage, response: ServerResponse) => {
    const body = JSON.stringify({ detail: 'Of the Expect header only 100-continue is understood' });
    const headers = {
      'Content-Type': 'application/json; charset=utf-8',
      'Content-Length': Buffer.byteLength(body),
      Connection: 'close',
    };
    response.writeHead(417, headers).end(body);
  });
}

/** Answers on a connection that has no response object, and closes it. */
function refuse(socket: Socket, status: number, detail: string): void {
  const body = JSON.stringify({ detail });
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nContent-Type: application/json; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
