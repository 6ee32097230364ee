import type { StoredDatabase } from '../temporary-database';
import type { TestDatabase } from '../test-database';
import type { Ledger } from './ledger';

/** How many reports are stored of each error, by its name. */
export function readCounts(stored: StoredDatabase): Promise<Map<string, number>> {
  return look(stored, async (database) => {
    const rows = await database.all<{ message: string; count: number }>('SELECT message, count FROM errors');
    expect(new Set(rows.map(({ message }) => message)).size).toBe(rows.length);
    return new Map(rows.map(({ message, count }) => [message, count]));
  });
}

/**
 * Acknowledged ≤ stored ≤ acknowledged + unanswered, of every error; no count was answered twice.
 * @param before counts before the ledger was begun
 * @param maybeStored what may be stored beside what was not answered: refusals of a writer that died
 */
export async function expectLedgerKept(
  ledger: Ledger,
  stored: StoredDatabase,
  { before = new Map<string, number>(), maybeStored = 0 } = {},
): Promise<void> {
  const after = await readCounts(stored);
  const wrong: string[] = [];
  let spare = maybeStored;
  for (const name of new Set([...after.keys(), ...ledger.entries.keys()])) {
    const { acknowledged, unanswered } = ledger.entries.get(name) ?? { acknowledged: [], unanswered: 0 };
    const first = before.get(name) ?? 0;
    const more = (after.get(name) ?? 0) - first;
    spare -= Math.max(0, more - acknowledged.length - unanswered);
    const told = `${name}: ${more} stored, ${acknowledged.length} acknowledged, ${unanswered} unanswered`;
    if (more < acknowledged.length || spare < 0) wrong.push(told);
    if (new Set(acknowledged).size < acknowledged.length) wrong.push(`${name}: a count was answered twice`);
    if (acknowledged.some((count) => count <= first || count > first + more)) {
      wrong.push(`${name}: a count was answered that is not between ${first} and ${first + more}`);
    }
  }
  expect(wrong).toEqual([]);
}

/**
 * Of every error is stored what was acknowledged and no more, and every count was answered exactly once: nothing that was
 * refused is stored. To be used where every report was answered.
 */
export async function expectLedgerExact(ledger: Ledger, stored: StoredDatabase): Promise<void> {
  expect(ledger.unanswered).toBe(0);
  const after = await readCounts(stored);
  const wrong: string[] = [];
  for (const name of new Set([...after.keys(), ...ledger.entries.keys()])) {
    const counts = [...(ledger.entries.get(name)?.acknowledged ?? [])].sort((a, b) => a - b);
    if (
      after.get(name) !== (counts.length || undefined) ||
      counts.some((count, index) => count !== index + 1)
    )
      wrong.push(`${name}: ${after.get(name) ?? 0} stored, counts answered: ${counts.join(' ')}`);
  }
  expect(wrong).toEqual([]);
}

/** The database is sound, and its tables agree with each other. */
export async function expectWhole(stored: StoredDatabase): Promise<void> {
  await look(stored, async (database) => {
    const all = (sql: string) => database.all(sql);
    expect(await database.findDamage()).toEqual([]);
    expect(
      await all(`SELECT message, count, occurrences FROM
        (SELECT message, count, (SELECT count(*) FROM error_occurrences WHERE error_id = errors.id) AS occurrences
         FROM errors) AS counted
        WHERE occurrences <> CASE WHEN count < 5 THEN count ELSE 5 END`),
    ).toEqual([]);
    expect(
      await all(`SELECT id, count FROM errors
        WHERE count <> (SELECT coalesce(sum(n), 0) FROM error_hours WHERE error_id = errors.id)`),
    ).toEqual([]);
    expect(await all('SELECT id, first_seen, last_seen FROM errors WHERE first_seen > last_seen')).toEqual(
      [],
    );
    expect(await all('SELECT id FROM errors WHERE resolved <> (resolved_at IS NOT NULL)')).toEqual([]);
    expect(await all('SELECT id FROM errors WHERE id NOT IN (SELECT rowid FROM error_search)')).toEqual([]);
    expect(await all('SELECT rowid FROM error_search WHERE rowid NOT IN (SELECT id FROM errors)')).toEqual(
      [],
    );
    expect(await all('SELECT project FROM errors WHERE project NOT IN (SELECT name FROM projects)')).toEqual(
      [],
    );
    expect(
      await all('SELECT project, resolved, source, n FROM error_counts WHERE n <> 0 ORDER BY 1, 2, 3'),
    ).toEqual(
      await all(
        'SELECT project, resolved, source, count(*) AS n FROM errors GROUP BY 1, 2, 3 ORDER BY 1, 2, 3',
      ),
    );
  });
}

async function look<Result>(
  stored: StoredDatabase,
  at: (database: TestDatabase) => Promise<Result>,
): Promise<Result> {
  const database = stored.open({ readonly: true });
  try {
    return await at(database);
  } finally {
    await database.close();
  }
}
