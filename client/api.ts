import type {
  Action,
  AlertStatus,
  BulkAnswer,
  Choices,
  Counts,
  CountsRange,
  DeliveryPage,
  ErrorPage,
  ErrorWithOccurrences,
  FeedbackPage,
  EventPlace,
  IngestKeyDetails,
  LedgerEntry,
  Overview,
  ProjectDetails,
  ProjectDetailsPage,
  ServerStatus,
} from './api-answers.js';
import { ApiError, foreign, toApiError, unreachable } from './api-error.js';
import { parseExactly } from './exact-json.js';

const answerTimeoutMs = 30_000;

interface RequestOptions {
  method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  json?: unknown;
  signal?: AbortSignal;
}

/**
 * The public API with one key. Every method throws `ApiError`, or the signal's reason when it was aborted.
 * Without a key there is no `Api`, so nothing can ask the server in a loop.
 */
export class Api {
  /** by how much the server's clock is ahead of this one, as its last answer said */
  private clockAheadMs = 0;

  constructor(
    private readonly key: string,
    private readonly onUnauthorized: () => void,
  ) {}

  /** The time by the server's clock, to the second: times of errors are compared with it. */
  now(): Date {
    return new Date(Date.now() + this.clockAheadMs);
  }

  /** @param query of `GET /api/errors` */
  async listErrors(query: URLSearchParams, signal: AbortSignal): Promise<ErrorPage> {
    const answer = await this.request<ErrorPage>(`/api/errors?${query.toString()}`, { signal });
    if (!Array.isArray(answer.errors) || typeof answer.total !== 'number') throw foreign();
    return answer;
  }

  async getError(id: number, signal: AbortSignal): Promise<ErrorWithOccurrences> {
    const answer = parseObject(await this.getErrorText(id, signal), parseExactly);
    const { error, occurrences } = (answer ?? {}) as Partial<ErrorWithOccurrences>;
    if (!error || !Array.isArray(occurrences)) throw foreign();
    return { error, occurrences };
  }

  /** The same answer as the server has written it. */
  async getErrorText(id: number, signal: AbortSignal): Promise<string> {
    return this.requestText(`/api/errors/${id}`, { signal });
  }

  /** @param query of `GET /api/errors/{id}/counts` */
  async getCounts(id: number, query: URLSearchParams, signal: AbortSignal): Promise<Counts> {
    const answer = await this.request<Counts>(`/api/errors/${id}/counts?${query.toString()}`, { signal });
    if (!Array.isArray(answer.counts)) throw foreign();
    return answer;
  }

  /**
   * Resolves or reopens errors, all of them or none, or deletes them in parts. When it throws `unreachable`, it may have
   * been done; after `failed` and `unavailable` some may have been deleted.
   */
  async change(action: Action, ids: readonly number[]): Promise<BulkAnswer> {
    const answer = await this.request<BulkAnswer>('/api/errors/bulk', {
      method: 'POST',
      json: { action, ids },
    });
    if (!Array.isArray(answer.changed)) throw foreign();
    return answer;
  }

  async listProjects(signal: AbortSignal): Promise<string[]> {
    const { projects } = await this.request<{ projects: string[] }>('/api/projects', { signal });
    if (!Array.isArray(projects)) throw foreign();
    return projects.sort(new Intl.Collator().compare);
  }

  /** Names of tags that errors can be found by. */
  async listTagNames(signal: AbortSignal): Promise<Choices> {
    const { names, more } = await this.request<{ names: string[]; more: boolean }>('/api/tags', { signal });
    if (!Array.isArray(names)) throw foreign();
    return { texts: names, more };
  }

  /** Values of a tag, those that begin with a text. */
  async listTagValues(name: string, prefix: string, signal: AbortSignal): Promise<Choices> {
    const query = new URLSearchParams({ limit: '200', prefix });
    const { values, more } = await this.request<{ values: string[]; more: boolean }>(
      `/api/tags/${encodeURIComponent(name)}?${query.toString()}`,
      { signal },
    );
    if (!Array.isArray(values)) throw foreign();
    return { texts: values, more };
  }

