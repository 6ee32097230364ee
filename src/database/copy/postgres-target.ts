import type { Client } from 'pg';
import { connectToPrimary } from '../postgres/connect-to-primary';
import { parsePostgresAddress } from '../postgres/postgres-address';
import { codeOf } from '../postgres/postgres-failure';
import { preparePostgres } from '../postgres/prepare-postgres';
import { prepareSearchIndex } from '../postgres/prepare-search-index';
import { UnusableDatabaseError } from '../unusable-database-error';
import type { CopiedRow, CopiedValue } from './copied-row';
import { columnNames, COMPARED_TABLES, type CopiedTable, COPIED_TABLES } from './copied-tables';
import { CopyProgress } from './copy-progress';

/** Of the lock that a copy holds; the number means nothing, but is nobody else's. */
const COPY_LOCK = 5010_0002;

const LOCK_NOT_AVAILABLE = '55P03';

const SETTINGS = {
  name: 'error-tracker copy',
  // Making an index takes its time.
  statementTimeoutMs: 0,
  session: {
    // The session of a copy that was killed may be storing its last rows still.
    lock_timeout: '30000',
    // What is told as copied is on the disk at the end, when a transaction is that comes after all others. A server that
    // crashes before loses rows together with the progress that counts them.
    synchronous_commit: 'off',
    datestyle: 'ISO',
  },
};

/** So many rows come at once when they are read again. */
const ROWS_AT_ONCE = 200;

/** The PostgreSQL database that is copied to, with the schema of this version. One copy at a time goes to it. */
export class PostgresTarget {
  readonly progress: CopyProgress;

  private constructor(
    /** for people: without user and password */
    readonly shown: string,
    private readonly client: Client,
  ) {
    this.progress = new CopyProgress(client, shown);
  }

  /** @throws UnusableDatabaseError when it cannot be used, or a server uses it */
  static async open(url: string): Promise<PostgresTarget> {
    const { shown } = await preparePostgres(url, { toCopy: true });
    const address = parsePostgresAddress(url);
    if (!address) throw new UnusableDatabaseError('this is no address of PostgreSQL');
    const { client } = await connectToPrimary(address, SETTINGS);
    const target = new PostgresTarget(shown, client);
    try {
      await target.requireNoServer();
      await client.query(`SELECT pg_advisory_lock(${COPY_LOCK})`);
      return target;
    } catch (error) {
      await target.close();
      if (codeOf(error) !== LOCK_NOT_AVAILABLE) throw error;
      throw new UnusableDatabaseError(`another copy to ${shown} is under way`);
    }
  }

  /** Inserts rows and counts them in the progress, both or neither. */
  async insert(table: CopiedTable, rows: readonly CopiedRow[]): Promise<void> {
    const kinds = Object.values(table.columns);
    const arrays = kinds.map(({ type }, index) => `$${index + 2}::${type}[]`);
    await this.client.query({
      name: `copy ${table.name}`,
      text: `WITH copied AS (
          INSERT INTO ${table.name} (${columnNames(table).join(', ')}) SELECT * FROM unnest(${arrays.join(', ')})
        ) UPDATE copy_progress SET copied = copied + $1 WHERE name = '${table.name}'`,
      values: [rows.length, ...kinds.map((_, index) => rows.map((row) => row[index]))],
    });
  }

  /** What a table holds: the rows of one moment, in any order. */
  async *rows(table: CopiedTable): AsyncGenerator<CopiedRow> {
    const columns = columnNames(table).join(', ');
    await this.client.query('BEGIN READ ONLY');
    await this.client.query(`DECLARE stored NO SCROLL CURSOR FOR SELECT ${columns} FROM ${table.name}`);
    const fetch = () =>
      this.client.query<CopiedValue[]>({ text: `FETCH ${ROWS_AT_ONCE} FROM stored`, rowMode: 'array' });
    // The next ones are on their way while these are looked at.
    for (let next = fetch(); ;) {
      const { rows } = await next;
      if (rows.length === 0) break;
      next = fetch();
      yield* rows;
    }
    await this.client.query('COMMIT');
  }

  /** What is done once after all rows instead of with each. */
  async index(): Promise<void> {
    await prepareSearchIndex(this.client);
    await this.client.query(`ANALYZE ${COMPARED_TABLES.map(({ name }) => name).join(', ')}`);
  }

  /**
   * Ends the copy: a server may start.
   * @param highestId the highest one of a table that was ever given; 0 when there was none
   */
  async finish(highestId: (table: CopiedTable) => number): Promise<void> {
    await this.client.query('BEGIN');
    await this.client.query('SET LOCAL synchronous_commit = on');
    for (const table of COPIED_TABLES.filter(({ hasIds }) => hasIds)) {
      const highest = highestId(table);
      if (highest < 1) continue;
      await this.client.query("SELECT setval(pg_get_serial_sequence($1, 'id'), $2)", [table.name, highest]);
    }
    await this.progress.end();
    await this.client.query('COMMIT');
  }

  async close(): Promise<void> {
    await this.client.end().catch(() => undefined);
  }

  private async requireNoServer(): Promise<void> {
    const { rows } = await this.client.query(
      `SELECT 1 FROM pg_stat_activity WHERE datname = current_database()
       AND application_name IN ('error-tracker writer', 'error-tracker reader') LIMIT 1`,
    );
    if (rows.length === 0) return;
    throw new UnusableDatabaseError(
      `a server stores in ${this.shown}: stop it, and start it when everything has been copied`,
    );
  }
}
