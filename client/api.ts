import { type Filters, toApiQuery } from './filters.js';

export const pageSize = 50;
const answerTimeoutMs = 30_000;
const defaultRetryAfterSeconds = 60;
const longestRetryAfterSeconds = 3_600;
const foreignAnswer = 'The answer did not come from the error tracker; a proxy in between may have given it.';

/** One error of the list; times are ISO 8601 UTC. */
export interface ErrorSummary {
  id: number;
  fingerprint: string;
  project: string;
  exception_type: string;
  message: string;
  count: number;
  first_seen: string;
  last_seen: string;
  resolved: boolean;
  source?: string | null;
}

export interface ErrorPage {
  errors: ErrorSummary[];
  total: number;
  /** there are more than `total`; counting them all would take too long */
  total_is_lower_bound?: boolean;
  limit: number;
  offset: number;
}

export interface Occurrence {
  id: number;
  timestamp: string;
  request_url: string | null;
  request_method: string | null;
  request_headers: unknown;
  user_id: string | null;
  extra: unknown;
}

export interface ErrorWithOccurrences {
  error: ErrorSummary & { traceback: string };
  /** newest first, the last few only */
  occurrences: Occurrence[];
}

/**
 * `unreachable`: no answer came. `unauthorized`: 401. `rate-limited`: 429. `refused`: any other 4xx.
 * `failed`: 5xx, or an answer that is not from this API (a proxy's page, for one).
 */
type Failure = 'unreachable' | 'unauthorized' | 'rate-limited' | 'refused' | 'failed';

interface ApiErrorDetails {
  status?: number;
  requestId?: string;
  retryAfterSeconds?: number;
}

/** Why a request brought no result; `message` is the answer's `detail` where there is one. */
export class ApiError extends Error {
  readonly status: number | null;
  readonly requestId: string | null;
  /** for `rate-limited`: how long the server asks to wait */
  readonly retryAfterSeconds: number;

  constructor(
    readonly failure: Failure,
    message: string,
    details: ApiErrorDetails = {},
  ) {
    super(message);
    this.name = 'ApiError';
    this.status = details.status ?? null;
    this.requestId = details.requestId ?? null;
    this.retryAfterSeconds = details.retryAfterSeconds ?? defaultRetryAfterSeconds;
  }
}

/**
 * The public API with one key. Every method throws `ApiError`, or the signal's reason when it was aborted.
 * Without a key there is no `Api`, so nothing can ask the server in a loop.
 */
export class Api {
  constructor(
    private readonly key: string,
    private readonly onUnauthorized: () => void,
  ) {}

  async listErrors(filters: Filters, signal: AbortSignal): Promise<ErrorPage> {
    const answer = await this.request<ErrorPage>(
      'GET',
      `/api/errors?${toApiQuery(filters, pageSize)}`,
      signal,
    );
    if (!Array.isArray(answer.errors) || typeof answer.total !== 'number') throw foreign();
    return answer;
  }

  async getError(id: number, signal: AbortSignal): Promise<ErrorWithOccurrences> {
    const answer = await this.request<Partial<ErrorWithOccurrences>>('GET', `/api/errors/${id}`, signal);
    const { error, occurrences } = answer;
    if (!error || !Array.isArray(occurrences)) throw foreign();
    return { error, occurrences };
  }

  async resolveError(id: number, signal: AbortSignal): Promise<void> {
    await this.request('POST', `/api/errors/${id}/resolve`, signal);
  }

  async listProjects(signal: AbortSignal): Promise<string[]> {
    const { projects } = await this.request<{ projects: string[] }>('GET', '/api/projects', signal);
    if (!Array.isArray(projects)) throw foreign();
    return projects;
  }

  private async request<Answer>(method: string, path: string, signal: AbortSignal): Promise<Answer> {
    const headers = this.headers();
    let response: Response;
    let text: string;
    try {
      const timeout = AbortSignal.timeout(answerTimeoutMs);
      const either = AbortSignal.any([signal, timeout]);
      response = await fetch(path, { method, headers, cache: 'no-store', signal: either });
      text = await response.text();
    } catch (error) {
      if (signal.aborted) throw error;
      throw unreachable(error);
    }
    const body = parseObject(text);
    if (response.ok && body) return body as Answer;
    const failure = toApiError(response, body);
    if (failure.failure === 'unauthorized') this.onUnauthorized();
    throw failure;
  }

  private headers(): Headers {
    try {
      return new Headers({ 'X-API-Key': this.key, Accept: 'application/json' });
    } catch {
      // Headers carry bytes: a key with other characters cannot be sent, so it cannot be the right one.
      this.onUnauthorized();
      throw new ApiError('unauthorized', 'The key has characters that no key can have.');
    }
  }
}

function unreachable(error: unknown): ApiError {
  const silent = (message: string) => new ApiError('unreachable', message);
  const timedOut = error instanceof DOMException && error.name === 'TimeoutError';
  if (timedOut) return silent(`No answer came within ${answerTimeoutMs / 1_000} seconds.`);
  if (!navigator.onLine) return silent('This device has no connection.');
  return silent('Check that the server is running and that your connection works.');
}

function toApiError(response: Response, body: Record<string, unknown> | null): ApiError {
  const { status } = response;
  if (response.ok) return foreign();
  const detail = body ? (typeof body.detail === 'string' ? body.detail : '') : foreignAnswer;
  if (status === 401) return new ApiError('unauthorized', detail, { status });
  if (status === 429) {
    const retryAfterSeconds = parseRetryAfter(response.headers.get('Retry-After'));
    return new ApiError('rate-limited', detail, { status, retryAfterSeconds });
  }
  const requestId = typeof body?.request_id === 'string' ? body.request_id : undefined;
  return new ApiError(status < 500 ? 'refused' : 'failed', detail, { status, requestId });
}

/** For a 2xx whose body is not what this API answers. */
function foreign(): ApiError {
  return new ApiError('failed', foreignAnswer);
}

/** Seconds to wait, from either form of the header: a number of seconds or a date. */
function parseRetryAfter(header: string | null): number {
  if (header === null || header.trim() === '') return defaultRetryAfterSeconds;
  const seconds = /^\s*\d+\s*$/.test(header) ? Number(header) : (Date.parse(header) - Date.now()) / 1_000;
  if (Number.isNaN(seconds)) return defaultRetryAfterSeconds;
  return Math.min(Math.max(Math.ceil(seconds), 1), longestRetryAfterSeconds);
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