  /**
   * @param id of an event, 32 hex digits or a UUID
   * @param project empty for any
   * @returns null when nobody knows it
   */
  async findEvent(id: string, project: string, signal: AbortSignal): Promise<EventPlace | null> {
    const query = project ? `?${new URLSearchParams({ project }).toString()}` : '';
    try {
      const place = await this.request<EventPlace>(`/api/events/${id}${query}`, { signal });
      if (typeof place.error_id !== 'number' || !Array.isArray(place.others)) throw foreign();
      return place;
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return null;
      throw error;
    }
  }

  async getOverview(
    range: CountsRange,
    limit: number,
    offset: number,
    signal: AbortSignal,
  ): Promise<Overview> {
    const path = `/api/projects/overview?counts=${range}&limit=${limit}&offset=${offset}`;
    const answer = await this.request<Overview>(path, { signal });
    if (!Array.isArray(answer.projects)) throw foreign();
    return answer;
  }

  /** Projects with their ingest keys in force, by name. */
  async listProjectDetails(limit: number, offset: number, signal: AbortSignal): Promise<ProjectDetailsPage> {
    const path = `/api/projects/details?limit=${limit}&offset=${offset}`;
    const answer = await this.request<ProjectDetailsPage>(path, { signal });
    if (!Array.isArray(answer.projects)) throw foreign();
    return answer;
  }

  async createProject(name: string): Promise<ProjectDetails> {
    return this.request('/api/projects', { method: 'POST', json: { name } });
  }

  async setAllowedOrigins(projectId: number, origins: readonly string[]): Promise<ProjectDetails> {
    const json = { allowed_origins: origins };
    return this.request(`/api/projects/${projectId}`, { method: 'PATCH', json });
  }

  /** @param perMinute its limit, as it was written: the server says what is wrong with it */
  async createIngestKey(
    projectId: number,
    name: string,
    perMinute: number | string,
  ): Promise<IngestKeyDetails> {
    const json = { name, rate_limit_per_minute: perMinute };
    return this.request(`/api/projects/${projectId}/keys`, { method: 'POST', json });
  }

  /** Gives a key this name and this limit, written like that of a new key. */
  async changeIngestKey(
    projectId: number,
    id: number,
    name: string,
    perMinute: number | string,
  ): Promise<IngestKeyDetails> {
    const json = { name, rate_limit_per_minute: perMinute };
    return this.request(`/api/projects/${projectId}/keys/${id}`, { method: 'PATCH', json });
  }

  async revokeIngestKey(projectId: number, id: number): Promise<void> {
    await this.request(`/api/projects/${projectId}/keys/${id}/revoke`, { method: 'POST' });
  }

  /**
   * What was refused, cut, left out or lost, newest first.
   * @param projectId 0 for what belongs to no project, null for everything
   */
  async listLedger(
    projectId: number | null,
    limit: number,
    signal: AbortSignal | null = null,
  ): Promise<LedgerEntry[]> {
    const project = projectId === null ? '' : `&project_id=${projectId}`;
    const { entries } = await this.request<{ entries: LedgerEntry[] }>(
      `/api/ledger?limit=${limit}${project}`,
      signal ? { signal } : {},
    );
    if (!Array.isArray(entries)) throw foreign();
    return entries;
  }

  /** Deliveries of an error's alerts, or of all; newest first. */
  async listDeliveries(errorId: number | null, limit: number, signal: AbortSignal): Promise<DeliveryPage> {
    const error = errorId === null ? '' : `&error=${errorId}`;
    const answer = await this.request<DeliveryPage>(`/api/alerts/deliveries?limit=${limit}${error}`, {
      signal,
    });
    if (!Array.isArray(answer.deliveries)) throw foreign();
    return answer;
  }

