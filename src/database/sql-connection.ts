import type { SqlDialect } from './sql-dialect';

/**
 * What stands for a question mark of a statement. A list is one value: see `SqlDialect.isAmong`. A Buffer is a value in
 * the binary form of PostgreSQL.
 */
export type SqlValue =
  string | number | null | Buffer | readonly (string | null)[] | readonly (number | null)[];

/** What a connection is for: one that reads cannot write, and a slow read may take longer than all else. */
export type ConnectionUse = 'write' | 'quick-read' | 'slow-read';

/**
 * A connection to the database that does one thing at a time, the same for every database. Statements have question
 * marks for their parameters, and are prepared once.
 *
 * Times come and go as text (`sql-time.ts`), whole numbers as numbers; booleans come as what the database has for
 * them: `Boolean(value)`.
 */
export interface SqlConnection {
  readonly dialect: SqlDialect;

  /** Why the connection cannot be used right now; null when it can. */
  readonly obstacle: Error | null;

  /** Has a listener called whenever `obstacle` has changed. */
  onObstacle(listener: () => void): void;

  /** All rows of a statement. */
  all<Row>(sql: string, parameters?: readonly SqlValue[]): Promise<Row[]>;

  /** The first row of a statement. */
  get<Row>(sql: string, parameters?: readonly SqlValue[]): Promise<Row | undefined>;

  /** @returns how many rows were changed */
  run(sql: string, parameters?: readonly SqlValue[]): Promise<number>;

  /** Runs a statement for each of many rows of parameters, without waiting in between. */
  runEach(sql: string, rows: readonly (readonly SqlValue[])[]): Promise<void>;

  /**
   * Does several things in one transaction: in a thread that writes, all of them or none; in one that reads, all of
   * them see the same state. The work may be done again when others were in its way, so it must do nothing else.
   */
  transaction<Result>(work: () => Promise<Result>): Promise<Result>;

  /**
   * Within a transaction that writes: asks to be the only one with this number until it ends. It does not wait, since
   * reports would wait with it.
   * @returns false when a transaction of another replica has the number
   */
  tryLock(number: number): Promise<boolean>;

  /**
   * Commits something that changes nothing: only that shows that the disk takes what a report needs.
   * @param lockTimeoutMs how long it waits for others
   * @throws when the database takes no writes
   */
  tryToWrite(lockTimeoutMs: number): Promise<void>;

  /** Keeps so much of the database in memory, where that is not the business of a server of its own. */
  enlargeCache(kib: number): void;

  /**
   * Gives space that was freed back to the disk, up to so many pages.
   * @returns bytes given back; 0 when there was nothing left to give, and where the database sees to it by itself
   */
  returnFreedPages(most: number): Promise<number>;

  close(): Promise<void>;
}
