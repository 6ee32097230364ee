import { Buffer } from 'node:buffer';
import { API_KEY, INGEST_KEY } from './servers.mjs';

const REPORT_HEAD = `X-API-Key: ${API_KEY}\r\nContent-Type: application/json\r\n`;

/** A whole HTTP request as bytes, so that sending it costs the generator one write. */
export function makeRawPost(port, body) {
  const length = `Content-Length: ${body.length}\r\n`;
  return Buffer.concat([makeHead(port, '/api/errors', REPORT_HEAD + length), body]);
}

/**
 * The same for an envelope: as @sentry/node sends it, in chunks and with the key in the address, or packed, as the SDK
 * of Python does.
 */
export function makeRawEnvelope(port, projectId, body, isGzip) {
  const path = `/api/${projectId}/envelope/`;
  if (isGzip) {
    const headers =
      `User-Agent: sentry.python/2.68.0\r\nContent-Type: application/x-sentry-envelope\r\nContent-Encoding: gzip\r\n` +
      `X-Sentry-Auth: Sentry sentry_key=${INGEST_KEY}, sentry_version=7, sentry_client=sentry.python/2.68.0\r\n` +
      `Content-Length: ${body.length}\r\n`;
    return Buffer.concat([makeHead(port, path, headers), body]);
  }
  const query = `sentry_version=7&sentry_key=${INGEST_KEY}&sentry_client=sentry.javascript.node%2F11.12.0`;
  const headers = 'User-Agent: sentry.javascript.node/11.12.0\r\nTransfer-Encoding: chunked\r\n';
  const size = Buffer.from(`${body.length.toString(16)}\r\n`);
  return Buffer.concat([makeHead(port, `${path}?${query}`, headers), size, body, LAST_CHUNK]);
}

const LAST_CHUNK = Buffer.from('\r\n0\r\n\r\n');

function makeHead(port, target, headers) {
  return Buffer.from(
    `POST ${target} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n${headers}Connection: keep-alive\r\n\r\n`,
  );
}
