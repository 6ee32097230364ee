import type { NestExpressApplication } from '@nestjs/platform-express';
import { join } from 'node:path';
import sirv from 'sirv';
import { clientFolder } from './client-folder';

/** A year. It has to be set for each answer: sirv leaves alone what security-headers.ts has set before. */
const KEPT_FOR_GOOD = 'public, max-age=31536000, immutable';

/**
 * Serves the scripts and styles of the dashboard at `/assets`, compressed when the browser takes that. Their names hold
 * a hash of their content, so that browsers keep them for good.
 */
export function serveAssets(app: NestExpressApplication): void {
  const serve = sirv(join(clientFolder(), 'assets'), {
    brotli: true,
    gzip: true,
    setHeaders: (response) => response.setHeader('Cache-Control', KEPT_FOR_GOOD),
  });
  app.use('/assets', serve);
}
