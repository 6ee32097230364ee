import type { NestExpressApplication } from '@nestjs/platform-express';
import { join } from 'node:path';
import sirv from 'sirv';
import { clientFolder } from './client-folder';

const YEAR_S = 365 * 86_400;

/**
 * Serves the scripts and styles of the dashboard at `/assets`, compressed when the browser takes that. Their names hold
 * a hash of their content, so that browsers keep them for good.
 */
export function serveAssets(app: NestExpressApplication): void {
  const folder = join(clientFolder(), 'assets');
  app.use('/assets', sirv(folder, { maxAge: YEAR_S, immutable: true, brotli: true, gzip: true }));
}
