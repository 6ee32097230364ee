import { Injectable } from '@nestjs/common';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { ReportAccess } from '../auth/report-access';
import { toRefusal } from '../common/http-error.filter';
import { API_HEADERS } from '../common/security-headers';
import { IngestService } from './ingest.service';
import type { ReportGate } from './report-gate';
import { sendAnswer } from './send-answer';

const PATH = '/api/errors';

interface Answer {
  status: number;
  /** null for an answer without one */
  body: object | null;
}

/**
 * The gate of the native API. Key, limit, checks, answers and headers are the same code as for every other route; only
 * the way to it is shorter.
 */
@Injectable()
export class IngestGate implements ReportGate {
  constructor(
    private readonly access: ReportAccess,
    private readonly ingest: IngestService,
  ) {}

  /** Whether the request is a report, or asks whether one may be sent. */
  takes(request: IncomingMessage): boolean {
    const { method, url = '' } = request;
    if (method !== 'POST' && !isPreflight(request)) return false;
    return url === PATH || url.startsWith(`${PATH}?`);
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const headers = [...API_HEADERS];
    const setHeaders = (more: Record<string, string>) => headers.push(...Object.entries(more).flat());
    try {
      const { status, body } = await this.answer(request, setHeaders);
      sendAnswer(response, status, headers, body);
    } catch (error) {
      const { status, body, retryAfter } = toRefusal(error, { method: 'POST', path: PATH });
      if (retryAfter !== undefined) headers.push('Retry-After', String(retryAfter));
      sendAnswer(response, status, headers, body);
    }
  }

  private async answer(
    request: IncomingMessage,
    setHeaders: (headers: Record<string, string>) => void,
  ): Promise<Answer> {
    if (request.method === 'OPTIONS') {
      setHeaders(await this.access.admitPreflight(request));
      return { status: 204, body: null };
    }
    return this.ingest.take(request, await this.access.admit(request, setHeaders));
  }
}

/** What browsers send before a request that a page of another origin could not send by itself. */
function isPreflight({ method, headers }: IncomingMessage): boolean {
  return method === 'OPTIONS' && headers['access-control-request-method'] !== undefined;
}
