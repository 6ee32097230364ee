import { QueryRunner } from 'typeorm';
import { searchText } from '../search-text';

/**
 * Takes over the rows of the original system's database, whose tables are the documented ones plus, in some versions,
 * `errors.resolved_at` and `error_occurrences.traceback`, and whose fingerprints may stand more than once.
 *
 * Rows of one fingerprint become one error: the oldest id, message and traceback, the sum of the counts, and every
 * occurrence. It is open when one of them was. Other tables (`_meta`) stay as they are.
 */
export async function adoptOriginalRows(runner: QueryRunner): Promise<void> {
  const has = async (table: string, column: string) =>
    (await columnsOf(runner, table)).includes(column) ? column : 'NULL';
  const resolvedAt = await has('original_errors', 'resolved_at');
  const occurrenceTraceback = await has('original_occurrences', 'traceback');

  await runner.query(`CREATE TEMP TABLE adopted AS
    SELECT id AS original_id,
      coalesce(fingerprint, lower(hex(randomblob(16)))) AS fingerprint,
      min(id) OVER (PARTITION BY coalesce(fingerprint, id)) AS error_id
    FROM original_errors`);
  await runner.query('CREATE UNIQUE INDEX adopted_by_id ON adopted (original_id)');

  await runner.query(`INSERT INTO errors
    (id, fingerprint, project, exception_type, message, traceback, count, first_seen, last_seen, resolved,
     resolved_at, source)
    SELECT oldest.id, merged.fingerprint, coalesce(nullif(oldest.project, ''), 'unknown'), coalesce(oldest.exception_type, ''),
      coalesce(oldest.message, ''), coalesce(oldest.traceback, ''),
      merged.count, merged.first_seen, merged.last_seen, merged.resolved, merged.resolved_at, 'server'
    FROM (
      SELECT adopted.error_id, adopted.fingerprint,
        sum(coalesce(count, 1)) AS count,
        min(${utcOrNow('coalesce(first_seen, last_seen)')}) AS first_seen,
        max(${utcOrNow('coalesce(last_seen, first_seen)')}) AS last_seen,
        min(coalesce(resolved, 0) <> 0) AS resolved,
        CASE WHEN min(coalesce(resolved, 0) <> 0) THEN max(${utc(resolvedAt)}) END AS resolved_at
      FROM original_errors JOIN adopted ON adopted.original_id = original_errors.id
      GROUP BY adopted.error_id
    ) AS merged JOIN original_errors AS oldest ON oldest.id = merged.error_id`);

  await runner.query(`INSERT INTO error_occurrences
    (id, error_id, slot, timestamp, traceback, request_url, request_method, request_headers, user_id, extra)
    SELECT ranked.id, ranked.error_id,
      CASE WHEN ranked.age < 5 THEN ((errors.count - ranked.age) % 5 + 5) % 5 END,
      ranked.timestamp, ranked.traceback, ranked.request_url, ranked.request_method, ranked.request_headers,
      ranked.user_id, ranked.extra
    FROM (
      SELECT o.id, adopted.error_id, ${utcOrNow('o.timestamp')} AS timestamp,
        ${occurrenceTraceback === 'NULL' ? 'NULL' : 'o.traceback'} AS traceback,
        o.request_url, o.request_method, o.request_headers, o.user_id, o.extra,
        row_number() OVER (PARTITION BY adopted.error_id ORDER BY ${utcOrNow('o.timestamp')} DESC, o.id DESC) - 1 AS age
      FROM original_occurrences AS o JOIN adopted ON adopted.original_id = o.error_id
    ) AS ranked JOIN errors ON errors.id = ranked.error_id`);

  await runner.query(`UPDATE errors SET source = 'browser' WHERE EXISTS (
    SELECT 1 FROM error_occurrences AS o WHERE o.error_id = errors.id AND (
      upper(o.request_method) = 'BROWSER'
      OR CASE WHEN json_valid(o.extra) THEN json_extract(o.extra, '$.source') = 'browser' END))`);
  await runner.query('INSERT INTO projects (name) SELECT DISTINCT project FROM errors ORDER BY project');
  await indexForSearch(runner);

  // The ids of merged duplicates stay taken: old links must not lead to another error.
  await runner.query(
    "UPDATE sqlite_sequence SET seq = (SELECT max(id) FROM original_errors) WHERE name = 'errors'",
  );

  await runner.query('DROP TABLE temp.adopted');
  await runner.query('DROP TABLE original_occurrences');
  await runner.query('DROP TABLE original_errors');
}

/** Renames the original tables and frees the names of their indexes. */
export async function setOriginalTablesAside(runner: QueryRunner): Promise<void> {
  const indexes = (await runner.query(
    `SELECT name FROM sqlite_schema
     WHERE type = 'index' AND tbl_name IN ('errors', 'error_occurrences') AND sql IS NOT NULL`,
  )) as { name: string }[];
  for (const { name } of indexes) await runner.query(`DROP INDEX "${name.replaceAll('"', '""')}"`);
  await runner.query('ALTER TABLE errors RENAME TO original_errors');
  await runner.query('ALTER TABLE error_occurrences RENAME TO original_occurrences');
}

async function indexForSearch(runner: QueryRunner): Promise<void> {
  const pageSize = 500;
  for (let lastId = 0; ;) {
    const rows = (await runner.query(
      'SELECT id, exception_type, message FROM errors WHERE id > ? ORDER BY id LIMIT ?',
      [lastId, pageSize],
    )) as { id: number; exception_type: string; message: string }[];
    for (const row of rows) {
      await runner.query('INSERT INTO error_search (rowid, text) VALUES (?, ?)', [
        row.id,
        searchText(row.exception_type, row.message),
      ]);
      lastId = row.id;
    }
    if (rows.length < pageSize) return;
  }
}

async function columnsOf(runner: QueryRunner, table: string): Promise<string[]> {
  const columns = (await runner.query('SELECT name FROM pragma_table_info(?)', [table])) as {
    name: string;
  }[];
  return columns.map((column) => column.name);
}

/** SQL that brings a time in any notation SQLite knows into the one of `toSqlTime`; NULL when it is none. */
function utc(column: string): string {
  return `strftime('%Y-%m-%d %H:%M:%f', ${column})`;
}

function utcOrNow(column: string): string {
  return `coalesce(${utc(column)}, ${utc("'now'")})`;
}
