import type { Logger } from '@nestjs/common';
import { Server, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';

/** Slow clients are cut off after these times. */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
/** Longer than the idle time of common reverse proxies (60 s), so that it is the proxy that closes. */
const KEEP_ALIVE_TIMEOUT_MS = 65_000;

/** What Node says of a connection that sent no valid HTTP, as an answer. */
const ANSWERS: Record<string, [status: number, detail: string]> = {
  HPE_HEADER_OVERFLOW: [431, 'The request headers are too large'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'The request took too long to arrive'],
};

/** Sets time limits and answers broken HTTP, which never reaches a route, as JSON like everything else. */
export function hardenServer(server: Server, logger: Pick<Logger, 'debug'>): void {
  server.headersTimeout = HEADERS_TIMEOUT_MS;
  server.requestTimeout = REQUEST_TIMEOUT_MS;
  server.keepAliveTimeout = KEEP_ALIVE_TIMEOUT_MS;
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    logger.debug(`A client sent no valid HTTP: ${error.code ?? error.message}`);
    if (!socket.writable || error.code === 'ECONNRESET') {
      socket.destroy();
      return;
    }
    const [status, detail] = ANSWERS[error.code ?? ''] ?? [400, 'The request is not valid HTTP'];
    const body = JSON.stringify({ detail });
    socket.end(
      `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nContent-Type: application/json; charset=utf-8\r\n` +
        `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
    );
  });
}
