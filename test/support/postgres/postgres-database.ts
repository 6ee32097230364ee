import { setTimeout as delay } from 'node:timers/promises';
import { Client, Pool, types } from 'pg';
import type { TestDatabase } from '../test-database';

const LOCK_TIMEOUT_MS = 5_000;
const LOCK_RETRY_MS = 2;
const LOCK_NOT_AVAILABLE = '55P03';

/** PostgreSQL takes no more in one statement. */
const MOST_PARAMETERS = 65_535;

type TypeId = (typeof types.builtins)['INT8'];

const { INT8, NUMERIC, TIMESTAMP } = types.builtins;

export class PostgresTestDatabase implements TestDatabase {
  private readonly pool: Pool;

  constructor(private readonly url: string) {
    this.pool = new Pool({ connectionString: url, max: 1, types: { getTypeParser } });
    // Tests that end connections end this one, too; the next question makes another.
    this.pool.on('error', () => undefined);
  }

  async all<Row>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
    return (await this.pool.query(numberPlaceholders(sql), parameters)).rows as Row[];
  }

  async get<Row>(sql: string, parameters?: unknown[]): Promise<Row | undefined> {
    return (await this.all<Row>(sql, parameters))[0];
  }

  async value<T>(sql: string, parameters?: unknown[]): Promise<T> {
    const row = await this.get<Record<string, T>>(sql, parameters);
    return Object.values(row ?? {})[0] as T;
  }

  async run(sql: string, parameters: unknown[] = []): Promise<number> {
    return (await this.pool.query(numberPlaceholders(sql), parameters)).rowCount ?? 0;
  }

  async insert(table: string, rows: Record<string, unknown>[]): Promise<void> {
    const columns = Object.keys(rows[0] ?? {});
    if (columns.length === 0) return;
    const tuple = `(${columns.map(() => '?').join(', ')})`;
    const atOnce = Math.floor(MOST_PARAMETERS / columns.length);
    for (let done = 0; done < rows.length; done += atOnce) {
      const part = rows.slice(done, done + atOnce);
      await this.run(
        `INSERT INTO ${table} (${columns.join(', ')}) OVERRIDING SYSTEM VALUE VALUES ${part.map(() => tuple).join(', ')}`,
        part.flatMap((row) => columns.map((column) => row[column])),
      );
    }
    // As it would soon do by itself: without it, plans are made for an empty table.
    await this.all(`ANALYZE ${table}`);
    if (columns.includes('id'))
      await this.all(
        `SELECT setval(pg_get_serial_sequence('${table}', 'id'), (SELECT max(id) FROM ${table}))`,
      );
  }

  async lock(): Promise<() => Promise<void>> {
    const client = await this.connect();
    const tables = await this.value<string>(
      "SELECT string_agg(quote_ident(tablename), ', ') FROM pg_tables WHERE schemaname = current_schema()",
    );
    const deadline = Date.now() + LOCK_TIMEOUT_MS;
    // Whoever waited for one table while it holds another could be in a deadlock with the server.
    for (;;) {
      try {
        await client.query('BEGIN');
        await client.query(`LOCK TABLE ${tables} IN EXCLUSIVE MODE NOWAIT`);
        break;
      } catch (error) {
        await client.query('ROLLBACK');
        if ((error as { code?: string }).code !== LOCK_NOT_AVAILABLE || Date.now() > deadline) throw error;
        await delay(LOCK_RETRY_MS);
      }
    }
    return () => client.end();
  }

  async hold(sql: string, parameters: unknown[] = []): Promise<() => Promise<void>> {
    const client = await this.connect();
    await client.query('BEGIN');
    await client.query(numberPlaceholders(sql), parameters);
    return async () => {
      await client.query('COMMIT');
      await client.end();
    };
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- the other database answers with what it finds
  async findDamage(): Promise<unknown[]> {
    // Foreign keys cannot be switched off here, and a page that cannot be read fails whatever reads it.
    return [];
  }

  async close(): Promise<void> {
    await this.pool.end();
  }

  private async connect(): Promise<Client> {
    const client = new Client({ connectionString: this.url });
    client.on('error', () => undefined);
    await client.connect();
    return client;
  }
}

/** `a = ? AND b = '?'` → `a = $1 AND b = '?'` */
function numberPlaceholders(sql: string): string {
  let number = 0;
  return sql.replace(/'[^']*'|\?/g, (found) => (found === '?' ? `$${++number}` : found));
}

/** Numbers as numbers, and times without a zone as SQLite has them. */
function getTypeParser(oid: TypeId, format?: 'text' | 'binary'): (value: string) => unknown {
  if (oid === INT8 || oid === NUMERIC) return Number;
  if (oid === TIMESTAMP) return withMilliseconds;
  return types.getTypeParser(oid, format ?? 'text') as (value: string) => unknown;
}

/** `2026-01-31 12:00:00.5` → `2026-01-31 12:00:00.500` */
function withMilliseconds(time: string): string {
  const [seconds, fraction = ''] = time.split('.');
  return `${seconds}.${fraction.padEnd(3, '0')}`;
}
