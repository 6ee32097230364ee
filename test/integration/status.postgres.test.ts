import { aReport } from '../support/reports';
import { startTestServer } from '../support/test-server';

test('GET /api/status of a server with PostgreSQL tells which one, without user and password', async () => {
  const server = await startTestServer();
  try {
    await server.call('/api/errors', { json: aReport() });
    const { body } = await server.call('/api/status');

    expect(body.sqlite).toBeNull();
    expect(body.database).toEqual({
      kind: 'postgres',
      version: expect.stringMatching(/^\d+(\.\d+)?/),
      path: null,
      address: expect.stringMatching(/^[^@/]+\/test_[0-9a-f]+$/),
      bytes: expect.any(Number),
    });
    expect(body.database.bytes).toBeGreaterThan(1_000_000);
    expect(body.errors).toEqual({ open: 1, resolved: 0 });
  } finally {
    await server.close();
  }
});
