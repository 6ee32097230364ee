import Database from 'better-sqlite3';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { aReport, pythonTraceback } from '../support/reports';
import { endSpawned, runProgram, startSpawnedServer } from '../support/spawned-server';
import { temporaryFolder } from '../support/temporary-folder';
import { API_KEY, startTestServer } from '../support/test-server';

const TELLS_PRAGMAS = pathToFileURL(join(__dirname, '..', 'support', 'tell-pragmas.mjs')).href;

let folder: ReturnType<typeof temporaryFolder>;
let path: string;

beforeEach(() => {
  folder = temporaryFolder();
  path = join(folder.path, 'errors.db');
});

afterEach(async () => {
  await endSpawned();
  folder.remove();
});

describe('A database file that cannot be used', () => {
  const refused: [situation: string, prepare: () => Promise<void> | void, message: RegExp][] = [
    [
      'is no database',
      () => writeFileSync(path, 'notes\n'.repeat(50)),
      /errors\.db is not a SQLite database/,
    ],
    [
      'is shorter than any header',
      () => writeFileSync(path, 'SQLite'),
      /errors\.db is not a SQLite database/,
    ],
    [
      'is cut off within its header',
      async () => {
        await makeDatabase();
        truncateSync(path, 60);
      },
      /errors\.db is truncated: restore it from a backup/,
    ],
    [
      'lacks its last page',
      async () => {
        await makeDatabase();
        truncateSync(path, statSync(path).size - 4_096);
      },
      /errors\.db is truncated: restore it from a backup/,
    ],
    [
      'is cut off in the middle of a page',
      async () => {
        await makeDatabase();
        truncateSync(path, 5_000);
      },
      /errors\.db is truncated: restore it from a backup/,
    ],
    [
      'has a damaged schema',
      async () => {
        await makeDatabase();
        const bytes = readFileSync(path);
        writeFileSync(path, bytes.fill(0xff, 100, 4_096));
      },
      /errors\.db cannot be opened: .*database disk image is malformed/,
    ],
    [
      'may not be written by anybody',
      async () => {
        await makeDatabase();
        chmodSync(path, 0o444);
      },
      /errors\.db is read-only/,
    ],
    ['is a folder', () => mkdirSync(path), /errors\.db is not a file/],
    [
      'belongs to another program',
      () => makeForeign('CREATE TABLE customers (name TEXT); INSERT INTO customers VALUES (1)'),
      /errors\.db is the database of another program \(its tables: customers\)/,
    ],
    [
      'belongs to another program that calls a table errors too',
      () => makeForeign('CREATE TABLE errors (id INTEGER, text TEXT); CREATE TABLE error_occurrences (id)'),
      /errors\.db is the database of another program \(its tables: errors, error_occurrences\)/,
    ],
    [
      'belongs to another program with migrations of its own',
      () =>
        makeForeign(`CREATE TABLE migrations (id INTEGER PRIMARY KEY, timestamp BIGINT, name VARCHAR);
          INSERT INTO migrations VALUES (1, 1, 'CreateUsers1'); CREATE TABLE users (id)`),
      /errors\.db was written by a newer version or another program \(it has CreateUsers1\)/,
    ],
    [
      'was written by a newer version',
      async () => {
        await makeDatabase();
        const database = new Database(path);
        database.exec("INSERT INTO migrations (timestamp, name) VALUES (9, 'BetterSchema9999999999999')");
        database.close();
      },
      /errors\.db was written by a newer version .*BetterSchema9999999999999.*start the version that wrote it/,
    ],
    [
      'would lie below a regular file',
      () => {
        writeFileSync(join(folder.path, 'file'), 'kept');
        path = join(folder.path, 'file', 'data', 'errors.db');
      },
      /folder .*file\/data of the database cannot be written/,
    ],
  ];

  test.each(refused)('because it %s is refused and stays as it was', async (_situation, prepare, message) => {
    await prepare();
    const before = snapshot();

    await expect(startTestServer({ DATABASE_PATH: path })).rejects.toThrow(message);

    expect(snapshot()).toEqual(before);
  });

  test.each(refused)(
    'because it %s ends the program with one sentence',
    async (_situation, prepare, message) => {
      await prepare();
      const before = snapshot();

      const { code, stdout, stderr } = await runProgram({ env: { API_KEY, PORT: '0', DATABASE_PATH: path } });

      expect(stderr).toMatch(message);
      expect(stderr).toMatch(/^The database is not usable: [^\n]+\n$/);
      expect(stdout).toBe('');
      expect(code).toBe(1);
      expect(snapshot()).toEqual(before);
    },
  );

  /** Every name below the folder, with the digest and the mode of the files. */
  function snapshot() {
    return (readdirSync(folder.path, { recursive: true }) as string[]).sort().map((name) => {
      const stat = statSync(join(folder.path, name));
      const bytes = stat.isFile() ? digestOf(readFileSync(join(folder.path, name))) : null;
      return { name, mode: stat.mode, bytes };
    });
  }

  function makeForeign(sql: string): void {
    const database = new Database(path);
    database.exec(sql);
    database.close();
  }
});

