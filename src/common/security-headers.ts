import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';
import helmet from 'helmet';

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

const shared = {
  // Whether browsers must use TLS is decided by the proxy that offers it: this server speaks plain HTTP.
  strictTransportSecurity: false,
  xFrameOptions: { action: 'deny' as const },
};

/** Security headers on every answer; what the API says is never kept by a cache. */
export function setSecurityHeaders(app: NestExpressApplication): void {
  const strict = helmet({
    ...shared,
    contentSecurityPolicy: { useDefaults: false, directives: STRICT_POLICY },
  });
  const swaggerUi = helmet({
    ...shared,
    contentSecurityPolicy: { useDefaults: false, directives: SWAGGER_UI_POLICY },
  });
  app.use((request: Request, response: Response, next: NextFunction) => {
    const underDocs = request.path === '/docs' || request.path.startsWith('/docs/');
    // Pages and their assets set their own.
    response.setHeader('Cache-Control', underDocs ? 'no-cache' : 'no-store');
    (underDocs ? swaggerUi : strict)(request, response, next);
  });
}
