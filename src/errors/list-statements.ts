import type { SqlConnection } from '../database/sql-connection';
import type { SqlDialect } from '../database/sql-dialect';
import {
  allOf,
  type Condition,
  type ErrorFilter,
  hasRange,
  indexedStateOf,
  partOf,
  rangeOf,
  stateOf,
  type Stream,
  streamFor,
} from './error-filter';
import type { Place, Sort } from './list-cursor';
import { type SearchedText, type SearchSql, searchSqlOf } from './search-sql';
import { havingTags } from './tag-filter';

/** Where a page begins: after a place, or after so many errors. */
export interface Start {
  after: Place | null;
  skip: number;
}

export const TOP: Start = { after: null, skip: 0 };

/** How many errors fit, search and tags left aside: exactly so many when both are the same. */
export interface Fitting {
  least: number;
  most: number;
}

export function isExact({ least, most }: Fitting): boolean {
  return least === most;
}

export interface Candidates {
  n: number;
  /** as `SearchSql` gathers them */
  ids: string;
}

/** Errors that are counted one by one to tell how many of a range fit, 60 ns each. */
const MOST_COUNTED_IN_RANGE = 100_000;

/** The SQL of the list. Where an index can be named, a lost one fails loudly instead of sorting a million rows. */
export class ListStatements {
  private readonly dialect: SqlDialect;
  private readonly searchSql: SearchSql;

  constructor(private readonly connection: SqlConnection) {
    this.dialect = connection.dialect;
    this.searchSql = searchSqlOf(connection.dialect);
  }

  /** How many errors fit, search and range left aside. */
  async count(filter: ErrorFilter): Promise<number> {
    const { sql, parameters } = stateOf(this.dialect, filter, 'error_counts');
    const [row] = await this.connection.all<{ n: number }>(
      `SELECT coalesce(sum(n), 0) AS n FROM error_counts WHERE ${sql}`,
      parameters,
    );
    return row?.n ?? 0;
  }

  /** How many errors fit, the search left aside: of a long range only the beginning is counted. */
  async countFitting(filter: ErrorFilter): Promise<Fitting> {
    const fitting = await this.count(filter);
    if (fitting === 0 || !hasRange(filter)) return { least: fitting, most: fitting };
    const stream = streamFor(filter, 'last_seen');
    const state = stateOf(this.dialect, filter);
    const range = allOf(stateOf(this.dialect, stream.holds), rangeOf(filter));
    const [row] = await this.connection.all<{ counted: number; n: number }>(
      `SELECT count(*) AS counted, count(*) FILTER (WHERE fits) AS n FROM (
         SELECT ${state.sql} AS fits FROM errors ${this.by(stream)} WHERE ${range.sql} LIMIT ?) AS counted`,
      [...state.parameters, ...range.parameters, MOST_COUNTED_IN_RANGE],
    );
    const { counted, n } = row ?? { counted: 0, n: 0 };
    return { least: n, most: counted < MOST_COUNTED_IN_RANGE ? n : fitting };
  }

  /** Errors of a stream that fit, the search left aside. */
  walk(stream: Stream, filter: ErrorFilter, start: Start, limit: number): Promise<Place[]> {
    const where = partOf(this.dialect, stream, filter, start.after);
    return this.connection.all(
      `SELECT id, ${stream.sort} AS key FROM errors ${this.by(stream)}
       WHERE ${where.sql} ${highestFirst(stream)} LIMIT ? OFFSET ?`,
      [...where.parameters, limit, start.skip],
    );
  }

  /** The same from the other end: for a page near it. */
  async walkBackwards(stream: Stream, filter: ErrorFilter, skip: number, limit: number): Promise<Place[]> {
    const where = partOf(this.dialect, stream, filter, null);
    const places = await this.connection.all<Place>(
      `SELECT id, ${stream.sort} AS key FROM errors ${this.by(stream)}
       WHERE ${where.sql} ORDER BY ${stream.sort}, id LIMIT ? OFFSET ?`,
      [...where.parameters, limit, skip],
    );
    return places.reverse();
  }

  /** All that fit, in no order; with a text only those that contain it. For when few fit. */
  listAll(filter: ErrorFilter, fitting: Fitting, sort: Sort, text?: string): Promise<Place[]> {
    const isShortRange = hasRange(filter) && isExact(fitting);
    const index = isShortRange ? streamFor(filter, 'last_seen').index : 'errors_by_state';
    const state = isShortRange ? stateOf(this.dialect, filter) : indexedStateOf(this.dialect, filter);
    const where = allOf(
      state,
      rangeOf(filter),
      havingTags(this.dialect, filter.tags, 'errors'),
      text !== undefined && this.containing(text, 'errors'),
    );
    return this.connection.all(
      `SELECT id, ${sort} AS key FROM errors ${this.dialect.indexedBy(index)} WHERE ${where.sql}`,
      where.parameters,
    );
  }

