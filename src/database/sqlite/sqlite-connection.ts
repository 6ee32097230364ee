import Database, { type Statement } from 'better-sqlite3';
import type { ConnectionUse, SqlConnection, SqlValue } from '../sql-connection';
import { SQLITE } from '../sql-dialect';
import { UnusableDatabaseError } from '../unusable-database-error';

/** Before this version a WAL reset could corrupt the file (https://sqlite.org/releaselog/3_51_3.html). */
const OLDEST_SAFE_SQLITE = '3.51.3';

/** What `PRAGMA auto_vacuum` says of a file whose freed pages can be given back. */
export const INCREMENTAL = 2;

const LARGEST_LOG_BYTES = 32 * 1024 * 1024;

/** How long a write waits for another process to finish its own, such as `prune`; then reports are refused. */
const LOCK_TIMEOUT_MS = 2_000;

/** Opens the file with the settings that every connection of this program has. */
export function openSqliteFile(path: string): Database.Database {
  const database = new Database(path, { timeout: LOCK_TIMEOUT_MS });
  applyPragmas(database);
  return database;
}

/** Opens a connection of a thread. */
export function openSqliteConnection(path: string, use: ConnectionUse): SqliteConnection {
  const database = openSqliteFile(path);
  if (use !== 'write') {
    database.pragma('query_only = ON');
    database.pragma('temp_store = MEMORY');
  }
  return new SqliteConnection(database, use === 'write');
}

type Parameter = string | number | Buffer | null;

/** There are thousands of combinations of filters, of which people use a few: 10 KB each. */
const MOST_PREPARED = 300;

/**
 * A connection of a thread, on which prepared SQL runs: past TypeORM, which costs 50 times as much for each report.
 * Nothing here waits for the event loop: between the statements of a transaction no other work comes in.
 */
export class SqliteConnection implements SqlConnection {
  readonly dialect = SQLITE;
  readonly obstacle = null;
  private readonly prepared = new Map<string, Statement<Parameter[]>>();
  private readonly begin: string;

  /**
   * @param database for what asks for more speed than a promise for each statement allows
   * @param writes whether transactions take the write lock when they begin
   */
  constructor(
    readonly database: Database.Database,
    writes: boolean,
  ) {
    this.begin = writes ? 'BEGIN IMMEDIATE' : 'BEGIN';
  }

  /** There never is one: a locked file makes a statement wait, and fail. */
  onObstacle(): void {}

  all<Row>(sql: string, parameters: readonly SqlValue[] = []): Promise<Row[]> {
    return now(() => this.prepare(sql).all(...parameters.map(toParameter)) as Row[]);
  }

  get<Row>(sql: string, parameters: readonly SqlValue[] = []): Promise<Row | undefined> {
    return now(() => this.prepare(sql).get(...parameters.map(toParameter)) as Row | undefined);
  }

  run(sql: string, parameters: readonly SqlValue[] = []): Promise<number> {
    return now(() => this.prepare(sql).run(...parameters.map(toParameter)).changes);
  }

  runEach(sql: string, rows: readonly (readonly SqlValue[])[]): Promise<void> {
    return now(() => {
      const statement = this.prepare(sql);
      for (const parameters of rows) statement.run(...parameters.map(toParameter));
    });
  }

  async transaction<Result>(work: () => Promise<Result>): Promise<Result> {
    this.database.exec(this.begin);
    try {
      const result = await work();
      this.database.exec('COMMIT');
      return result;
    } finally {
      // Some errors, such as a full disk, have ended the transaction already.
      if (this.database.inTransaction) this.database.exec('ROLLBACK');
    }
  }

  /** A transaction that writes has locked the file. */
  tryLock(): Promise<boolean> {
    return Promise.resolve(true);
  }

  async tryToWrite(lockTimeoutMs: number): Promise<void> {
    const patienceMs = this.database.pragma('busy_timeout', { simple: true }) as number;
    this.database.pragma(`busy_timeout = ${lockTimeoutMs}`);
    try {
      // The first page is written again as it is.
      await this.transaction(() => {
        const version = this.database.pragma('user_version', { simple: true }) as number;
        return now(() => void this.database.pragma(`user_version = ${version}`));
      });
    } finally {
      this.database.pragma(`busy_timeout = ${patienceMs}`);
    }
  }

  enlargeCache(kib: number): void {
    this.database.pragma(`cache_size = -${kib}`);
  }

  returnFreedPages(most: number): Promise<number> {
    return now(() => {
      const pages = () => this.database.pragma('page_count', { simple: true }) as number;
      const before = pages();
      this.database.pragma(`incremental_vacuum(${most})`);
      return (before - pages()) * (this.database.pragma('page_size', { simple: true }) as number);
    });
  }

  close(): Promise<void> {
    return now(() => void this.database.close());
  }

  private prepare(sql: string): Statement<Parameter[]> {
    const known = this.prepared.get(sql);
    if (known) return known;
    if (this.prepared.size >= MOST_PREPARED) this.prepared.clear();
    const statement = this.database.prepare<Parameter[]>(sql);
    this.prepared.set(sql, statement);
    return statement;
  }
}

/** SQLite takes a list as JSON. */
function toParameter(value: SqlValue): Parameter {
  return Array.isArray(value) ? JSON.stringify(value) : (value as Parameter);
}

/** What happens at once, as a promise. */
function now<Result>(work: () => Result): Promise<Result> {
  return new Promise((resolve) => resolve(work()));
}

/**
 * Durable and safe: what has been committed survives a power cut.
 * `mmap_size` is never set, since an I/O error in mapped memory kills the process.
 */
export function applyPragmas(database: Database.Database): void {
  const version = database.prepare('SELECT sqlite_version()').pluck().get() as string;
  if (compareVersions(version, OLDEST_SAFE_SQLITE) < 0) {
    throw new UnusableDatabaseError(
      `SQLite ${OLDEST_SAFE_SQLITE} or newer is needed; this build has ${version}`,
    );
  }
  // Counts only for a file without tables yet; an older one is converted after its migration. On any other it would
  // take the write lock for nothing, and a thread could not start while another process holds that.
  if (database.pragma('auto_vacuum', { simple: true }) !== INCREMENTAL)
    database.pragma('auto_vacuum = INCREMENTAL');
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.pragma('foreign_keys = ON');
  // A backup or another long reader lets the log grow; afterwards it is cut to this.
  database.pragma(`journal_size_limit = ${LARGEST_LOG_BYTES}`);
}

function compareVersions(left: string, right: string): number {
  return left.localeCompare(right, 'en', { numeric: true });
}
