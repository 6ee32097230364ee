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

/** Names and values in turn, as `writeHead` takes them. Pages and their assets replace the `no-store`. */
export const STRICT_HEADERS: readonly string[] = [...headersOf(STRICT_POLICY), 'Cache-Control', 'no-store'];
const SWAGGER_UI_HEADERS: readonly string[] = [...headersOf(SWAGGER_UI_POLICY), 'Cache-Control', 'no-cache'];

/** Security headers on every answer; what the API says is never kept by a cache. */
export function setSecurityHeaders(app: NestExpressApplication): void {
  app.use((request: Request, response: Response, next: NextFunction) => {
    const underDocs = request.path === '/docs' || request.path.startsWith('/docs/');
    const headers = underDocs ? SWAGGER_UI_HEADERS : STRICT_HEADERS;
    for (let i = 0; i < headers.length; i += 2) response.setHeader(headers[i] ?? '', headers[i + 1] ?? '');
    next();
  });
}

/** What helmet sets is the same for every request, so it is asked once. */
function headersOf(directives: Record<string, string[]>): string[] {
  const headers: string[] = [];
  const setHeaders = helmet({
    contentSecurityPolicy: { useDefaults: false, directives },
    // Whether browsers must use TLS is decided by the proxy that offers it: this server speaks plain HTTP.
    strictTransportSecurity: false,
    xFrameOptions: { action: 'deny' },
  });
  const recorder = {
    setHeader: (name: string, value: string) => headers.push(name, value),
    removeHeader: () => undefined,
  };
  setHeaders({} as Request, recorder as unknown as ServerResponse, () => undefined);
  return headers;
}
