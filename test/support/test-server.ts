import type { NestExpressApplication } from '@nestjs/platform-express';
import type { AddressInfo } from 'node:net';
import { LineLogger } from '../../src/common/line-logger';
import { loadConfig } from '../../src/config/load-config';
import { createApp } from '../../src/create-app';
import { namesDatabase, openDatabase, temporaryDatabase } from './temporary-database';
import type { TestDatabase } from './test-database';

export const API_KEY = 'test-key';

export interface TestServer {
  /** without a trailing slash */
  url: string;
  app: NestExpressApplication;
  /** the test's own connection to what the server stores in, closed with the server */
  database: TestDatabase;
  /** the file, on SQLite */
  databasePath: string;
  /** fetch with the API key, a path in place of the address, and JSON in place of a body */
  call(path: string, options?: CallOptions): Promise<Answer>;
  close(): Promise<void>;
}

export interface CallOptions {
  method?: string;
  headers?: Record<string, string>;
  /** sent as JSON */
  json?: unknown;
  /** sent as it is */
  body?: string | Uint8Array;
}

export interface Answer {
  status: number;
  headers: Headers;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look into answers as they come
  body: any;
}

/**
 * Runs the real application on a free port of 127.0.0.1, with a database of its own and no rate limit.
 * @param env settings beside or instead of those
 */
export async function startTestServer(env: Record<string, string> = {}): Promise<TestServer> {
  const own = namesDatabase(env) ? null : await temporaryDatabase();
  const config = loadConfig({
    API_KEY,
    HOST: '127.0.0.1',
    PORT: '0',
    LOG_LEVEL: 'error',
    RATE_LIMIT_PER_MINUTE: '0',
    ...own?.env,
    ...env,
  });
  const app = await createApp(config, new LineLogger(config.logLevel)).catch(async (error: unknown) => {
    await own?.remove();
    throw error;
  });
  await app.listen(config.port, config.host);
  const server = app.getHttpServer();
  const database = openDatabase({ ...own?.env, ...env });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    app,
    database,
    databasePath: config.databasePath,
    call: (path, options) => call(`${url}${path}`, config.apiKey, options),
    close: async () => {
      server.closeAllConnections();
      await app.close();
      await database.close();
      await own?.remove();
    },
  };
}

async function call(url: string, apiKey: string, options: CallOptions = {}): Promise<Answer> {
  const { json, body = json === undefined ? undefined : JSON.stringify(json) } = options;
  const answer = await fetch(url, {
    method: options.method ?? (body === undefined ? 'GET' : 'POST'),
    headers: {
      'X-API-Key': apiKey,
      ...(json === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...options.headers,
    },
    body,
  });
  const text = await answer.text();
  const isJson = answer.headers.get('content-type')?.includes('json') ?? false;
  return { status: answer.status, headers: answer.headers, body: isJson ? JSON.parse(text) : text };
}
