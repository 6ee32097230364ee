import { join } from 'node:path';
import { temporaryFolder } from './temporary-folder';
import { startTestServer, type TestServer } from './test-server';

/** A server that can be stopped and started again at the same address with the same database. */
export class RestartedServer {
  private readonly folder = temporaryFolder();
  private running: TestServer | null = null;
  private port = '0';

  async start(): Promise<TestServer> {
    const DATABASE_PATH = join(this.folder.path, 'errors.db');
    const server = await startTestServer({ DATABASE_PATH, PORT: this.port });
    this.running = server;
    this.port = new URL(server.url).port;
    return server;
  }

  async stop(): Promise<void> {
    await this.running?.close();
    this.running = null;
  }

  async end(): Promise<void> {
    await this.stop();
    this.folder.remove();
  }
}
