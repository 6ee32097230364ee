import {
  ArgumentsHost,
  Catch,
  ExceptionFilter,
  HttpException,
  Logger,
  NotFoundException,
} from '@nestjs/common';
import type { Request, Response } from 'express';
import { randomUUID } from 'node:crypto';
import { isDatabaseUnavailable, UnavailableError } from './unavailable';

export interface Refusal {
  status: number;
  body: { detail: string; request_id?: string };
  /** seconds, for the `Retry-After` header */
  retryAfter?: number;
}

/** Answers every error as `{"detail": "<one clear sentence>"}`. */
@Catch()
export class HttpErrorFilter implements ExceptionFilter {
  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const response = http.getResponse<Response>();
    const { status, body, retryAfter } = toRefusal(error, http.getRequest<Request>());
    if (response.headersSent) {
      response.destroy();
      return;
    }
    if (retryAfter !== undefined) response.setHeader('Retry-After', retryAfter);
    response.status(status).json(body);
  }
}

const logger = new Logger('Http');

const WARN_AGAIN_MS = 10_000;
/** when it was said last that the database cannot be used */
let warnedAt = -Infinity;

/**
 * What is answered to an error. One that nobody foresaw is logged under an id, and only the id is told.
 * @param request names the place in the answer to an unknown path
 */
export function toRefusal(error: unknown, request: Pick<Request, 'method' | 'path'>): Refusal {
  if (error instanceof NotFoundException && error.message.startsWith('Cannot ')) {
    const path = request.path.length > 100 ? `${request.path.slice(0, 100)}…` : request.path;
    return { status: 404, body: { detail: `There is no route ${request.method} ${path}` } };
  }
  if (error instanceof HttpException) return { status: error.getStatus(), body: { detail: error.message } };
  if (isClientError(error)) return { status: error.status, body: { detail: describe(error) } };
  if (error instanceof UnavailableError) {
    return { status: 503, body: { detail: error.message }, retryAfter: error.retryAfter };
  }
  if (isDatabaseUnavailable(error)) {
    warnOfDatabase(error);
    const detail = 'The database cannot be used right now; try again in a few seconds';
    return { status: 503, body: { detail }, retryAfter: 5 };
  }
  const requestId = randomUUID();
  logger.error(`Request ${requestId} failed:`, error instanceof Error ? error.stack : String(error), 'Http');
  const detail = `Something went wrong here; the log has more under request id ${requestId}`;
  return { status: 500, body: { detail, request_id: requestId } };
}

/** One line in a while, not one for each request, which may be many. */
function warnOfDatabase({ message }: Error): void {
  const now = performance.now();
  if (now - warnedAt < WARN_AGAIN_MS) return;
  warnedAt = now;
  logger.warn(`The database cannot be used: ${message}`);
}

/** Express says `Failed to decode param '%'` of a path that is no text. */
function describe(error: Error): string {
  const isPath = error.message.startsWith('Failed to decode param');
  return isPath
    ? 'The path is not valid: after a % there must be two hexadecimal digits of UTF-8'
    : error.message;
}

/** Express marks what the client did wrong (a path that cannot be decoded, say) with a 4xx status. */
function isClientError(error: unknown): error is Error & { status: number } {
  const { status } = error as { status?: unknown };
  return typeof status === 'number' && status >= 400 && status < 500;
}
