import Database from 'better-sqlite3';
import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Outcome } from '../support/faults/ledger';
import { reportOf, sendReport } from '../support/faults/send-report';
import { endSpawned, startSpawnedServer } from '../support/spawned-server';
import { temporaryFolder } from '../support/temporary-folder';

const ERRORS = 150;

let folder: ReturnType<typeof temporaryFolder>;
let path: string;

beforeEach(async () => {
  folder = temporaryFolder();
  path = join(folder.path, 'errors.db');
  const server = await startSpawnedServer({ env: { DATABASE_PATH: path } });
  const names = Array.from({ length: ERRORS }, (_, index) => `known-${index}`);
  await Promise.all(names.map((name) => sendReport(server.port, reportOf(name, { extra: 'x'.repeat(500) }))));
  server.kill('SIGTERM');
  await server.ended;
});

afterEach(async () => {
  await endSpawned();
  folder.remove();
});

describe('A file with a page in its middle that became garbage, one', () => {
  test.each([
    ['of the errors', 'errors'],
    ['of the occurrences', 'error_occurrences'],
    ['of the index of fingerprints', 'sqlite_autoindex_errors_1'],
    ['of the index of the newest errors', 'errors_by_last_seen'],
    ['of the text search', 'error_search_data'],
  ])(
    '%s, never has a report acknowledged that is not stored, and the server goes on',
    async (_what, table) => {
      spoilMiddlePage(table);

      const server = await startSpawnedServer({ env: { DATABASE_PATH: path } });
      const sent: { name: string; user: string; outcome: Outcome }[] = [];
      for (let index = 0; index < ERRORS; index++) {
        for (const name of [`known-${index}`, `new-${index}`]) {
          const user = `user ${index}`;
          sent.push({
            name,
            user,
            outcome: await sendReport(server.port, reportOf(name, { user_id: user })),
          });
        }
      }

      const database = new Database(path, { readonly: true });
      const isStored = database
        .prepare(
          `SELECT 1 FROM errors JOIN error_occurrences AS o ON o.error_id = errors.id
         WHERE fingerprint = ? AND o.user_id = ? AND errors.count = ? AND o.slot = errors.count % 5`,
        )
        .pluck();
      const acknowledged = sent.filter(({ outcome }) => outcome.kind === 'acknowledged');
      const lost = acknowledged.filter(
        ({ user, outcome }) =>
          outcome.kind === 'acknowledged' && !isStored.get(outcome.fingerprint, user, outcome.count),
      );
      database.close();
      const others = sent.filter(({ outcome }) => outcome.kind !== 'acknowledged');
      expect(lost).toEqual([]);
      for (const { outcome } of others) expect(outcome).toMatchObject({ kind: 'refused', status: 503 });
      // What is damaged is found only where it is used.
      if (others.length > 0) expect(server.stderr()).toMatch(/malformed/);
      expect(server.stderr()).not.toMatch(/starting it again/);
      expect(server.stderr().split('\n').length).toBeLessThan(20);
      expect((await server.call('/health')).status).toBe(200);
      server.kill('SIGTERM');
      expect((await server.ended).code).toBe(0);
    },
  );
});

/** Overwrites the leaf in the middle of a table or index. */
function spoilMiddlePage(table: string): void {
  const database = new Database(path);
  const leaves = database
    .prepare("SELECT pageno FROM dbstat WHERE name = ? AND pagetype = 'leaf' ORDER BY path")
    .pluck()
    .all(table) as number[];
  const pageSize = database.pragma('page_size', { simple: true }) as number;
  database.close();
  const page = leaves[Math.floor(leaves.length / 2)]!;
  const file = openSync(path, 'r+');
  writeSync(file, Buffer.alloc(pageSize, 0xa5), 0, pageSize, (page - 1) * pageSize);
  closeSync(file);
}
