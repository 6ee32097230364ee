import { type Agent, request } from 'node:http';
import { gzipSync } from 'node:zlib';
import { aReport, pythonTraceback } from '../reports';
import { API_KEY } from '../test-server';
import type { Outcome } from './ledger';

/** A report of the error with this name: equal names are one error, which keeps the name as its message. */
export function reportOf(name: string, changes: Record<string, unknown> = {}): Record<string, unknown> {
  return aReport({ message: name, traceback: pythonTraceback(`${name}.py`, 1), ...changes });
}

export interface SendOptions {
  agent?: Agent;
  gzip?: boolean;
}

/** Sends a report and waits for the whole answer, however long that takes; never rejects. */
export function sendReport(
  port: number,
  report: Record<string, unknown>,
  { agent, gzip = false }: SendOptions = {},
): Promise<Outcome> {
  const text = JSON.stringify(report);
  const body = gzip ? gzipSync(text) : Buffer.from(text);
  return new Promise((resolve) => {
    const onLost = (error: NodeJS.ErrnoException) =>
      resolve({ kind: 'unanswered', reason: error.code ?? error.message });
    const sent = request({
      agent,
      host: '127.0.0.1',
      port,
      method: 'POST',
      path: '/api/errors',
      headers: {
        'X-API-Key': API_KEY,
        'Content-Type': 'application/json',
        'Content-Length': body.length,
        ...(gzip ? { 'Content-Encoding': 'gzip' } : {}),
      },
    });
    sent.on('error', onLost);
    sent.on('response', (response) => {
      let received = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (received += chunk));
      response.on('error', onLost);
      response.on('end', () => resolve(toOutcome(response.statusCode!, response.headers, received)));
    });
    sent.end(body);
  });
}

function toOutcome(status: number, headers: NodeJS.Dict<string | string[]>, text: string): Outcome {
  const body = JSON.parse(text);
  if (status >= 300) {
    return {
      kind: 'refused',
      status,
      detail: body.detail,
      retryAfter: headers['retry-after']?.toString() ?? null,
    };
  }
  return { kind: 'acknowledged', status, count: body.count ?? 1, fingerprint: body.fingerprint };
}