describe('A database file that is not there yet', () => {
  test('is made, with the folders above it', async () => {
    path = join(folder.path, 'var', 'lib', 'errors.db');

    await makeDatabase();

    expect(statSync(path).size).toBeGreaterThan(0);
  });

  test('is made of an empty file', async () => {
    writeFileSync(path, '');

    const server = await startTestServer({ DATABASE_PATH: path });
    const { status } = await server.call('/api/errors', { json: aReport() });
    await server.close();

    expect(status).toBe(201);
    expect(readFileSync(path).toString('latin1', 0, 15)).toBe('SQLite format 3');
  });

  test('is made below the working folder when its path is relative', async () => {
    const server = await startSpawnedServer({ cwd: folder.path, env: { DATABASE_PATH: 'some/errors.db' } });
    await server.waitFor(/Database: .*\n/);

    expect(server.stdout()).toContain(`Database: ${join(folder.path, 'some', 'errors.db')}`);
    expect(existsSync(join(folder.path, 'some', 'errors.db'))).toBe(true);
  });
});

describe('The connections of a server', () => {
  test('are durable, keep foreign keys and can give freed space back', async () => {
    const server = await startSpawnedServer({
      env: {
        DATABASE_PATH: path,
        NODE_OPTIONS: `--import=${TELLS_PRAGMAS}`,
        SQLITE_LIBRARY: require.resolve('better-sqlite3'),
      },
    });
    await server.call('/api/errors', { json: aReport() });
    for (const route of ['/api/projects', '/api/errors']) await server.call(route);

    server.kill('SIGTERM');
    const { stdout } = await server.ended;

    const settings = 'journal_mode=wal synchronous=2 foreign_keys=1 auto_vacuum=2';
    expect(stdout.match(/^database-\w+\.worker\.js: .*$/gm)?.sort()).toEqual([
      `database-reader.worker.js: ${settings}`,
      `database-reader.worker.js: ${settings}`,
      `database-writer.worker.js: ${settings}`,
    ]);
  });
});

describe('A server that is started again', () => {
  test('has all reports, and no more files than the database when it was stopped', async () => {
    const first = await startTestServer({ DATABASE_PATH: path });
    const { body: created } = await first.call('/api/errors', { json: aReport() });
    await first.close();
    const files = readdirSync(dirname(path));

    const second = await startTestServer({ DATABASE_PATH: path });
    const { body } = await second.call(`/api/errors/${created.id}`);
    const { body: again } = await second.call('/api/errors', { json: aReport() });
    await second.close();

    expect(files).toEqual(['errors.db']);
    expect(body.error).toMatchObject({ message: 'invalid quantity', count: 1 });
    expect(again).toMatchObject({ status: 'existing', count: 2 });
  });

  test('has every acknowledged report, each with its occurrence, when it was killed while reports came in', async () => {
    const first = await startSpawnedServer({ env: { DATABASE_PATH: path } });
    /** the highest count that was acknowledged, by fingerprint */
    const acknowledged = new Map<string, number>();
    let answers = 0;
    let sent = 0;
    const client = async () => {
      for (;;) {
        const line = ++sent % 40;
        const json = aReport({ traceback: pythonTraceback('cart.py', line), user_id: `report ${sent}` });
        const { status, body } = await first.call('/api/errors', { json });
        if (status >= 300) throw new Error(`Report refused: ${JSON.stringify(body)}`);
        const count = body.count ?? 1;
        acknowledged.set(body.fingerprint, Math.max(count, acknowledged.get(body.fingerprint) ?? 0));
        if (++answers === 300) first.kill('SIGKILL');
      }
    };

    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, client));
    const { signal } = await first.ended;

    expect(signal).toBe('SIGKILL');
    // What ended the clients was the kill, not a refusal.
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({
        status: 'rejected',
        reason: { message: expect.stringMatching(/fetch/) },
      });
    }
    expect(answers).toBeGreaterThanOrEqual(300);
    const second = await startTestServer({ DATABASE_PATH: path });
    try {
      const stored = await second.database.all<{
        fingerprint: string;
        count: number;
        occurrences: number;
        searchable: number;
      }>(
        `SELECT fingerprint, count,
           (SELECT count(*) FROM error_occurrences AS o WHERE o.error_id = errors.id) AS occurrences,
           (SELECT count(*) FROM error_search WHERE rowid = errors.id) AS searchable
         FROM errors`,
      );

      expect(await second.database.findDamage()).toEqual([]);
      expect(acknowledged.size).toBe(40);
      for (const [fingerprint, count] of acknowledged) {
        const row = stored.find((candidate) => candidate.fingerprint === fingerprint);
        expect(row?.count).toBeGreaterThanOrEqual(count);
      }
      const reports = stored.reduce((sum, row) => sum + row.count, 0);
      expect(reports).toBeLessThanOrEqual(sent);
      for (const row of stored) {
        expect(row).toMatchObject({ occurrences: Math.min(row.count, 5), searchable: 1 });
      }
    } finally {
      await second.close();
    }
  });
});

function digestOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

async function makeDatabase(): Promise<void> {
  const server = await startTestServer({ DATABASE_PATH: path });
  await server.call('/api/errors', { json: aReport() });
  await server.close();
}
