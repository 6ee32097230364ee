import { setTimeout as delay } from 'node:timers/promises';
import type { SpawnedServer } from '../spawned-server';
import type { Answer } from '../test-server';
import type { Ledger } from './ledger';
import { reportOf, sendReport } from './send-report';
import { until } from './until';

/** Once the database is there again, reports are taken again within this time. */
export const BACK_WITHIN_MS = 5_000;

/** Nobody waits for longer to hear that something is not possible now. */
const AT_ONCE_MS = 1_000;

const READS = ['/api/errors', '/api/errors/1', '/api/projects', '/api/status'];

/** What may not be told to clients nor logged. */
const SECRET = /postgres:\/\/|127\.0\.0\.1|password|SELECT|INSERT|\bat .*\.js/;

/**
 * Asks a server for everything again and again while its database is away: it lives, is not ready, and refuses reports
 * and reads with 503, each at once.
 */
export async function expectOutage(server: SpawnedServer, durationMs: number): Promise<void> {
  const end = Date.now() + durationMs;
  do {
    const [health, ready, report, ...reads] = await Promise.all([
      timed(server.call('/health')),
      timed(server.call('/health/ready')),
      timed(server.call('/api/errors', { json: reportOf('during the outage') })),
      ...READS.map((path) => timed(server.call(path))),
    ]);
    expect(health.status).toBe(200);
    expect(ready).toMatchObject({ status: 503, body: { status: 'unavailable' } });
    for (const refused of [report, ...reads]) {
      expect(refused).toMatchObject({ status: 503, body: { detail: expect.stringMatching(/try again/) } });
      expect(refused.headers.get('retry-after')).toMatch(/^[15]$/);
    }
    for (const { body, tookMs } of [health, ready, report, ...reads]) {
      expect(JSON.stringify(body)).not.toMatch(SECRET);
      expect(tookMs).toBeLessThan(AT_ONCE_MS);
    }
    await delay(100);
  } while (Date.now() < end);
}

/**
 * Reports, reads and readiness are back in time.
 * @param ledger gets the reports that it sends
 */
export async function expectBack(
  server: SpawnedServer,
  ledger: Ledger,
  withinMs = BACK_WITHIN_MS,
): Promise<void> {
  const name = `back ${Math.random()}`;
  const isBack = async () => {
    const [report, ready, ...reads] = await Promise.all([
      sendReport(server.port, reportOf(name)),
      server.call('/health/ready'),
      ...['/api/errors', '/api/projects'].map((path) => server.call(path)),
    ]);
    ledger.note(name, report);
    return report.kind === 'acknowledged' && [ready, ...reads].every(({ status }) => status === 200);
  };
  await until(isBack, withinMs);
}

async function timed(answer: Promise<Answer>): Promise<Answer & { tookMs: number }> {
  const startedAt = Date.now();
  return { ...(await answer), tookMs: Date.now() - startedAt };
}
