import { Logger } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { AddressInfo } from 'node:net';
import { LineLogger } from '../common/line-logger';
import { AppConfig } from '../config/app-config';
import { loadConfig } from '../config/load-config';
import { createApp } from '../create-app';
import { PreparedDatabase } from '../database/prepared-database';
import { Stopper } from './stopper';
import { version } from '../common/version';

/** The address cannot be used: taken, not ours, or not allowed. */
export class ListenError extends Error {}

/**
 * Runs the server until a signal ends it.
 * @returns null: the process lives on
 * @throws ConfigError, UnusableDatabaseError or ListenError before anything listens
 */
export async function serve(env: NodeJS.ProcessEnv): Promise<null> {
  const config = loadConfig(env);
  surviveLostOutput();
  const stopper = new Stopper();
  const app = await createApp(config, new LineLogger(config.logLevel));
  try {
    await app.listen(config.port, config.host);
  } catch (error) {
    await app.close();
    throw new ListenError(`${config.host}:${config.port} cannot be listened on: ${describe(error)}`);
  }
  announce(app, config);
  stopper.serves(app);
  return null;
}

/** Whoever reads the log may go away (`error-tracker | head`); reports are taken all the same. */
function surviveLostOutput(): void {
  process.stdout.on('error', () => undefined);
  process.stderr.on('error', () => undefined);
}

function describe(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') return 'another process listens there (set PORT to another port)';
  if (code === 'EACCES') return 'this user may not (ports below 1024 are for root)';
  return message;
}

function announce(app: NestExpressApplication, config: AppConfig): void {
  const { port } = app.getHttpServer().address() as AddressInfo;
  const address = `http://${['0.0.0.0', '::'].includes(config.host) ? 'localhost' : config.host}:${port}`;
  const logger = new Logger('App');
  logger.log(`error-tracker ${version} listens on ${address} (API documentation: ${address}/docs)`);
  logger.log(`Database: ${app.get(PreparedDatabase).shown}`);
}
