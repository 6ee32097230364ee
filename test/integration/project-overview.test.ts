import { toSqlTime } from '../../src/database/sql-time';
import { WriteQueue } from '../../src/errors/write-queue';
import { RetentionService } from '../../src/retention/retention.service';
import { aParsedReport, aReport, pythonTraceback } from '../support/reports';
import type { TestDatabase } from '../support/test-database';
import { startTestServer, type TestServer } from '../support/test-server';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

interface Row {
  id: number;
  message: string;
}

interface Summary {
  project: string;
  open: number;
  resolved: number;
  reports: number;
  counts: number[];
  newest: Row | null;
  most_frequent: Row | null;
}

interface Overview {
  counts: string;
  since: string;
  until: string;
  projects: Summary[];
  total: number;
  limit: number;
  offset: number;
}

describe('GET /api/projects/overview', () => {
  let server: TestServer;
  let fingerprints: number;
  let now: number;
  beforeEach(async () => {
    server = await startTestServer();
    fingerprints = 0;
    now = Date.now();
  });
  afterEach(() => server.close());

  const overview = async (query = ''): Promise<Overview> => {
    const answer = await server.call(`/api/projects/overview?${query}`);
    expect(answer.status).toBe(200);
    return answer.body as Overview;
  };
  const names = ({ projects }: Overview) => projects.map(({ project }) => project);
  /** An error of its own that was reported so many hours ago, the first time first; gives its id. */
  const reportAgo = async (project: string, ...hoursAgo: number[]): Promise<number> => {
    const fingerprint = (++fingerprints).toString(16).padStart(32, '0');
    let id = 0;
    for (const hours of hoursAgo) {
      const receivedAt = new Date(now - hours * HOUR_MS);
      ({ id } = await server.app
        .get(WriteQueue)
        .record(aParsedReport({ project, fingerprint, receivedAt }), 0));
    }
    return id;
  };
  const resolve = (id: number) => server.call(`/api/errors/${id}/resolve`, { method: 'POST' });

  it('is empty before the first report', async () => {
    const { since, until, ...rest } = await overview();
    expect(rest).toEqual({ counts: '24h', projects: [], total: 0, limit: 50, offset: 0 });
    expect(Date.parse(until) - Date.parse(since)).toBe(DAY_MS);
    expect(Date.parse(until) % HOUR_MS).toBe(0);
    expect(Date.parse(until)).toBeGreaterThan(Date.now() - 1_000);
    expect(Date.parse(until)).toBeLessThanOrEqual(Date.now() + HOUR_MS);
  });

  it('shows errors as the list does', async () => {
    await server.call('/api/errors', { json: aReport({ request_url: 'https://shop.example.com' }) });
    const [summary] = (await overview()).projects;
    const [row] = (await server.call('/api/errors')).body.errors as Row[];
    expect(summary).toMatchObject({ project: 'shop', open: 1, resolved: 0, reports: 1 });
    expect(summary?.newest).toEqual(row);
    expect(summary?.most_frequent).toEqual(row);
  });

  it('names the open error that is newest, and the one with most reports', async () => {
    const frequent = await reportAgo('shop', 300, 200, 100, 90);
    const old = await reportAgo('shop', 30, 0, 0);
    const newest = await reportAgo('shop', 20, 10);
    await resolve(await reportAgo('shop', 2, 2, 2, 2, 2, 2));
    const [summary] = (await overview()).projects;
    expect(summary).toMatchObject({ open: 3, resolved: 1 });
    expect(summary?.newest).toMatchObject({ id: newest, count: 2, resolved: false });
    expect(summary?.most_frequent).toMatchObject({ id: frequent, count: 4, resolved: false });
    await resolve(frequent);
    await resolve(newest);
    const [later] = (await overview()).projects;
    expect([later?.newest?.id, later?.most_frequent?.id]).toEqual([old, old]);
  });

  it('names the error with the highest id when two are alike', async () => {
    const ids = [await reportAgo('shop', 5), await reportAgo('shop', 5)];
    await server.database.run('UPDATE errors SET first_seen = ?', [toSqlTime(new Date())]);
    const [summary] = (await overview()).projects;
    expect([summary?.newest?.id, summary?.most_frequent?.id]).toEqual([ids[1], ids[1]]);
  });

  it('names the right errors of each project, however they lie among those of others', async () => {
    const errors = Array.from({ length: 600 }, (_, index) => ({
      id: index + 1,
      project: `project-${(index * 7919) % 41}`,
      count: 1 + ((index * 263) % 9),
      firstSeen: toSqlTime(new Date(now - ((index * 331) % 97) * HOUR_MS)),
      resolved: (index * 31) % 7 < 5,
    }));
    await insertErrors(server.database, errors);
    const { projects } = await overview('limit=200');
    expect(projects).toHaveLength(41);
    for (const { project, open, newest, most_frequent } of projects) {
      const ofProject = errors.filter((error) => error.project === project && !error.resolved);
      expect([project, open, newest?.id, most_frequent?.id]).toEqual([
        project,
        ofProject.length,
        highestBy('firstSeen', ofProject)?.id,
        highestBy('count', ofProject)?.id,
      ]);
    }
  });

  it('names no error of a project whose errors are all resolved or deleted', async () => {
    await resolve(await reportAgo('resolved', 0));
    const deleted = await reportAgo('deleted', 2_400, 0);
    await resolve(deleted);
    const longAgo = toSqlTime(new Date(Date.now() - 100 * DAY_MS));
    await server.database.run('UPDATE errors SET last_seen = ?, resolved_at = ? WHERE id = ?', [
      longAgo,
      longAgo,
      deleted,
    ]);
    await server.app.get(RetentionService).prune();
    const { projects } = await overview();
    const without = { newest: null, most_frequent: null, open: 0, reports: 1 };
    expect(projects).toMatchObject([
      { ...without, project: 'deleted', resolved: 0 },
      { ...without, project: 'resolved', resolved: 1 },
    ]);
  });

  it('cuts messages to 300 characters and breaks none of them', async () => {
    await server.call('/api/errors', { json: aReport({ message: `a${'😀'.repeat(400)}` }) });
    const [summary] = (await overview()).projects;
    expect(summary?.newest?.message).toBe(`a${'😀'.repeat(299)}`);
    expect(summary?.most_frequent?.message).toBe(summary?.newest?.message);
  });

  it.each([
    ['24h', HOUR_MS, 24],
    ['14d', DAY_MS, 14],
  ])('counts=%s gives the reports by interval, and in all', async (counts, intervalMs, length) => {
    const hoursAgo = [0, 0, 1, 22, 23, 24, 25, 47, 48, 200, 335, 336, 400];
    await reportAgo('shop', ...hoursAgo);
    await reportAgo('shop', 3, 30);
    await reportAgo('billing', 3);
    const { projects, since, until } = await overview(`counts=${counts}`);
    expect(Date.parse(until) - Date.parse(since)).toBe(intervalMs * length);
    const times = [...hoursAgo, 3, 30].map((hours) => now - hours * HOUR_MS);
    const expected = Array.from({ length }, (_, index) => {
      const start = Date.parse(since) + index * intervalMs;
      return times.filter((time) => time >= start && time < start + intervalMs).length;
    });
    const shop = projects.find(({ project }) => project === 'shop');
    expect(shop?.counts).toEqual(expected);
    expect(shop?.reports).toBe(expected.reduce((sum, n) => sum + n));
    expect(projects.find(({ project }) => project === 'billing')?.reports).toBe(1);
  });

  it('leaves out what was counted for hours to come, before the clock was set back', async () => {
    await reportAgo('shop', -48, 0);
    expect((await overview()).projects).toMatchObject([{ reports: 1 }]);
  });

  it('sorts by the reports in the range, then by name', async () => {
    await reportAgo('quiet', 400, 400, 400);
    await reportAgo('b', 0, 1);
    await reportAgo('a', 0, 1);
    await reportAgo('lately', 30, 30, 30, 0);
    await reportAgo('Z', 0);
    expect(names(await overview())).toEqual(['a', 'b', 'Z', 'lately', 'quiet']);
    expect(names(await overview('counts=14d'))).toEqual(['lately', 'a', 'b', 'Z', 'quiet']);
  });

  it('takes project names as they are', async () => {
    const hostile = [
      '__proto__',
      'constructor',
      "'; DROP TABLE errors; --",
      '<script>alert(1)</script>',
      '%',
      '_',
      'a b\tc',
      '0',
      'null',
      '名前',
      '😀'.repeat(50),
      'x'.repeat(100),
      'é',
      'e\u0301',
    ];
    for (const project of hostile) await server.call('/api/errors', { json: aReport({ project }) });
    const known = (await server.call('/api/projects')).body.projects as string[];
    expect(known).toHaveLength(hostile.length);
    const { projects, total } = await overview();
    expect(total).toBe(hostile.length);
    expect(projects.map(({ project }) => project)).toEqual(known);
    for (const summary of projects) {
      expect(summary).toMatchObject({ open: 1, reports: 1, newest: { project: summary.project } });
    }
  });

  it('gives every one of 3,000 projects once, page by page', async () => {
    await seedProjects(server.database, 3_000);
    const seen: Summary[] = [];
    for (let offset = 0; offset < 3_000; offset += 200) {
      const page = await overview(`limit=200&offset=${offset}`);
      expect(page).toMatchObject({ total: 3_000, limit: 200, offset });
      seen.push(...page.projects);
    }
    const sorted = Array.from({ length: 3_000 }, (_, i) => ({
      project: `project-${i}`,
      reports: i % 7,
    })).sort((left, right) => right.reports - left.reports || (left.project < right.project ? -1 : 1));
    expect(seen.map(({ project, reports }) => ({ project, reports }))).toEqual(sorted);
    expect((await overview('limit=10&offset=2995')).projects).toHaveLength(5);
    expect((await overview('offset=3000')).projects).toEqual([]);
    expect((await overview('limit=1')).projects).toHaveLength(1);
  }, 30_000);

  it.each([
    ['counts=1h', 'counts must be one of 24h, 14d'],
    ['counts=', 'counts must be one of 24h, 14d'],
    ['counts=24h&counts=14d', 'counts must be one of 24h, 14d'],
    ['counts[]=24h&counts=__proto__', 'counts must be one of 24h, 14d'],
    ['limit=0', 'limit must be a whole number from 1 to 200'],
    ['limit=201', 'limit must be a whole number from 1 to 200'],
    ['limit=ten', 'limit must be a whole number from 1 to 200'],
    ['offset=-1', 'offset must be a whole number of at least 0'],
    ['offset=1e3', 'offset must be a whole number of at least 0'],
    ['limit=5&limit=6', 'limit must be a whole number from 1 to 200'],
  ])('refuses ?%s', async (query, detail) => {
    const answer = await server.call(`/api/projects/overview?${query}`);
    expect(answer).toMatchObject({ status: 400, body: { detail } });
  });

  it('answers many at once, beside lists and reports', async () => {
    const calls = Array.from({ length: 10 }, (_, i) => [
      server.call('/api/projects/overview'),
      server.call('/api/errors?limit=200'),
      server.call('/api/errors', { json: aReport({ traceback: pythonTraceback('a.py', i + 1) }) }),
    ]).flat();
    for (const { status } of await Promise.all(calls)) expect([200, 201]).toContain(status);
    const [summary] = (await overview()).projects;
    expect(summary).toMatchObject({ open: 10, reports: 10 });
  });
});

