import { Buffer } from 'node:buffer';
import { API_KEY } from './servers.mjs';

/** A whole HTTP request as bytes, so that sending it costs the generator one write. */
export function makeRawPost(port, body) {
  const head =
    `POST /api/errors HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nX-API-Key: ${API_KEY}\r\n` +
    `Content-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: keep-alive\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), body]);
}
