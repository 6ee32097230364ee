import Database from 'better-sqlite3';

/** A row of `errors` as the original system stores it; only `id` and `fingerprint` are never NULL there. */
export interface OriginalError {
  id: number;
  fingerprint: string;
  project: string | null;
  exception_type: string | null;
  message: string | null;
  traceback: string | null;
  count: number | null;
  first_seen: string | null;
  last_seen: string | null;
  resolved: 0 | 1 | null;
  resolved_at: string | null;
}

/** A row of `error_occurrences` as the original system stores it. */
export interface OriginalOccurrence {
  id: number;
  error_id: number;
  timestamp: string | null;
  request_url: string | null;
  request_method: string | null;
  request_headers: string | null;
  user_id: string | null;
  extra: string | null;
  traceback: string | null;
}

export interface OriginalRows {
  errors?: Partial<OriginalError>[];
  occurrences?: Partial<OriginalOccurrence>[];
}

export const ORIGINAL_TIME = '2026-01-05 10:20:30.123456';

/** The statements SQLAlchemy writes for the documented tables, white space included. */
function schema(extraColumns: boolean): string {
  return `
CREATE TABLE errors (
\tid INTEGER NOT NULL, 
\tfingerprint VARCHAR(32) NOT NULL, 
\tproject VARCHAR(100), 
\texception_type VARCHAR(200), 
\tmessage TEXT, 
\ttraceback TEXT, 
\tcount INTEGER, 
\tfirst_seen DATETIME, 
\tlast_seen DATETIME, 
\tresolved BOOLEAN, ${extraColumns ? '\n\tresolved_at DATETIME, ' : ''}
\tPRIMARY KEY (id)
);
CREATE INDEX ix_errors_fingerprint ON errors (fingerprint);
CREATE TABLE error_occurrences (
\tid INTEGER NOT NULL, 
\terror_id INTEGER, 
\ttimestamp DATETIME, 
\trequest_url TEXT, 
\trequest_method VARCHAR(10), 
\trequest_headers TEXT, 
\tuser_id VARCHAR(200), 
\textra TEXT, ${extraColumns ? '\n\ttraceback TEXT, ' : ''}
\tPRIMARY KEY (id), 
\tFOREIGN KEY(error_id) REFERENCES errors (id) ON DELETE CASCADE
);
CREATE TABLE _meta (
\tkey VARCHAR(50) NOT NULL, 
\tvalue TEXT, 
\tPRIMARY KEY (key)
);
INSERT INTO _meta VALUES ('schema_version', '3');`;
}

/**
 * Makes a database file as the original system does: rollback journal, no incremental vacuum, fingerprints that may
 * stand more than once, foreign keys that nothing enforces.
 * @param rows what stands in it; keys that are not given get an ordinary value
 * @param extraColumns false for the versions without `errors.resolved_at` and `error_occurrences.traceback`
 */
export function createOriginalDatabase(path: string, rows: OriginalRows, extraColumns = true): void {
  const database = new Database(path);
  database.pragma('foreign_keys = OFF');
  database.exec(schema(extraColumns));
  database.transaction(() => {
    for (const [index, error] of (rows.errors ?? []).entries()) {
      const { resolved_at, ...documented } = originalError(index + 1, error);
      insert(database, 'errors', extraColumns ? { ...documented, resolved_at } : documented);
    }
    for (const [index, occurrence] of (rows.occurrences ?? []).entries()) {
      const { traceback, ...documented } = originalOccurrence(index + 1, occurrence);
      insert(database, 'error_occurrences', extraColumns ? { ...documented, traceback } : documented);
    }
  })();
  database.close();
}

function originalError(id: number, changes: Partial<OriginalError>): OriginalError {
  return {
    id,
    fingerprint: id.toString(16).padStart(32, '0'),
    project: 'shop',
    exception_type: 'ValueError',
    message: 'invalid quantity',
    traceback:
      'Traceback (most recent call last):\n  File "cart.py", line 31, in add\nValueError: invalid quantity',
    count: 1,
    first_seen: ORIGINAL_TIME,
    last_seen: ORIGINAL_TIME,
    resolved: 0,
    resolved_at: null,
    ...changes,
  };
}

function originalOccurrence(id: number, changes: Partial<OriginalOccurrence>): OriginalOccurrence {
  return {
    id,
    error_id: 1,
    timestamp: ORIGINAL_TIME,
    request_url: null,
    request_method: null,
    request_headers: null,
    user_id: null,
    extra: null,
    traceback: null,
    ...changes,
  };
}

function insert(database: Database.Database, table: string, row: object): void {
  const columns = Object.keys(row);
  const values = columns.map((column) => `@${column}`);
  database.prepare(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${values.join(', ')})`).run(row);
}
