import Database from 'better-sqlite3';
import type { Ledger } from './ledger';

/** How many reports are stored of each error, by its name; nothing when there is no file yet. */
export function readCounts(path: string): Map<string, number> {
  return withDatabase(path, (database) => {
    const rows = database.prepare('SELECT message, count FROM errors').raw().all() as [string, number][];
    expect(new Set(rows.map(([name]) => name)).size).toBe(rows.length);
    return new Map(rows);
  });
}

/**
 * Acknowledged ≤ stored ≤ acknowledged + unanswered, of every error; no count was answered twice.
 * @param before counts before the ledger was begun
 * @param maybeStored what may be stored beside what was not answered: refusals of a writer that died
 */
export function expectLedgerKept(
  ledger: Ledger,
  path: string,
  { before = new Map<string, number>(), maybeStored = 0 } = {},
): void {
  const after = readCounts(path);
  const wrong: string[] = [];
  let spare = maybeStored;
  for (const name of new Set([...after.keys(), ...ledger.entries.keys()])) {
    const { acknowledged, unanswered } = ledger.entries.get(name) ?? { acknowledged: [], unanswered: 0 };
    const first = before.get(name) ?? 0;
    const stored = (after.get(name) ?? 0) - first;
    spare -= Math.max(0, stored - acknowledged.length - unanswered);
    const told = `${name}: ${stored} stored, ${acknowledged.length} acknowledged, ${unanswered} unanswered`;
    if (stored < acknowledged.length || spare < 0) wrong.push(told);
    if (new Set(acknowledged).size < acknowledged.length) wrong.push(`${name}: a count was answered twice`);
    if (acknowledged.some((count) => count <= first || count > first + stored)) {
      wrong.push(`${name}: a count was answered that is not between ${first} and ${first + stored}`);
    }
  }
  expect(wrong).toEqual([]);
}

/** The file is sound, and its tables agree with each other. */
export function expectWhole(path: string): void {
  withDatabase(path, (database) => {
    const all = (sql: string) => database.prepare(sql).all();
    expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
    expect(database.pragma('foreign_key_check')).toEqual([]);
    expect(
      all(`SELECT message, count, occurrences FROM
        (SELECT message, count, (SELECT count(*) FROM error_occurrences WHERE error_id = errors.id) AS occurrences FROM errors)
        WHERE occurrences <> min(count, 5)`),
    ).toEqual([]);
    expect(all('SELECT id, first_seen, last_seen FROM errors WHERE first_seen > last_seen')).toEqual([]);
    expect(all('SELECT id FROM errors WHERE resolved <> (resolved_at IS NOT NULL)')).toEqual([]);
    expect(
      all('SELECT id FROM errors WHERE id NOT IN (SELECT rowid FROM error_search)').length +
        all('SELECT rowid FROM error_search WHERE rowid NOT IN (SELECT id FROM errors)').length,
    ).toBe(0);
    expect(all('SELECT project FROM errors WHERE project NOT IN (SELECT name FROM projects)')).toEqual([]);
    expect(
      all('SELECT project, resolved, source, n FROM error_counts WHERE n <> 0 ORDER BY 1, 2, 3'),
    ).toEqual(
      all('SELECT project, resolved, source, count(*) AS n FROM errors GROUP BY 1, 2, 3 ORDER BY 1, 2, 3'),
    );
  });
}

function withDatabase<Result>(path: string, look: (database: Database.Database) => Result): Result {
  const database = new Database(path, { readonly: true, timeout: 5_000 });
  try {
    return look(database);
  } finally {
    database.close();
  }
}