  /** Ids of the errors that the search index gives for a text, up to a number. */
  async findCandidates(searched: SearchedText, most: number): Promise<Candidates> {
    const having = this.searchSql.having(searched);
    const [row] = await this.connection.all<Candidates>(
      `SELECT count(*) AS n, ${this.searchSql.gathered} AS ids
       FROM (SELECT rowid FROM error_search WHERE ${having.sql} LIMIT ?) AS found`,
      [...having.parameters, most],
    );
    return row ?? { n: 0, ids: this.searchSql.nothingGathered };
  }

  /** Those of the candidates that fit and contain the text, in no order. For when there are few. */
  listCandidates({ ids }: Candidates, text: string, filter: ErrorFilter, sort: Sort): Promise<Place[]> {
    const where = allOf(
      stateOf(this.dialect, filter),
      rangeOf(filter),
      havingTags(this.dialect, filter.tags, 'errors'),
      this.confirming(text),
    );
    return this.connection.all(
      `SELECT errors.id, errors.${sort} AS key FROM ${this.searchSql.listed} AS found
         CROSS JOIN errors
       WHERE errors.id = found.id AND ${where.sql}`,
      [ids, ...where.parameters],
    );
  }

  /**
   * Errors of a stream that fit, are among the candidates and contain the text.
   * @param among candidates that were listed, or nothing for all that the search index has
   */
  walkCandidates(
    stream: Stream,
    filter: ErrorFilter,
    among: Candidates | null,
    searched: SearchedText,
    start: Start,
    limit: number,
  ): Promise<Place[]> {
    const where = allOf(
      partOf(this.dialect, stream, filter, start.after),
      among ? this.isListed(among) : this.isFound(searched),
      this.confirming(searched.text),
    );
    return this.connection.all(
      `SELECT id, ${stream.sort} AS key FROM errors ${this.by(stream)}
       WHERE ${where.sql} ${highestFirst(stream)} LIMIT ? OFFSET ?`,
      [...where.parameters, limit, start.skip],
    );
  }

  /**
   * Those of the next `rows` errors of a stream that contain the text; `start.skip` counts these.
   * @param sort what the places are for; in the order of the stream they come all the same
   */
  walkTexts(
    stream: Stream,
    filter: ErrorFilter,
    text: string,
    rows: number,
    start: Start,
    limit: number,
    sort: Sort = stream.sort,
  ): Promise<Place[]> {
    const where = partOf(this.dialect, stream, filter, start.after);
    const contains = this.containing(text, 'next');
    // The key of another sort stands in the table, and is read for what is found only.
    const key = sort === stream.sort ? sort : `(SELECT ${sort} FROM errors WHERE errors.id = next.id)`;
    return this.connection.all(
      `SELECT id, ${key} AS key FROM (
         SELECT id, ${stream.sort} FROM errors ${this.by(stream)}
         WHERE ${where.sql} ${highestFirst(stream)} LIMIT ?
       ) AS next WHERE ${contains.sql} LIMIT ? OFFSET ?`,
      [...where.parameters, rows, ...contains.parameters, limit, start.skip],
    );
  }

  private by({ index }: Stream): string {
    return this.dialect.indexedBy(index);
  }

  private isListed({ ids }: Candidates): Condition {
    return { sql: `id IN (SELECT id FROM ${this.searchSql.listed} AS listed)`, parameters: [ids] };
  }

  private isFound(searched: SearchedText): Condition {
    const { sql, parameters } = this.searchSql.having(searched);
    return { sql: `id IN (SELECT rowid FROM error_search WHERE ${sql})`, parameters };
  }

  /** That a candidate contains the text, where the index does not tell. */
  private confirming(text: string): Condition | false {
    return !this.searchSql.havingIsExact && this.containing(text, 'errors');
  }

  /** @param table what has the ids of the errors */
  private containing(text: string, table: string): Condition {
    return { sql: this.searchSql.contains(table), parameters: [text] };
  }
}

function highestFirst({ sort }: Stream): string {
  return `ORDER BY ${sort} DESC, id DESC`;
}