interface Seeded {
  id: number;
  project: string;
  count: number;
  firstSeen: string;
  resolved: boolean;
}

/** The one with the highest value, of several such the one with the highest id. */
function highestBy(key: 'firstSeen' | 'count', errors: Seeded[]): Seeded | null {
  return errors.reduce<Seeded | null>(
    (best, error) => (!best || error[key] >= best[key] ? error : best),
    null,
  );
}

async function insertErrors(database: TestDatabase, errors: Seeded[]): Promise<void> {
  const rows = errors.map(({ id, project, count, firstSeen, resolved }) => ({
    id,
    fingerprint: id.toString(16).padStart(32, '0'),
    project,
    exception_type: 'ValueError',
    message: 'message',
    traceback: '',
    count,
    first_seen: firstSeen,
    last_seen: firstSeen,
    resolved,
    source: 'server',
  }));
  await database.insert('errors', rows);
}

/** Projects with one error each; `project-9` has 9 % 7 reports in this hour. */
async function seedProjects(database: TestDatabase, count: number): Promise<void> {
  const firstSeen = toSqlTime(new Date());
  const projects = Array.from({ length: count }, (_, i) => ({ project: `project-${i}`, reports: i % 7 }));
  await insertErrors(
    database,
    projects.map(({ project }, i) => ({ id: i + 1, project, count: 1, firstSeen, resolved: false })),
  );
  const hour = Math.floor(Date.now() / HOUR_MS);
  const hours = projects.map(({ project, reports }) => ({ project, hour, n: reports }));
  await database.insert(
    'project_hours',
    hours.filter(({ n }) => n > 0),
  );
}
