import type { NestExpressApplication } from '@nestjs/platform-express';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { AppConfig } from './config/app-config';
import { withoutPassword } from './config/load-config';
import { version } from './common/version';

const DESCRIPTION = `
Backends and browsers report exceptions here; they are grouped by fingerprint, counted and shown.

* Every route but those under \`/health\` needs the header \`X-API-Key\`: press **Authorize** to set it. An ingest key can send reports, and nothing else.
* Every answer that is no success is JSON with one clear sentence: \`{"detail": "…"}\`.
* Times are ISO 8601 in UTC, ending in \`Z\`.
* A 2xx answer to a report means that the report is on disk.
`;

/** Swagger UI at `/docs`, the document at `/docs-json`. */
export function serveOpenApi(app: NestExpressApplication, config: AppConfig): void {
  const builder = new DocumentBuilder()
    .setTitle('error-tracker')
    .setDescription(DESCRIPTION)
    .setVersion(version)
    .setLicense('MIT', 'https://opensource.org/license/mit')
    .addApiKey({ type: 'apiKey', in: 'header', name: 'X-API-Key' }, 'key')
    .addApiKey({ type: 'apiKey', in: 'header', name: 'X-Ingest-Key' }, 'ingest-key')
    .addApiKey({ type: 'apiKey', in: 'query', name: 'key' }, 'ingest-key-in-address')
    .addApiKey({ type: 'apiKey', in: 'query', name: 'sentry_key' }, 'sentry-key')
    .addSecurityRequirements('key')
    .addServer('/', `this server (links in mails lead to ${withoutPassword(config.baseUrl)})`)
    .build();
  SwaggerModule.setup('docs', app, () => SwaggerModule.createDocument(app, builder), {
    jsonDocumentUrl: 'docs-json',
    yamlDocumentUrl: 'docs-yaml',
    customSiteTitle: 'error-tracker API',
    swaggerOptions: { persistAuthorization: true, displayRequestDuration: true },
  });
}
