import fc from 'fast-check';
import { PRUNE_START } from '../../src/errors/error-pruner';
import { WriteQueue } from '../../src/errors/write-queue';
import { aReport, pythonTraceback } from '../support/reports';
import type { TestServer } from '../support/test-server';
import { startTestServer } from '../support/test-server';

describe('totals of the list', () => {
  let server: TestServer;

  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server.close());

  const project = fc.constantFrom('shop', 'billing');
  const line = fc.integer({ min: 1, max: 6 });
  const step = fc.oneof(
    fc.record({ kind: fc.constant('report' as const), project, line, browser: fc.boolean() }),
    fc.record({
      kind: fc.constant('act' as const),
      action: fc.constantFrom('resolve', 'reopen', 'delete'),
      // how far below the newest id: ids are never used again
      back: fc.array(fc.nat({ max: 15 }), { minLength: 1, maxLength: 20 }),
    }),
    fc.record({ kind: fc.constant('prune' as const) }),
  );

  it('stay right while errors are created, resolved, reopened, deleted and pruned', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
        for (const taken of steps) await take(taken);
        expect(await listedTotals()).toEqual(await countedTotals());
      }),
      { numRuns: 40 },
    );
  });

  async function take(taken: typeof step extends fc.Arbitrary<infer Step> ? Step : never): Promise<void> {
    if (taken.kind === 'act') {
      const newest = await server.database.value<number | null>('SELECT max(id) FROM errors');
      const { action } = taken;
      const ids = taken.back.map((back) => Math.max(0, (newest ?? 0) - back));
      expect((await server.call('/api/errors/bulk', { json: { action, ids } })).status).toBe(200);
    } else if (taken.kind === 'prune') {
      const before = new Date(Date.now() + 60_000);
      await server.app.get(WriteQueue).ask({ kind: 'prune', before, from: PRUNE_START, batchSize: 100 });
    } else {
      const { project: name, line: at, browser } = taken;
      const json = aReport({ project: name, traceback: pythonTraceback('counts.py', at) });
      await server.call('/api/errors', { json: browser ? { ...json, request_method: 'BROWSER' } : json });
    }
  }

  const filters = ['', 'project=shop', 'project=billing'].flatMap((name) =>
    ['', 'resolved=true', 'resolved=false'].flatMap((resolved) =>
      ['', 'source=browser', 'source=server'].map((source) => [name, resolved, source]),
    ),
  );

  async function listedTotals(): Promise<number[]> {
    const totals: number[] = [];
    for (const filter of filters) {
      const { body } = await server.call(`/api/errors?${filter.filter(Boolean).join('&')}`);
      totals.push(body.total as number);
      expect(body.errors).toHaveLength(Math.min(body.total as number, 50));
    }
    return totals;
  }

  function countedTotals(): Promise<number[]> {
    const counted = filters.map((filter) => {
      const where = filter
        .filter(Boolean)
        .map((one) =>
          one.replace(
            /=(\w+)/,
            (_, value: string) => ` = ${['true', 'false'].includes(value) ? value : `'${value}'`}`,
          ),
        );
      return server.database.value<number>(
        `SELECT count(*) FROM errors WHERE ${['true', ...where].join(' AND ')}`,
      );
    });
    return Promise.all(counted);
  }
});
