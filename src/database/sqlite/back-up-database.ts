import Database from 'better-sqlite3';
import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, linkSync, openSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { UnusableDatabaseError } from '../unusable-database-error';

/** Between two steps others get at the disk, and the progress is told. */
const PAGES_AT_ONCE = 2_000;

export interface BackedUp {
  bytes: number;
  /** errors in the copy */
  errors: number;
}

/**
 * Copies a database, also while a server writes to it, to a new file: the state of the moment when it begins.
 * The copy is checked and only then gets its name, so that a file of that name is always whole.
 * @param progress is told how much of the work is done, from 0 to 1
 * @throws UnusableDatabaseError when there is no such database, the target exists or the copy is not sound
 */
export async function backUpDatabase(
  source: string,
  target: string,
  progress: (done: number) => void,
): Promise<BackedUp> {
  if (!existsSync(source)) throw new UnusableDatabaseError(`there is no file ${source}`);
  if (existsSync(target))
    throw new UnusableDatabaseError(`${target} exists: a backup never overwrites a file`);
  const partial = `${target}.${randomBytes(4).toString('hex')}.partial`;
  try {
    // Readable by its owner only, whatever the folder allows: reports hold what they hold.
    closeSync(openSync(partial, 'wx', 0o600));
    await copyPages(source, partial, progress);
    const backedUp = check(partial);
    sync(partial, 'r+');
    // Unlike a rename, a link never replaces a file that somebody made meanwhile.
    linkSync(partial, target);
    sync(dirname(target), 'r');
    return backedUp;
  } catch (error) {
    throw error instanceof UnusableDatabaseError
      ? error
      : new UnusableDatabaseError(`${source} cannot be copied to ${target}: ${(error as Error).message}`);
  } finally {
    removeDatabase(partial);
  }
}

async function copyPages(source: string, target: string, progress: (done: number) => void): Promise<void> {
  // A connection that may only read would leave files of its own beside a database that nobody else has open.
  const connection = new Database(source, { fileMustExist: true, timeout: 5_000 });
  try {
    connection.pragma('query_only = ON');
    // In an open transaction every step copies the same state; without it each write by the server would make the
    // copy start again from the first page.
    connection.exec('BEGIN');
    connection.prepare('SELECT count(*) FROM sqlite_schema').get();
    await connection.backup(target, {
      progress: ({ totalPages, remainingPages }) => {
        progress(totalPages === 0 ? 0 : 1 - remainingPages / totalPages);
        return PAGES_AT_ONCE;
      },
    });
    progress(1);
  } finally {
    connection.close();
  }
}

function check(file: string): BackedUp {
  const copy = new Database(file, { fileMustExist: true });
  try {
    const verdict = copy.pragma('quick_check(1)', { simple: true });
    if (verdict !== 'ok') throw new UnusableDatabaseError(`the copy is damaged: ${String(verdict)}`);
    const errors = copy.prepare('SELECT count(*) FROM errors').pluck().get() as number;
    const pages = copy.pragma('page_count', { simple: true }) as number;
    return { errors, bytes: pages * (copy.pragma('page_size', { simple: true }) as number) };
  } finally {
    copy.close();
  }
}

function sync(path: string, flags: string): void {
  const handle = openSync(path, flags);
  fsyncSync(handle);
  closeSync(handle);
}

function removeDatabase(file: string): void {
  for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(`${file}${suffix}`, { force: true });
}
