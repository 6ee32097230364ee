import { type TemporaryDatabase, temporaryDatabase } from './temporary-database';
import { startTestServer, type TestServer } from './test-server';

/** A server that can be stopped and started again at the same address with the same database. */
export class RestartedServer {
  private database: TemporaryDatabase | null = null;
  private running: TestServer | null = null;
  private port = '0';

  async start(): Promise<TestServer> {
    this.database ??= await temporaryDatabase();
    const server = await startTestServer({ ...this.database.env, PORT: this.port });
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
    await this.database?.remove();
  }
}
