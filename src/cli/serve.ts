import { Logger } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { LineLogger } from '../common/line-logger';
import { AppConfig } from '../config/app-config';
import { loadConfig } from '../config/load-config';
import { createApp } from '../create-app';
import { version } from '../common/version';

/** Requests that are still running this long after a stop was asked for are cut off. */
const DRAIN_DEADLINE_MS = 8_000;

/** The address cannot be used: taken, not ours, or not allowed. */
export class ListenError extends Error {}

/**
 * Runs the server until a signal ends it.
 * @returns null: the process lives on
 * @throws ConfigError, DatabaseFileError or ListenError before anything listens
 */
export async function serve(env: NodeJS.ProcessEnv): Promise<null> {
  const config = loadConfig(env);
  surviveLostOutput();
  const app = await createApp(config, new LineLogger(config.logLevel));
  try {
    await app.listen(config.port, config.host);
  } catch (error) {
    await app.close();
    throw new ListenError(`${config.host}:${config.port} cannot be listened on: ${describe(error)}`);
  }
  announce(app, config);
  stopOnSignals(app);
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
  logger.log(`Database: ${resolve(config.databasePath)}`);
}

/** The first signal stops accepting, finishes what is under way and exits with 0; a second one ends at once. */
function stopOnSignals(app: NestExpressApplication): void {
  const logger = new Logger('App');
  let stopping = false;
  const stop = (signal: NodeJS.Signals) => {
    if (stopping) {
      logger.warn(`${signal} again: ending at once`);
      process.exit(1);
    }
    stopping = true;
    logger.log(`${signal}: finishing what is under way`);
    closeGracefully(app).then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error(`Stopping failed: ${String(error)}`);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

async function closeGracefully(app: NestExpressApplication): Promise<void> {
  const server = app.getHttpServer();
  // Connections that wait for a next request would keep the server open until they time out.
  const closingIdle = setInterval(() => server.closeIdleConnections(), 100);
  const deadline = setTimeout(() => server.closeAllConnections(), DRAIN_DEADLINE_MS);
  await app.close();
  clearInterval(closingIdle);
  clearTimeout(deadline);
}
