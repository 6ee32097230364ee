import { loadConfig } from '../config/load-config';
import { withoutApiKey } from './without-api-key';

const TIMEOUT_MS = 3_000;

/**
 * Asks the server that listens with the same settings on this machine for `/health`.
 * @returns exit code: 0 when it answers as it should, else 1
 */
export async function checkHealth(env: NodeJS.ProcessEnv): Promise<number> {
  const { host, port } = loadConfig(withoutApiKey(env));
  const address = ['0.0.0.0', '::'].includes(host) ? '127.0.0.1' : host;
  const url = `http://${address.includes(':') ? `[${address}]` : address}:${port}/health`;
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (answer.ok) {
      process.stdout.write(`${url} is healthy\n`);
      return 0;
    }
    process.stderr.write(`${url} answered ${answer.status}\n`);
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    process.stderr.write(
      `${url} does not answer: ${cause instanceof Error ? cause.message : String(cause)}\n`,
    );
  }
  return 1;
}
