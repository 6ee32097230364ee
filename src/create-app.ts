import { Logger, LoggerService } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { AppModule } from './app.module';
import { HttpErrorFilter } from './common/http-error.filter';
import { hardenServer } from './common/harden-server';
import { setSecurityHeaders } from './common/security-headers';
import { AppConfig } from './config/app-config';
import { serveAssets } from './dashboard/serve-assets';
import { GateExpressAdapter } from './ingest/gate-express-adapter';
import { IngestGate } from './ingest/ingest-gate';
import { SentryGate } from './ingest/sentry/sentry-gate';
import { serveOpenApi } from './openapi';

/**
 * Builds the whole application; the database is open and migrated when this resolves.
 * @throws UnusableDatabaseError when the database file cannot be used
 */
export async function createApp(config: AppConfig, logger: LoggerService): Promise<NestExpressApplication> {
  const adapter = new GateExpressAdapter();
  const app = await NestFactory.create<NestExpressApplication>(AppModule.of(config), adapter, {
    logger,
    // The few routes with a body read it themselves, after key and rate limit (common/body-reader.ts).
    bodyParser: false,
    abortOnError: false,
  });
  adapter.useGates([app.get(IngestGate), app.get(SentryGate)]);
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', 'simple');
  setSecurityHeaders(app);
  serveAssets(app);
  app.useGlobalFilters(new HttpErrorFilter());
  serveOpenApi(app, config);
  hardenServer(app.getHttpServer(), new Logger('Http'));
  return app;
}
