import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';
import helmet from 'helmet';
import type { ServerResponse } from 'node:http';

const STRICT_POLICY = {
  defaultSrc: ["'none'"],
  scriptSrc: ["'self'"],
  styleSrc: ["'self'"],
  imgSrc: ["'self'", 'data:'],
  connectSrc: ["'self'"],
  baseUri: ["'none'"],
  formAction: ["'self'"],
  frameAncestors: ["'none'"],
};

/** Swagger UI sets styles from its script. */
const SWAGGER_UI_POLICY = { ...STRICT_POLICY, styleSrc: ["'self'", "'unsafe-inline'"] };

/** What the API says is never shown as a page, so that fewer headers say all: they cost time on every report. */
const API_POLICY = { defaultSrc: ["'none'"], frameAncestors: ["'none'"] };
const UNUSED_BY_THE_API = {
  crossOriginOpenerPolicy: false,
  crossOriginResourcePolicy: false,
  originAgentCluster: false,
  referrerPolicy: false,
  xDnsPrefetchControl: false,
  xDownloadOptions: false,
  xPermittedCrossDomainPolicies: false,
  xXssProtection: false,
} as const;

/** Names and values in turn, as `writeHead` takes them. */
export const API_HEADERS: readonly string[] = [
  ...headersOf(API_POLICY, UNUSED_BY_THE_API),
  'Cache-Control',
  'no-store',
];
const PAGE_HEADERS: readonly string[] = [...headersOf(STRICT_POLICY), 'Cache-Control', 'no-cache'];
const SWAGGER_UI_HEADERS: readonly string[] = [...headersOf(SWAGGER_UI_POLICY), 'Cache-Control', 'no-cache'];

/** Security headers on every answer; what the API says is never kept by a cache. */
export function setSecurityHeaders(app: NestExpressApplication): void {
  app.use((request: Request, response: Response, next: NextFunction) => {
    const headers = headersFor(request.path.toLowerCase());
    for (let i = 0; i < headers.length; i += 2) response.setHeader(headers[i] ?? '', headers[i + 1] ?? '');
    next();
  });
}

function headersFor(path: string): readonly string[] {
  if (path.startsWith('/api/') || /^\/(health|metrics)(\/|$)/.test(path)) return API_HEADERS;
  return path === '/docs' || path.startsWith('/docs/') ? SWAGGER_UI_HEADERS : PAGE_HEADERS;
}

/** What helmet sets is the same for every request, so it is asked once. */
function headersOf(
  directives: Record<string, string[]>,
  options: Partial<typeof UNUSED_BY_THE_API> = {},
): string[] {
  const headers: string[] = [];
  const setHeaders = helmet({
    contentSecurityPolicy: { useDefaults: false, directives },
    // Whether browsers must use TLS is decided by the proxy that offers it: this server speaks plain HTTP.
    strictTransportSecurity: false,
    xFrameOptions: { action: 'deny' },
    ...options,
  });
  const recorder = {
    setHeader: (name: string, value: string) => headers.push(name, value),
    removeHeader: () => undefined,
  };
  setHeaders({} as Request, recorder as unknown as ServerResponse, () => undefined);
  return headers;
}
