import { type ComparedTable, compareTables } from './compare-tables';
import type { CopiedRow } from './copied-row';
import { COMPARED_TABLES, type CopiedTable, COPIED_TABLES } from './copied-tables';
import { explainCopyFailure } from './explain-copy-failure';
import { PostgresTarget } from './postgres-target';
import { SqliteSource } from './sqlite-source';

/** Rows of a transaction: as many as this, or as have this many characters. */
const MOST_ROWS = 1_000;
const MOST_CHARACTERS = 4_000_000;

/** Is told how a copy gets on, in this order. */
export interface CopyListener {
  /** @param copied rows that an earlier run has copied */
  begun(source: string, target: string, copied: number): void;
  /** @param done from 0 to 1 */
  copied(done: number, table: string): void;
  indexing(): void;
  compared(done: number, table: string): void;
}

export interface Copied {
  tables: ComparedTable[];
  /** whether all tables are the same on both sides; the target cannot be used otherwise */
  isEqual: boolean;
  /** rows that were left out, since they belong to an error that does not exist */
  orphans: number;
}

/**
 * Copies a SQLite file into an empty PostgreSQL database and compares the two; may be ended at any moment, and goes on
 * with the next run where it was.
 * @throws UnusableDatabaseError when one of the two cannot be used
 */
export async function copyToPostgres(path: string, url: string, listener: CopyListener): Promise<Copied> {
  const source = await SqliteSource.open(path);
  try {
    const target = await PostgresTarget.open(url);
    try {
      return await copy(source, target, listener);
    } catch (error) {
      throw explainCopyFailure(error, source.shown, target.shown);
    } finally {
      await target.close();
    }
  } finally {
    source.close();
  }
}

async function copy(source: SqliteSource, target: PostgresTarget, listener: CopyListener): Promise<Copied> {
  const copied = await target.progress.begin(source.identify());
  const before = [...copied.values()].reduce((sum, rows) => sum + rows, 0);
  listener.begun(source.shown, target.shown, before);
  const countAll = (tables: readonly CopiedTable[]) =>
    tables.reduce((sum, table) => sum + source.count(table), 0);

  const copying = counter(countAll(COPIED_TABLES), listener.copied.bind(listener));
  for (const table of COPIED_TABLES) {
    const offset = copied.get(table.name) ?? 0;
    copying(offset, table);
    await copyTable(source, target, table, offset, (rows) => copying(rows, table));
  }
  listener.indexing();
  await target.index();

  const comparing = counter(2 * countAll(COMPARED_TABLES), listener.compared.bind(listener));
  const tables: ComparedTable[] = [];
  for (const table of COMPARED_TABLES)
    tables.push(await compareTables(source, target, table, () => comparing(1, table)));
  const isEqual = tables.every((table) => table.isEqual);
  if (isEqual) await target.finish((table) => source.highestId(table));
  return { tables, isEqual, orphans: source.countOrphans() };
}

/** Adds up rows of all tables. */
function counter(
  total: number,
  tell: (done: number, table: string) => void,
): (rows: number, table: CopiedTable) => void {
  let done = 0;
  return (rows, { name }) => {
    done += rows;
    tell(total === 0 ? 1 : Math.min(done / total, 1), name);
  };
}

async function copyTable(
  source: SqliteSource,
  target: PostgresTarget,
  table: CopiedTable,
  offset: number,
  stored: (rows: number) => void,
): Promise<void> {
  let storing = Promise.resolve();
  for (const batch of batchesOf(source.rows(table, offset))) {
    await storing;
    // The next batch is read meanwhile.
    storing = target.insert(table, batch).then(() => stored(batch.length));
    storing.catch(() => undefined);
  }
  await storing;
}

function* batchesOf(rows: Iterable<{ row: CopiedRow }>): Generator<CopiedRow[]> {
  let batch: CopiedRow[] = [];
  let characters = 0;
  for (const { row } of rows) {
    batch.push(row);
    for (const value of row) characters += typeof value === 'string' ? value.length : 0;
    if (batch.length < MOST_ROWS && characters < MOST_CHARACTERS) continue;
    yield batch;
    batch = [];
    characters = 0;
  }
  if (batch.length > 0) yield batch;
}
