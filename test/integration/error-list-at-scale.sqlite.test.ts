import type Database from 'better-sqlite3';
import { toSqlTime } from '../../src/database/sql-time';
import { SqliteConnection } from '../../src/database/sqlite/sqlite-connection';
import type { ErrorFilter } from '../../src/errors/error-filter';
import { SORTS } from '../../src/errors/list-cursor';
import { ListErrors } from '../../src/errors/list-errors';
import { parseTag } from '../../src/errors/tag-filter';
import {
  filterOf,
  oldest,
  searches,
  seedErrors,
  type Seeded,
  states,
  timeAfter,
} from '../support/seeded-errors';
import { seedTags } from '../support/seeded-tags';
import { openSqlite } from '../support/sqlite-database';
import { startTestServer, type TestServer } from '../support/test-server';

describe('The list of many errors in a file', () => {
  let server: TestServer;
  let connection: Database.Database;
  let seeded: Seeded[];

  beforeAll(async () => {
    server = await startTestServer();
    seeded = await seedErrors(server.database);
    connection = openSqlite(server.databasePath);
  }, 60_000);
  afterAll(async () => {
    connection.close();
    await server.close();
  });

  it('reads only indexes to find a page, and sorts nothing', async () => {
    const narrowed = [...states, ...searches, ...states.map((state) => `${state}&search=zq`)];
    const ranges = ['', `since=${timeAfter(500)}`, `since=${timeAfter(36_000)}&until=${timeAfter(36_500)}`];
    const queries = narrowed.flatMap((filter) => ranges.map((range) => `${filter}&${range}`));

    const finding = await statementsOf(queries.map(filterOf));
    expect(finding.length).toBeGreaterThan(200);
    for (const detail of finding.flatMap(planOf)) {
      expect(detail).not.toMatch(/TEMP B-TREE|SCAN errors$|SCAN error_search_content/);
    }
  }, 60_000);

  it('looks up tags one by one by their index, and sorts nothing', async () => {
    await seedTags(server.database, seeded.slice(0, 40_000));
    const narrowed = ['', 'project=tiny', 'resolved=true', 'project=shop&resolved=false&source=server'];
    const queries = [...narrowed, 'search=needle', 'search=timeout', `since=${timeAfter(500)}`];
    const tags = ['environment:production', 'level:error', 'sparse:yes', 'release:shop@7'].map((tag) =>
      parseTag(tag)!,
    );
    const filters = tags.flatMap((_, at) =>
      queries.map((query) => ({ ...filterOf(query), tags: tags.slice(at, at + 2) })),
    );

    const finding = (await statementsOf(filters)).filter((sql) => sql.includes('error_tags'));
    expect(finding.length).toBeGreaterThan(50);
    for (const detail of finding.flatMap(planOf)) {
      expect(detail).not.toMatch(/TEMP B-TREE|SCAN errors$|SCAN error_search_content|SCAN error_tags/);
      if (detail.includes('error_tags'))
        expect(detail).toMatch(/COVERING INDEX error_tags_by_value \(name=\?/);
    }
  }, 60_000);

  /** What is asked to find pages of lists, at their top, deep in them and after a place. */
  async function statementsOf(filters: ErrorFilter[]): Promise<string[]> {
    const statements = new Set<string>();
    const asked = new SqliteConnection(connection, false);
    const ask = asked.all.bind(asked);
    asked.all = (sql, parameters) => {
      statements.add(sql);
      return ask(sql, parameters);
    };
    const listErrors = new ListErrors(asked);
    for (const filter of filters) {
      for (const sort of SORTS) {
        const key = sort === 'count' ? 50 : toSqlTime(new Date(oldest + 36_200_000));
        for (const page of [
          { offset: 0, after: null },
          { offset: filter.search ? 1_100 : 100_000, after: null },
          { offset: 0, after: { id: 17, key } },
        ]) {
          await listErrors.list(filter, { sort, limit: 5, ...page }, new Date());
        }
      }
    }
    return [...statements].filter((sql) => !sql.includes('_hours'));
  }

  function planOf(sql: string): string[] {
    const nulls = Array.from(sql.matchAll(/\?/g), () => null);
    const plan = connection.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...nulls) as { detail: string }[];
    return plan.map(({ detail }) => detail);
  }
});
