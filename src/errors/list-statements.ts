import type { SqliteConnection } from '../database/sqlite-connection';
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
import { StatementCache } from './statement-cache';

/** Where a page begins: after a place, or after so many errors. */
export interface Start {
  after: Place | null;
  skip: number;
}

export const TOP: Start = { after: null, skip: 0 };

/** How many errors fit, the search left aside: exactly so many when both are the same. */
export interface Fitting {
  least: number;
  most: number;
}

export function isExact({ least, most }: Fitting): boolean {
  return least === most;
}

export interface Candidates {
  n: number;
  /** JSON array */
  ids: string;
}

/** Candidates as a subquery: those that were listed, or all that the search index has. */
export const listed = ({ ids }: Candidates): Condition => ({
  sql: 'SELECT value FROM json_each(?)',
  parameters: [ids],
});
export const matching = (match: string): Condition => ({
  sql: 'SELECT rowid FROM error_search WHERE error_search MATCH ?',
  parameters: [match],
});

/** Errors that are counted one by one to tell how many of a range fit, 60 ns each. */
const MOST_COUNTED_IN_RANGE = 100_000;

/**
 * The SQL of the list. Folded texts are read from `error_search_content`, where FTS5 documents that it keeps them: a third faster than
 * through the virtual table. `INDEXED BY` makes a lost index fail loudly instead of sorting a million rows.
 */
export class ListStatements {
  private readonly statements: StatementCache;

  constructor(connection: SqliteConnection) {
    this.statements = new StatementCache(connection);
  }

  /** How many errors fit, search and range left aside. */
  count(filter: ErrorFilter): number {
    const { sql, parameters } = stateOf(filter, 'error_counts');
    const [row] = this.statements.all<{ n: number }>(
      `SELECT coalesce(sum(n), 0) AS n FROM error_counts WHERE ${sql}`,
      parameters,
    );
    return row?.n ?? 0;
  }

  /** How many errors fit, the search left aside: of a long range only the beginning is counted. */
  countFitting(filter: ErrorFilter): Fitting {
    const fitting = this.count(filter);
    if (fitting === 0 || !hasRange(filter)) return { least: fitting, most: fitting };
    const stream = streamFor(filter, 'last_seen');
    const state = stateOf(filter);
    const range = allOf(stateOf(stream.holds), rangeOf(filter));
    const [row] = this.statements.all<{ counted: number; n: number }>(
      `SELECT count(*) AS counted, coalesce(sum(fits), 0) AS n FROM (
         SELECT ${state.sql} AS fits FROM errors INDEXED BY ${stream.index} WHERE ${range.sql} LIMIT ?)`,
      [...state.parameters, ...range.parameters, MOST_COUNTED_IN_RANGE],
    );
    const { counted, n } = row ?? { counted: 0, n: 0 };
    return { least: n, most: counted < MOST_COUNTED_IN_RANGE ? n : fitting };
  }

  /** Errors of a stream that fit, the search left aside. */
  walk(stream: Stream, filter: ErrorFilter, start: Start, limit: number): Place[] {
    const where = partOf(stream, filter, start.after);
    return this.statements.all(
      `SELECT id, ${stream.sort} AS key FROM errors INDEXED BY ${stream.index}
       WHERE ${where.sql} ${highestFirst(stream)} LIMIT ? OFFSET ?`,
      [...where.parameters, limit, start.skip],
    );
  }

  /** The same from the other end: for a page near it. */
  walkBackwards(stream: Stream, filter: ErrorFilter, skip: number, limit: number): Place[] {
    const where = partOf(stream, filter, null);
    return this.statements
      .all<Place>(
        `SELECT id, ${stream.sort} AS key FROM errors INDEXED BY ${stream.index}
       WHERE ${where.sql} ORDER BY ${stream.sort}, id LIMIT ? OFFSET ?`,
        [...where.parameters, limit, skip],
      )
      .reverse();
  }

  /** All that fit, in no order; with a text only those that contain it. For when few fit. */
  listAll(filter: ErrorFilter, fitting: Fitting, sort: Sort, text?: string): Place[] {
    const isShortRange = hasRange(filter) && isExact(fitting);
    const index = isShortRange ? streamFor(filter, 'last_seen').index : 'errors_by_state';
    const state = isShortRange ? stateOf(filter) : indexedStateOf(filter);
    const where = allOf(state, rangeOf(filter), text !== undefined && containing(text, 'errors'));
    return this.statements.all(
      `SELECT id, ${sort} AS key FROM errors INDEXED BY ${index} WHERE ${where.sql}`,
      where.parameters,
    );
  }

  /** Ids of the errors that the search index gives, up to a number: as JSON, which SQLite takes back as a table. */
  findCandidates(match: string, most: number): Candidates {
    const [row] = this.statements.all<Candidates>(
      `SELECT count(*) AS n, json_group_array(rowid) AS ids
       FROM (SELECT rowid FROM error_search WHERE error_search MATCH ? LIMIT ?)`,
      [match, most],
    );
    return row ?? { n: 0, ids: '[]' };
  }

  /** Those of the candidates that fit and contain the text, in no order. For when there are few. */
  listCandidates({ ids }: Candidates, text: string, filter: ErrorFilter, sort: Sort): Place[] {
    const where = allOf(stateOf(filter), rangeOf(filter), containing(text, 'errors'));
    return this.statements.all(
      `SELECT errors.id, errors.${sort} AS key FROM json_each(?) AS found
         CROSS JOIN errors ON errors.id = found.value
       WHERE ${where.sql}`,
      [ids, ...where.parameters],
    );
  }

  /** Errors of a stream that fit, are among the candidates and contain the text. */
  walkCandidates(
    stream: Stream,
    filter: ErrorFilter,
    candidates: Condition,
    text: string,
    start: Start,
    limit: number,
  ): Place[] {
    const isCandidate = { ...candidates, sql: `id IN (${candidates.sql})` };
    const where = allOf(partOf(stream, filter, start.after), isCandidate, containing(text, 'errors'));
    return this.statements.all(
      `SELECT id, ${stream.sort} AS key FROM errors INDEXED BY ${stream.index}
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
  ): Place[] {
    const where = partOf(stream, filter, start.after);
    const contains = containing(text, 'next');
    // The key of another sort stands in the table, and is read for what is found only.
    const key = sort === stream.sort ? sort : `(SELECT ${sort} FROM errors WHERE errors.id = next.id)`;
    return this.statements.all(
      `SELECT id, ${key} AS key FROM (
         SELECT id, ${stream.sort} FROM errors INDEXED BY ${stream.index}
         WHERE ${where.sql} ${highestFirst(stream)} LIMIT ?
       ) AS next WHERE ${contains.sql} LIMIT ? OFFSET ?`,
      [...where.parameters, rows, ...contains.parameters, limit, start.skip],
    );
  }
}

function highestFirst({ sort }: Stream): string {
  return `ORDER BY ${sort} DESC, id DESC`;
}

/** @param table what has the ids of the errors */
function containing(text: string, table: string): Condition {
  return {
    sql: `(SELECT instr(c0, ?) FROM error_search_content WHERE error_search_content.id = ${table}.id) > 0`,
    parameters: [text],
  };
}
