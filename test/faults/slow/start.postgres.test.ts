import { freePort } from '../../support/free-port';
import { endSpawned, runProgram } from '../../support/spawned-server';
import { API_KEY } from '../../support/test-server';

afterEach(endSpawned);

describe('A server whose PostgreSQL does not come', () => {
  test('waits for half a minute and ends with one sentence, and no secret', async () => {
    const url = `postgres://tracker:a-secret@127.0.0.1:${await freePort()}/errors`;
    const startedAt = Date.now();
    const { code, stdout, stderr } = await runProgram({ env: { API_KEY, PORT: '0', DATABASE_URL: url } });
    const tookMs = Date.now() - startedAt;

    expect(code).toBe(1);
    expect(tookMs).toBeGreaterThan(29_000);
    expect(tookMs).toBeLessThan(40_000);
    const lines = stderr.trim().split('\n');
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/Waiting for PostgreSQL at 127\.0\.0\.1:\d+\/errors: connect ECONNREFUSED/);
    expect(lines[1]).toMatch(/cannot be used: connect ECONNREFUSED/);
    expect(stdout + stderr).not.toContain('a-secret');
  }, 60_000);
});
