/** Pieces of SQL that differ from database to database. */
export interface SqlDialect {
  readonly kind: 'sqlite' | 'postgres';
  /** Whether several replicas of the server may use one database at the same time. */
  readonly isShared: boolean;
  readonly isTrue: (column: string) => string;
  readonly isFalse: (column: string) => string;
  /** Has a statement use an index or fail, where that can be said; it follows the name of the table. */
  readonly indexedBy: (index: string) => string;
  /** Whether a value is in a list, which is one parameter. */
  readonly isAmong: (value: string, type: 'number' | 'text') => string;
  /** At the end of a query: locks its rows until the transaction ends. */
  readonly forUpdate: string;
  /** The same, and leaves out the rows that another transaction has locked. */
  readonly skipLocked: string;
  /** At the end of a query: keeps others from deleting its rows until the transaction ends. */
  readonly keepRows: string;
  /** The time by the clock of the database: those of the replicas differ. */
  readonly clock: string;
  /**
   * By that clock, when something runs out that one replica has for so many seconds unless it asks for more. NULL where
   * no other process could take it over.
   */
  readonly leaseEnd: (seconds: number) => string;
}

export const SQLITE: SqlDialect = {
  kind: 'sqlite',
  isShared: false,
  // Written like this, partial indexes know it again.
  isTrue: (column) => `${column} = 1`,
  isFalse: (column) => `${column} = 0`,
  indexedBy: (index) => `INDEXED BY ${index}`,
  isAmong: (value) => `${value} IN (SELECT value FROM json_each(?))`,
  // A transaction that writes has locked the file.
  forUpdate: '',
  skipLocked: '',
  keepRows: '',
  clock: "strftime('%Y-%m-%d %H:%M:%f', 'now')",
  leaseEnd: () => 'NULL',
};

export const POSTGRES: SqlDialect = {
  kind: 'postgres',
  isShared: true,
  isTrue: (column) => column,
  isFalse: (column) => `NOT ${column}`,
  indexedBy: () => '',
  isAmong: (value, type) => `${value} = ANY (?::${type === 'number' ? 'bigint' : 'text'}[])`,
  forUpdate: 'FOR UPDATE',
  skipLocked: 'FOR UPDATE SKIP LOCKED',
  keepRows: 'FOR KEY SHARE',
  clock: "timezone('UTC', clock_timestamp())::timestamp(3)",
  leaseEnd: (seconds) => `timezone('UTC', clock_timestamp()) + interval '${seconds} seconds'`,
};
