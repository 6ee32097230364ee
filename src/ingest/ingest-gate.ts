import { Injectable } from '@nestjs/common';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Access } from '../auth/access';
import { toRefusal } from '../common/http-error.filter';
import { API_HEADERS } from '../common/security-headers';
import { IngestService } from './ingest.service';

const PATH = '/api/errors';

/**
 * Answers reports before Express and Nest see them, which would take five times as long for each. Key, limit, checks,
 * answers and headers are the same code as for every other route; only the way to it is shorter.
 */
@Injectable()
export class IngestGate {
  constructor(
    private readonly access: Access,
    private readonly ingest: IngestService,
  ) {}

  /** Whether the request is a report; every other goes on to Express. */
  takes({ method, url = '' }: IncomingMessage): boolean {
    return method === 'POST' && (url === PATH || url.startsWith(`${PATH}?`));
  }

  /** Answers the request, whatever happens. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const headers = [...API_HEADERS];
    try {
      await this.access.admit(request, (limits) => headers.push(...Object.entries(limits).flat()));
      const { status, body } = await this.ingest.take(request);
      send(response, status, headers, body);
    } catch (error) {
      const { status, body, retryAfter } = toRefusal(error, { method: 'POST', path: PATH });
      if (retryAfter !== undefined) headers.push('Retry-After', String(retryAfter));
      send(response, status, headers, body);
    }
  }
}

function send(response: ServerResponse, status: number, headers: string[], body: object): void {
  const text = JSON.stringify(body);
  headers.push(
    'Content-Type',
    'application/json; charset=utf-8',
    'Content-Length',
    String(Buffer.byteLength(text)),
  );
  response.writeHead(status, headers).end(text);
}
