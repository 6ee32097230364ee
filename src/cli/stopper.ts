import { Logger } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** Requests that are still running this long after a stop was asked for are cut off. */
const DRAIN_DEADLINE_MS = 8_000;

/**
 * Ends the process on SIGTERM and SIGINT: the first signal stops accepting, finishes what is under way and exits with
 * 0; a second one ends at once. States: *starting* (a signal ends the process, nothing is under way yet), *serving*,
 * *stopping*.
 */
export class Stopper {
  private readonly logger = new Logger('App');
  private app: NestExpressApplication | null = null;
  private readonly sockets = new Set<Socket>();
  private stopping = false;

  constructor() {
    process.on('SIGTERM', (signal) => this.stop(signal));
    process.on('SIGINT', (signal) => this.stop(signal));
  }

  /** From now on there may be requests under way. */
  serves(app: NestExpressApplication): void {
    this.app = app;
    const server = app.getHttpServer();
    server.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
    });
  }

  private stop(signal: NodeJS.Signals): void {
    if (!this.app) process.exit(0);
    if (this.stopping) {
      this.logger.warn(`${signal} again: ending at once`);
      // process.exit would wait for threads in the middle of a call to SQLite, and crash on them.
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
      return;
    }
    this.stopping = true;
    this.logger.log(`${signal}: finishing what is under way`);
    this.close(this.app).then(
      () => process.exit(0),
      (error: unknown) => {
        this.logger.error(`Stopping failed: ${String(error)}`);
        process.exit(1);
      },
    );
  }

  private async close(app: NestExpressApplication): Promise<void> {
    const server = app.getHttpServer();
    const closingIdle = setInterval(() => this.closeIdle(server), 100);
    const deadline = setTimeout(() => server.closeAllConnections(), DRAIN_DEADLINE_MS);
    await app.close();
    clearInterval(closingIdle);
    clearTimeout(deadline);
  }

  /** Connections that wait for a next request, or on which nothing ever came (browsers open such ahead of need). */
  private closeIdle(server: Server): void {
    server.closeIdleConnections();
    for (const socket of this.sockets) {
      if (socket.bytesRead === 0) socket.destroy();
    }
  }
}
