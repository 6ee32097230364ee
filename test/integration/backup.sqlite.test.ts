import Database from 'better-sqlite3';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { backUpDatabase } from '../../src/database/back-up-database';
import { aReport, pythonTraceback } from '../support/reports';
import { endSpawned, spawnProgram } from '../support/spawned-server';
import { temporaryFolder } from '../support/temporary-folder';
import { startTestServer, type TestServer } from '../support/test-server';

describe('error-tracker backup', () => {
  let server: TestServer;
  let folder: ReturnType<typeof temporaryFolder>;
  let line = 0;
  beforeEach(async () => {
    server = await startTestServer();
    folder = temporaryFolder();
  });
  afterEach(async () => {
    await endSpawned();
    await server.close();
    folder.remove();
  });

  const send = () => {
    line += 1;
    return server.call('/api/errors', { json: aReport({ traceback: pythonTraceback('backup.py', line) }) });
  };
  const run = (...args: string[]) =>
    spawnProgram({ args: ['backup', ...args], env: { DATABASE_PATH: server.databasePath } }).ended;

  it('copies what was acknowledged while reports go on coming, checks it, and says how to restore', async () => {
    for (let i = 0; i < 20; i++) await send();
    const going = new AbortController();
    const sending = (async () => {
      while (!going.signal.aborted) await send();
    })();
    const target = join(folder.path, 'copy.db');
    const { code, stdout, stderr } = await run(target);
    going.abort();
    await sending;

    expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining('100 % copied') });
    expect(stdout).toMatch(/Backed up \d+ errors .* the copy was checked\.\nTo restore it: stop the server/);
    const copy = new Database(target, { readonly: true });
    expect(copy.pragma('integrity_check', { simple: true })).toBe('ok');
    expect(copy.prepare('SELECT count(*) FROM errors').pluck().get()).toBeGreaterThanOrEqual(20);
    expect(copy.prepare('SELECT count(*) FROM errors').pluck().get()).toBe(
      copy.prepare('SELECT count(*) FROM error_occurrences').pluck().get(),
    );
    copy.close();
    const restored = await startTestServer({ DATABASE_PATH: target });
    expect((await restored.call('/api/errors')).body.total).toBeGreaterThanOrEqual(20);
    await restored.close();
  });

  it('takes one moment, however much is written between two steps', async () => {
    for (let i = 0; i < 5; i++) await send();
    const filler = new Database(server.databasePath);
    filler.exec('CREATE TABLE filler (x)');
    filler.exec(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
       INSERT INTO filler SELECT randomblob(4000) FROM n`,
    );
    const target = join(folder.path, 'copy.db');
    const steps: number[] = [];
    const insert = filler.prepare('INSERT INTO filler VALUES (1)');
    await backUpDatabase(server.databasePath, target, (done) => {
      steps.push(done);
      insert.run();
    });
    filler.close();
    // Starting again would take the progress back.
    expect(steps).toEqual([...steps].sort((a, b) => a - b));
    expect(steps.length).toBeGreaterThan(3);
    const copy = new Database(target, { readonly: true });
    expect(copy.prepare('SELECT count(*) FROM filler').pluck().get()).toBe(5_000);
    copy.close();
  });

  it('never overwrites a file', async () => {
    const target = join(folder.path, 'precious.db');
    writeFileSync(target, 'precious');
    const { code, stderr } = await run(target);
    expect(code).toBe(1);
    expect(stderr).toMatch(/precious\.db exists: a backup never overwrites a file\n$/);
    expect(readFileSync(target, 'utf8')).toBe('precious');
  });

  it('says what is missing, and leaves nothing behind', async () => {
    expect(await run()).toMatchObject({ code: 2, stderr: expect.stringMatching(/^backup needs the name/) });
    expect(await run(join(folder.path, 'none', 'copy.db'))).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/cannot be copied to/),
    });
    const nothing = spawnProgram({
      args: ['backup', join(folder.path, 'copy.db')],
      env: { DATABASE_PATH: join(folder.path, 'no.db') },
    });
    expect(await nothing.ended).toMatchObject({ code: 1, stderr: expect.stringMatching(/there is no file/) });
    expect(existsSync(join(folder.path, 'no.db'))).toBe(false);
    expect(readdirSync(folder.path)).toEqual([]);
  });
});
