import { Injectable } from '@nestjs/common';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { toRefusal } from '../../common/http-error.filter';
import { API_HEADERS } from '../../common/security-headers';
import type { ReportGate } from '../report-gate';
import { sendAnswer } from '../send-answer';
import { limitHeaders, preflightHeaders, SENTRY_HEADERS, toHeaderText } from './sentry-headers';
import { SentryIngest } from './sentry-ingest';
import { parseSentryPath, type SentryPath } from './sentry-path';

/**
 * The gate of Sentry's protocol. Its clients take nothing but 200 for a success, and drop what they sent after any other
 * answer; pages may read every answer.
 */
@Injectable()
export class SentryGate implements ReportGate {
  constructor(private readonly ingest: SentryIngest) {}

  takes({ method, url = '' }: IncomingMessage): boolean {
    return (method === 'POST' || method === 'OPTIONS') && parseSentryPath(url) !== null;
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method === 'OPTIONS') {
      sendAnswer(response, 204, [...API_HEADERS, ...preflightHeaders(request.headers)], null);
      return;
    }
    const headers = [...API_HEADERS, ...SENTRY_HEADERS];
    const setHeaders = (more: Record<string, string>) => headers.push(...Object.entries(more).flat());
    const path = parseSentryPath(request.url ?? '') as SentryPath;
    try {
      sendAnswer(response, 200, headers, await this.ingest.take(path, request, setHeaders));
    } catch (error) {
      const { status, body, retryAfter } = toRefusal(error, {
        method: 'POST',
        path: `/api/${path.projectId}`,
      });
      headers.push('X-Sentry-Error', toHeaderText(body.detail), ...limitHeaders(status, headers));
      if (retryAfter !== undefined) headers.push('Retry-After', String(retryAfter));
      sendAnswer(response, status, headers, body);
    }
  }
}
