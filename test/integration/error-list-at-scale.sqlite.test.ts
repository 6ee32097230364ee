import type Database from 'better-sqlite3';
import { toSqlTime } from '../../src/database/sql-time';
import { SORTS } from '../../src/errors/list-cursor';
import { ListErrors } from '../../src/errors/list-errors';
import { filterOf, oldest, searches, seedErrors, states, timeAfter } from '../support/seeded-errors';
import { openSqlite } from '../support/sqlite-database';
import { startTestServer, type TestServer } from '../support/test-server';

describe('The list of many errors in a file', () => {
  let server: TestServer;
  let connection: Database.Database;

  beforeAll(async () => {
    server = await startTestServer();
    await seedErrors(server.database);
    connection = openSqlite(server.databasePath);
  }, 60_000);
  afterAll(async () => {
    connection.close();
    await server.close();
  });

  it('reads only indexes to find a page, and sorts nothing', () => {
    const statements = new Set<string>();
    const prepare = connection.prepare.bind(connection);
    const spied = Object.assign(Object.create(connection) as Database.Database, {
      prepare: (sql: string) => {
        statements.add(sql);
        return prepare(sql);
      },
      transaction: <F>(list: F) => list,
    });
    const listErrors = new ListErrors(spied);
    const narrowed = [...states, ...searches, ...states.map((state) => `${state}&search=zq`)];
    const ranges = ['', `since=${timeAfter(500)}`, `since=${timeAfter(36_000)}&until=${timeAfter(36_500)}`];
    for (const query of narrowed.flatMap((filter) => ranges.map((range) => `${filter}&${range}`))) {
      const filter = filterOf(query);
      for (const sort of SORTS) {
        const key = sort === 'count' ? 50 : toSqlTime(new Date(oldest + 36_200_000));
        for (const page of [
          { offset: 0, after: null },
          { offset: filter.search ? 1_100 : 100_000, after: null },
          { offset: 0, after: { id: 17, key } },
        ]) {
          listErrors.list(filter, { sort, limit: 5, ...page }, new Date());
        }
      }
    }
    const finding = [...statements].filter((sql) => !sql.includes('_hours'));
    expect(finding.length).toBeGreaterThan(200);
    for (const sql of finding) {
      const nulls = Array.from(sql.matchAll(/\?/g), () => null);
      const plan = connection.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...nulls) as { detail: string }[];
      for (const { detail } of plan) {
        expect(detail).not.toMatch(/TEMP B-TREE|SCAN errors$|SCAN error_search_content/);
      }
    }
  }, 60_000);
});
