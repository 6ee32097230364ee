import type { CopiedTable } from './copied-tables';
import type { PostgresTarget } from './postgres-target';
import type { SqliteSource } from './sqlite-source';
import { TableChecksum } from './table-checksum';

export interface ComparedTable {
  name: string;
  /** rows of the source, and of the target */
  rows: number;
  stored: number;
  isEqual: boolean;
  /** rows of the source in which something had to be replaced, so that PostgreSQL takes them */
  changed: number;
}

/** Reads a table from both sides and compares every value. @param seen is called for each row */
export async function compareTables(
  source: SqliteSource,
  target: PostgresTarget,
  table: CopiedTable,
  seen: () => void,
): Promise<ComparedTable> {
  const given = new TableChecksum();
  const stored = new TableChecksum();
  let changed = 0;
  for (const { row, changed: isChanged } of source.rows(table)) {
    given.add(row);
    if (isChanged) changed += 1;
    seen();
  }
  for await (const row of target.rows(table)) {
    stored.add(row);
    seen();
  }
  return { name: table.name, rows: given.rows, stored: stored.rows, isEqual: given.equals(stored), changed };
}
