import type { ServerResponse } from 'node:http';

/**
 * @param headers names and values in turn
 * @param body null for an answer without one
 */
export function sendAnswer(
  response: ServerResponse,
  status: number,
  headers: string[],
  body: object | null,
): void {
  if (body === null) {
    response.writeHead(status, headers).end();
    return;
  }
  const text = JSON.stringify(body);
  headers.push(
    'Content-Type',
    'application/json; charset=utf-8',
    'Content-Length',
    String(Buffer.byteLength(text)),
  );
  response.writeHead(status, headers).end(text);
}
