import { execFileSync } from 'node:child_process';
import { temporaryFolder } from '../temporary-folder';

export interface Tmpfs {
  path: string;
  unmount(): void;
}

const mounted = new Set<Tmpfs>();
process.on('exit', () => mounted.forEach((tmpfs) => tmpfs.unmount()));

/**
 * A small disk of its own.
 * @throws when this user may not mount
 */
export function mountTmpfs(sizeMb: number): Tmpfs {
  const folder = temporaryFolder();
  try {
    run('mount', ['-t', 'tmpfs', '-o', `size=${sizeMb}m`, 'tmpfs', folder.path]);
  } catch (error) {
    folder.remove();
    throw error;
  }
  const tmpfs = {
    path: folder.path,
    unmount: () => {
      if (!mounted.delete(tmpfs)) return;
      // Lazily: a process that is just ending may still have files open.
      run('umount', ['-l', folder.path]);
      folder.remove();
    },
  };
  mounted.add(tmpfs);
  return tmpfs;
}

/** `describe` where a disk can be mounted; elsewhere the tests are skipped and the reason is printed. */
export function describeWithTmpfs(): jest.Describe {
  try {
    mountTmpfs(1).unmount();
    return describe;
  } catch (error) {
    process.stderr.write(`Skipped, since no tmpfs can be mounted here: ${(error as Error).message}\n`);
    return describe.skip;
  }
}

function run(program: string, args: string[]): void {
  execFileSync(program, args, { stdio: 'pipe' });
}
