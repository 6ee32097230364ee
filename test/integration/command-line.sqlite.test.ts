import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expectWholeLines } from '../support/log-lines';
import { endSpawned, spawnProgram, startSpawnedServer } from '../support/spawned-server';
import { temporaryFolder } from '../support/temporary-folder';
import { API_KEY } from '../support/test-server';

let folder: ReturnType<typeof temporaryFolder>;

beforeEach(() => {
  folder = temporaryFolder();
});

afterEach(async () => {
  await endSpawned();
  folder.remove();
});

describe('Settings at start', () => {
  test('come from a file .env in the working folder; those of the environment win', async () => {
    writeFileSync(
      join(folder.path, '.env'),
      '# settings\nAPI_KEY="key of the file"\nAPI_KEY=file-key\nDATABASE_PATH=from-file.db\nLOG_LEVEL=debug\n',
    );
    const environment = { HOST: '127.0.0.1', PORT: '0', LOG_LEVEL: 'info' };
    const program = spawnProgram({ cwd: folder.path, env: environment });

    const [, url] = await program.waitFor(/listens on (http:\/\/\S+) /);
    await program.waitFor(/Database: .*from-file\.db\n/);
    const status = async (key: string) =>
      (await fetch(`${url}/api/projects`, { headers: { 'X-API-Key': key } })).status;

    expect(await status('file-key')).toBe(200);
    expect(await status(API_KEY)).toBe(401);
    expect(program.stdout()).not.toContain('DEBUG');
  });
});

describe('A server that starts', () => {
  test('says where it listens, where its documentation is and where the database lies', async () => {
    const server = await startSpawnedServer({ cwd: folder.path });
    await server.waitFor(/Database: .*\n/);

    const lines = server.stdout().trimEnd().split('\n');

    expect(lines).toEqual([
      expect.stringMatching(/INFO {2}\[Alerts\] Alerts are off: .+$/),
      expect.stringMatching(
        /INFO {2}\[App\] error-tracker \d+\.\d+\.\d+ listens on (http:\/\/127\.0\.0\.1:\d+) \(API documentation: \1\/docs\)$/,
      ),
      expect.stringMatching(/INFO {2}\[App\] Database: .+$/),
    ]);
    expect(lines[2]!.endsWith(` Database: ${join(folder.path, 'data', 'errors.db')}`)).toBe(true);
    expect((await fetch(`${server.url}/docs`)).status).toBe(200);
    expect(server.stderr()).toBe('');
  });
});

describe('The log', () => {
  test('shows a path with a line break in it on one line', async () => {
    const path = join(folder.path, 'a\n2026-01-01T00:00:00.000Z ERROR [App] forged\u2028\u001b[31m.db');
    const server = await startSpawnedServer({ env: { DATABASE_PATH: path } });
    await server.waitFor(/Database: .*\n/);

    expect(server.stdout()).toContain(
      'a\\n2026-01-01T00:00:00.000Z ERROR [App] forged\\u2028\\u001b[31m.db\n',
    );
    expectWholeLines(server.stdout());
  });
});
