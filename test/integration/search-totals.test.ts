import { WriteQueue } from '../../src/errors/write-queue';
import { parseReport } from '../../src/ingest/parse-report';
import { aReport } from '../support/reports';
import { startTestServer, type TestServer } from '../support/test-server';

describe('the total of a search that 1,500 errors fit', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
    const queue = server.app.get(WriteQueue);
    const reports = Array.from({ length: 1_500 }, (_, i) =>
      parseReport(JSON.stringify(aReport({ message: 'needle', traceback: `place ${i}` })), new Date()),
    );
    await Promise.all(reports.map((report) => queue.record(report, 0)));
  });
  afterAll(() => server.close());

  it.each(['search=needle', 'search=ne', 'search=needle&project=shop', 'search=needle&resolved=false'])(
    'is exact for ?%s, on the first page and on a late one',
    async (query) => {
      for (const offset of [0, 1_200, 1_499]) {
        const { body } = await server.call(`/api/errors?${query}&limit=50&offset=${offset}`);
        expect(body.total).toBe(1_500);
        expect(body.total_is_lower_bound).toBeUndefined();
        expect(body.errors).toHaveLength(Math.min(50, 1_500 - offset));
      }
    },
  );
});
