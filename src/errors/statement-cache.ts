import type { Statement } from 'better-sqlite3';
import type { SqliteConnection } from '../database/sqlite-connection';

type Parameter = string | number;

/** There are thousands of combinations of filters, of which people use a few: 10 KB each. */
const MOST_PREPARED = 300;

/** Prepares a statement when its SQL is new. */
export class StatementCache {
  private readonly prepared = new Map<string, Statement<Parameter[]>>();

  constructor(private readonly connection: SqliteConnection) {}

  /** All rows of a statement. */
  all<Row>(sql: string, parameters: readonly Parameter[]): Row[] {
    return this.prepare(sql).all(...parameters) as Row[];
  }

  private prepare(sql: string): Statement<Parameter[]> {
    const known = this.prepared.get(sql);
    if (known) return known;
    if (this.prepared.size >= MOST_PREPARED) this.prepared.clear();
    const statement = this.connection.prepare<Parameter[]>(sql);
    this.prepared.set(sql, statement);
    return statement;
  }
}
