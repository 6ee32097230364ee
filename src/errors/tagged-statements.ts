import type { SqlConnection } from '../database/sql-connection';
import type { SqlDialect } from '../database/sql-dialect';
import {
  allOf,
  type Condition,
  type ErrorFilter,
  partOf,
  rangeOf,
  stateOf,
  type Stream,
} from './error-filter';
import type { Tag } from './error-tags';
import type { Place, Sort } from './list-cursor';
import type { Start } from './list-statements';
import { searchSqlOf } from './search-sql';
import { havingTags, isUsualLevel } from './tag-filter';

/** What errors must have beside what the indexes of the list tell. */
export interface Sought {
  /** at least one */
  tags: readonly Tag[];
  /** folded; null for any */
  text: string | null;
}

/** The SQL of a list that is narrowed by tags. */
export class TaggedStatements {
  private readonly dialect: SqlDialect;

  constructor(private readonly connection: SqlConnection) {
    this.dialect = connection.dialect;
  }

  /** How many errors have a tag, counted up to a number; more than any number where that cannot be told. */
  async count(tag: Tag, most: number): Promise<number> {
    if (isUsualLevel(tag)) return Infinity;
    const row = await this.connection.get<{ n: number }>(
      `SELECT count(*) AS n FROM (
         SELECT 1 FROM error_tags ${this.byValue} WHERE name = ? AND value = ? LIMIT ?) AS counted`,
      [tag.name, tag.value, most],
    );
    return row?.n ?? 0;
  }

  /** Of the errors with a tag, up to so many that were made last, those that fit, in no order. */
  list(tag: Tag, filter: ErrorFilter, sought: Sought, sort: Sort, most: number): Promise<Place[]> {
    const where = allOf(
      stateOf(this.dialect, filter),
      rangeOf(filter),
      this.having({ ...sought, tags: sought.tags.filter((other) => other !== tag) }, 'errors'),
    );
    // Materialized: PostgreSQL would read all that have the tag when looking at an error costs much.
    return this.connection.all(
      `WITH tagged AS MATERIALIZED (
         SELECT error_id FROM error_tags ${this.byValue} WHERE name = ? AND value = ?
         ORDER BY error_id DESC LIMIT ?)
       SELECT errors.id, errors.${sort} AS key FROM tagged CROSS JOIN errors
       WHERE errors.id = tagged.error_id AND ${where.sql}`,
      [tag.name, tag.value, most, ...where.parameters],
    );
  }

  /** Those of the next `rows` errors of a stream that fit and have what is sought; `start.skip` counts these. */
  walk(
    stream: Stream,
    filter: ErrorFilter,
    sought: Sought,
    rows: number,
    start: Start,
    limit: number,
  ): Promise<Place[]> {
    const { sort, index } = stream;
    const part = partOf(this.dialect, stream, filter, start.after);
    const having = this.having(sought, 'next');
    return this.connection.all(
      `SELECT id, key FROM (
         SELECT id, ${sort} AS key FROM errors ${this.dialect.indexedBy(index)}
         WHERE ${part.sql} ORDER BY ${sort} DESC, id DESC LIMIT ?
       ) AS next WHERE ${having.sql} LIMIT ? OFFSET ?`,
      [...part.parameters, rows, ...having.parameters, limit, start.skip],
    );
  }

  private having({ tags, text }: Sought, table: string): Condition {
    return allOf(
      havingTags(this.dialect, tags, table),
      text !== null && { sql: searchSqlOf(this.dialect).contains(table), parameters: [text] },
    );
  }

  private get byValue(): string {
    return this.dialect.indexedBy('error_tags_by_value');
  }
}
