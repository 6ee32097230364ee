/** Pieces of SQL that differ from database to database. */
export interface SqlDialect {
  readonly kind: 'sqlite' | 'postgres';
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
}

export const SQLITE: SqlDialect = {
  kind: 'sqlite',
  // Written like this, partial indexes know it again.
  isTrue: (column) => `${column} = 1`,
  isFalse: (column) => `${column} = 0`,
  indexedBy: (index) => `INDEXED BY ${index}`,
  isAmong: (value) => `${value} IN (SELECT value FROM json_each(?))`,
  // A transaction that writes has locked the file.
  forUpdate: '',
  skipLocked: '',
};

export const POSTGRES: SqlDialect = {
  kind: 'postgres',
  isTrue: (column) => column,
  isFalse: (column) => `NOT ${column}`,
  indexedBy: () => '',
  isAmong: (value, type) => `${value} = ANY (?::${type === 'number' ? 'bigint' : 'text'}[])`,
  forUpdate: 'FOR UPDATE',
  skipLocked: 'FOR UPDATE SKIP LOCKED',
};
