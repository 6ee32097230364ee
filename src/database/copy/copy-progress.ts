import type { Client } from 'pg';
import { UnusableDatabaseError } from '../unusable-database-error';
import { COMPARED_TABLES, COPIED_TABLES } from './copied-tables';

/** Whether a database holds a copy that has not come to its end. */
export async function hasUnfinishedCopy(client: Client): Promise<boolean> {
  const { rows } = await client.query("SELECT to_regclass('copy_progress') AS oid");
  return (rows[0] as { oid: unknown }).oid !== null;
}

/**
 * How far a copy has come, in a table of the target that is there until the copy has been found to be good. How many
 * rows of a table are copied is written in the transaction that copies them.
 */
export class CopyProgress {
  constructor(
    private readonly client: Client,
    private readonly shown: string,
  ) {}

  /**
   * Begins to copy into a database without data, or goes on with a copy of the same source.
   * @param source what `SqliteSource.identify` says
   * @returns how many rows of each table are copied already
   * @throws UnusableDatabaseError when the database holds anything else
   */
  async begin(source: string): Promise<Map<string, number>> {
    if (!(await hasUnfinishedCopy(this.client))) await this.create(source);
    const { rows } = await this.client.query<{ name: string; source: string; copied: number }>(
      'SELECT name, source, copied FROM copy_progress',
    );
    if (rows.some((row) => row.source !== source)) {
      throw new UnusableDatabaseError(
        `${this.shown} holds the beginning of a copy of another file, or of this one before it was changed: ` +
          'drop that database, create it anew and run this command again',
      );
    }
    return new Map(rows.map(({ name, copied }) => [name, copied]));
  }

  async end(): Promise<void> {
    await this.client.query('DROP TABLE copy_progress');
  }

  private async create(source: string): Promise<void> {
    await this.requireNoData();
    const names = COPIED_TABLES.map(({ name }) => name);
    await this.client.query('BEGIN');
    await this.client.query(
      'CREATE TABLE copy_progress (name TEXT PRIMARY KEY, source TEXT NOT NULL, copied BIGINT NOT NULL DEFAULT 0)',
    );
    await this.client.query(
      'INSERT INTO copy_progress (name, source) SELECT name, $1 FROM unnest($2::text[]) AS name',
      [source, names],
    );
    await this.client.query('COMMIT');
  }

  private async requireNoData(): Promise<void> {
    for (const { name } of COMPARED_TABLES) {
      const { rows } = await this.client.query(`SELECT 1 FROM ${name} LIMIT 1`);
      if (rows.length === 0) continue;
      throw new UnusableDatabaseError(
        `${this.shown} holds data already (its table ${name} is not empty), and nothing is ever overwritten: ` +
          'name a database that is empty or new',
      );
    }
  }
}
