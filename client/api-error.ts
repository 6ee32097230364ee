const defaultRetryAfterSeconds = 60;
const longestRetryAfterSeconds = 3_600;
const foreignAnswer = 'The answer did not come from the error tracker; a proxy in between may have given it.';

/**
 * `unreachable`: no answer came. `unauthorized`: 401. `rate-limited`: 429. `refused`: any other 4xx.
 * `unavailable`: 503 that says when to try again. `failed`: any other 5xx, or an answer that is not from this API (a proxy's page, for one).
 */
type Failure = 'unreachable' | 'unauthorized' | 'rate-limited' | 'refused' | 'unavailable' | 'failed';

interface ApiErrorDetails {
  status?: number;
  requestId?: string;
  retryAfterSeconds?: number;
}

/** Why a request brought no result; `message` is the answer's `detail` where there is one. */
export class ApiError extends Error {
  readonly status: number | null;
  readonly requestId: string | null;
  /** for `rate-limited` and `unavailable`: how long the server asks to wait */
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

/** For a request that ended without an answer. */
export function unreachable(error: unknown, timeoutMs: number): ApiError {
  const silent = (message: string) => new ApiError('unreachable', message);
  const timedOut = error instanceof DOMException && error.name === 'TimeoutError';
  if (timedOut) return silent(`No answer came within ${timeoutMs / 1_000} seconds.`);
  if (!navigator.onLine) return silent('This device has no connection.');
  return silent('Check that the server is running and that your connection works.');
}

/** For a 2xx whose body is not what this API answers. */
export function foreign(): ApiError {
  return new ApiError('failed', foreignAnswer);
}

/** @param body the answer's JSON object; null when it has none */
export function toApiError(response: Response, body: Record<string, unknown> | null): ApiError {
  const { status } = response;
  if (response.ok) return foreign();
  if (typeof body?.detail !== 'string') return new ApiError('failed', foreignAnswer, { status });
  const { detail } = body;
  if (status === 401) return new ApiError('unauthorized', detail, { status });
  const requestId = typeof body.request_id === 'string' ? body.request_id : undefined;
  const retryAfter = response.headers.get('Retry-After');
  if (status === 429 || (status === 503 && retryAfter !== null)) {
    const failure = status === 429 ? 'rate-limited' : 'unavailable';
    const retryAfterSeconds = parseRetryAfter(retryAfter);
    return new ApiError(failure, detail, { status, requestId, retryAfterSeconds });
  }
  return new ApiError(status < 500 ? 'refused' : 'failed', detail, { status, requestId });
}

/** Seconds to wait, from either form of the header: a number of seconds or a date. */
function parseRetryAfter(header: string | null): number {
  if (header === null || header.trim() === '') return defaultRetryAfterSeconds;
  const seconds = /^\s*\d+\s*$/.test(header) ? Number(header) : (Date.parse(header) - Date.now()) / 1_000;
  if (Number.isNaN(seconds)) return defaultRetryAfterSeconds;
  return Math.min(Math.max(Math.ceil(seconds), 1), longestRetryAfterSeconds);
}
