import { Injectable, OnApplicationShutdown, OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { Counter, Histogram, Registry } from 'prom-client';
import { IngestGate } from '../ingest/ingest-gate';
import { parseSentryPath } from '../ingest/sentry/sentry-path';

/** On these channels Node tells of every request of every server of the process, and costs nothing when nobody hears. */
const REQUEST_STARTED = 'http.server.request.start';
const RESPONSE_FINISHED = 'http.server.response.finish';

interface Exchange {
  /** Express notes the route that it found */
  request: IncomingMessage & { route?: { path?: unknown } };
  response: ServerResponse;
  server: Server;
}

const NATIVE_ROUTE = '/api/errors';
/** Of Sentry SDKs; what follows is `envelope`, `store` or `security`. */
const SENTRY_ROUTE = '/api/:project_id/';
/** Clients may ask for any path, by any method that Node knows. */
const OTHER = 'other';
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

const DURATION_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Counts from the start what alerts look at: a counter that appears with its first value has not grown by it. */
const COUNTED_FROM_START = [
  { outcome: 'created', status: 201 },
  { outcome: 'existing', status: 200 },
  { outcome: 'accepted', status: 200 },
  { outcome: 'refused', status: 429 },
  { outcome: 'refused', status: 503 },
];

/** Counts requests when they have been answered, those that gates answer before Express sees them included. */
@Injectable()
export class HttpMetrics implements OnModuleInit, OnApplicationShutdown {
  private readonly startedMs = new WeakMap<IncomingMessage, number>();
  private readonly durations: Histogram<'method' | 'route' | 'status'>;
  private readonly reports: Counter<'outcome' | 'status'>;
  private server: Server | null = null;

  constructor(
    registry: Registry,
    private readonly adapterHost: HttpAdapterHost,
    private readonly gate: IngestGate,
  ) {
    this.durations = new Histogram({
      name: 'error_tracker_http_request_duration_seconds',
      help: 'Time from the head of a request to the end of its answer, by method, route and class of status',
      labelNames: ['method', 'route', 'status'],
      buckets: DURATION_BUCKETS,
      registers: [registry],
    });
    this.reports = new Counter({
      name: 'error_tracker_reports_total',
      help: 'Reports that were answered, by outcome and HTTP status',
      labelNames: ['outcome', 'status'],
      registers: [registry],
    });
    for (const labels of COUNTED_FROM_START) this.reports.inc(labels, 0);
  }

  onModuleInit(): void {
    this.server = this.adapterHost.httpAdapter.getHttpServer() as Server;
    subscribe(REQUEST_STARTED, this.onStarted);
    subscribe(RESPONSE_FINISHED, this.onFinished);
  }

  onApplicationShutdown(): void {
    unsubscribe(REQUEST_STARTED, this.onStarted);
    unsubscribe(RESPONSE_FINISHED, this.onFinished);
  }

  private readonly onStarted = (message: unknown): void => {
    const { request, server } = message as Exchange;
    if (server === this.server) this.startedMs.set(request, performance.now());
  };

  private readonly onFinished = (message: unknown): void => {
    const { request, response } = message as Exchange;
    const startedMs = this.startedMs.get(request);
    if (startedMs === undefined) return;
    const { statusCode } = response;
    const method = METHODS.has(request.method ?? '') ? request.method : OTHER;
    const route = this.routeOf(request);
    const status = `${Math.floor(statusCode / 100)}xx`;
    this.durations.observe({ method, route, status }, (performance.now() - startedMs) / 1000);
    if (method !== 'POST') return;
    if (route === NATIVE_ROUTE) this.reports.inc({ outcome: outcomeOf(statusCode), status: statusCode });
    // What became of an event its answer does not say.
    else if (route.startsWith(SENTRY_ROUTE))
      this.reports.inc({ outcome: statusCode === 200 ? 'accepted' : 'refused', status: statusCode });
  };

  private routeOf(request: Exchange['request']): string {
    if (this.gate.takes(request)) return NATIVE_ROUTE;
    const sentry = parseSentryPath(request.url ?? '');
    if (sentry) return SENTRY_ROUTE + sentry.route;
    const path = request.route?.path;
    return typeof path === 'string' ? path : OTHER;
  }
}

function outcomeOf(status: number): string {
  if (status === 201) return 'created';
  return status === 200 ? 'existing' : 'refused';
}