  /**
   * What users said, newest first.
   * @param errorId of the error that it is about; null for what belongs to no error
   */
  async listFeedback(errorId: number | null, limit: number, signal: AbortSignal): Promise<FeedbackPage> {
    const which = errorId === null ? 'attached=false' : `error_id=${errorId}`;
    const path = `/api/feedback?${which}&limit=${limit}`;
    const answer = await this.request<FeedbackPage>(path, { signal });
    if (!Array.isArray(answer.feedback)) throw foreign();
    return answer;
  }

  async getAlertStatus(signal: AbortSignal): Promise<AlertStatus> {
    const answer = await this.request<Partial<AlertStatus>>('/api/alerts/status', { signal });
    if (!answer.mail || !answer.webhook) throw foreign();
    return answer as AlertStatus;
  }

  async getStatus(signal: AbortSignal): Promise<ServerStatus> {
    const answer = await this.request<ServerStatus>('/api/status', { signal });
    if (!Array.isArray(answer.settings)) throw foreign();
    return answer;
  }

  /** @returns what the server says of itself: `ok` */
  async getHealth(signal: AbortSignal): Promise<string> {
    const { status } = await this.request<{ status?: unknown }>('/health', { signal });
    if (typeof status !== 'string') throw foreign();
    return status;
  }

  async sendTestAlert(): Promise<void> {
    await this.request('/api/test-alert', { method: 'POST' });
  }

  /** @returns the id of the error; null when it was known before */
  async sendReport(report: Record<string, unknown>): Promise<number | null> {
    const { id } = await this.request<{ id?: number }>('/api/errors', { method: 'POST', json: report });
    return id ?? null;
  }

  /** Opens the stream of changes; its body is an event stream. */
  async openEvents(signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
    const response = await this.send('/api/events', { signal }, signal);
    if (response.ok && response.body) return response.body;
    throw this.toError(response, parseObject(await response.text()));
  }

  private async request<Answer>(path: string, options: RequestOptions): Promise<Answer> {
    const body = parseObject(await this.requestText(path, options));
    if (!body) throw foreign();
    return body as Answer;
  }

  private async requestText(path: string, options: RequestOptions): Promise<string> {
    const timeout = AbortSignal.timeout(answerTimeoutMs);
    const signal = options.signal ? AbortSignal.any([options.signal, timeout]) : timeout;
    const response = await this.send(path, options, signal);
    let text: string;
    try {
      text = await response.text();
    } catch (error) {
      throw toLost(error, options.signal);
    }
    if (response.ok) return text;
    throw this.toError(response, parseObject(text));
  }

  private async send(path: string, options: RequestOptions, signal: AbortSignal): Promise<Response> {
    const headers = this.headers();
    const { method = 'GET', json } = options;
    if (json !== undefined) headers.set('Content-Type', 'application/json');
    const body = json === undefined ? null : JSON.stringify(json);
    try {
      const response = await fetch(path, { method, headers, body, cache: 'no-store', signal });
      this.noteClock(response);
      return response;
    } catch (error) {
      throw toLost(error, options.signal);
    }
  }

  private noteClock(response: Response): void {
    const time = Date.parse(response.headers.get('Date') ?? '');
    if (!Number.isNaN(time)) this.clockAheadMs = time - Date.now();
  }

  private toError(response: Response, body: Record<string, unknown> | null): ApiError {
    const error = toApiError(response, body);
    if (error.failure === 'unauthorized') this.onUnauthorized();
    return error;
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

function toLost(error: unknown, asked: AbortSignal | undefined): unknown {
  return asked?.aborted ? error : unreachable(error, answerTimeoutMs);
}

function parseObject(
  text: string,
  parse: (text: string) => unknown = JSON.parse,
): Record<string, unknown> | null {
  try {
    const value = parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
