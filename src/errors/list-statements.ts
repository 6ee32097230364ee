import type { Statement } from 'better-sqlite3';
import type { SqliteConnection } from '../database/sqlite-connection';
import { type Condition, conditionOf, type ErrorFilter, stateConditionOf, type Stream } from './error-filter';
import type { Place } from './list-cursor';

type Parameter = string | number;

/** Where a page begins: after a place, or after so many errors. */
export interface Start {
  after: Place | null;
  skip: number;
}

export const NEWEST: Start = { after: null, skip: 0 };

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

const NEWEST_FIRST = 'ORDER BY last_seen DESC, id DESC';
const OLDEST_FIRST = 'ORDER BY last_seen, id';

/**
 * The SQL of the list. Each statement is prepared once: there are as many as there are combinations of filters.
 *
 * Folded texts are read from `error_search_content`, where FTS5 documents that it keeps them: a third faster than
 * through the virtual table. `INDEXED BY` makes a lost index fail loudly instead of sorting a million rows.
 */
export class ListStatements {
  private readonly prepared = new Map<string, Statement<Parameter[]>>();

  constructor(private readonly connection: SqliteConnection) {}

  /** How many errors fit, the search left aside. */
  count(filter: ErrorFilter): number {
    const { sql, parameters } = conditionOf(filter, 'error_counts');
    const [row] = this.all<{ n: number }>(
      `SELECT coalesce(sum(n), 0) AS n FROM error_counts WHERE ${sql}`,
      parameters,
    );
    return row?.n ?? 0;
  }

  /** Errors of a stream that fit, the search left aside. */
  walk(stream: Stream, filter: ErrorFilter, start: Start, limit: number): Place[] {
    const where = startingAfter(conditionOf(filter), start.after);
    return this.all(
      `SELECT id, last_seen FROM errors INDEXED BY ${stream.index} WHERE ${where.sql} ${NEWEST_FIRST} LIMIT ? OFFSET ?`,
      [...where.parameters, limit, start.skip],
    );
  }

  /** The same from the other end: for a page near it. */
  walkBackwards(stream: Stream, filter: ErrorFilter, skip: number, limit: number): Place[] {
    const where = conditionOf(filter);
    return this.all<Place>(
      `SELECT id, last_seen FROM errors INDEXED BY ${stream.index} WHERE ${where.sql} ${OLDEST_FIRST} LIMIT ? OFFSET ?`,
      [...where.parameters, limit, skip],
    ).reverse();
  }

  /** All that fit, in no order; with a text only those that contain it. For when few fit. */
  listByState(filter: ErrorFilter, text?: string): Place[] {
    const where = stateConditionOf(filter);
    const contains = text === undefined ? '' : `AND ${containsText('errors')}`;
    return this.all(
      `SELECT id, last_seen FROM errors INDEXED BY errors_by_state WHERE ${where.sql} ${contains}`,
      text === undefined ? where.parameters : [...where.parameters, text],
    );
  }

  /** Ids of the errors that the search index gives, up to a number: as JSON, which SQLite takes back as a table. */
  findCandidates(match: string, most: number): Candidates {
    const [row] = this.all<Candidates>(
      `SELECT count(*) AS n, json_group_array(rowid) AS ids
       FROM (SELECT rowid FROM error_search WHERE error_search MATCH ? LIMIT ?)`,
      [match, most],
    );
    return row ?? { n: 0, ids: '[]' };
  }

  /** Those of the candidates that fit and contain the text, in no order. For when there are few. */
  listCandidates({ ids }: Candidates, text: string, filter: ErrorFilter): Place[] {
    const where = conditionOf(filter);
    return this.all(
      `SELECT errors.id, errors.last_seen FROM json_each(?) AS found CROSS JOIN errors ON errors.id = found.value
       WHERE ${containsText('errors')} AND ${where.sql}`,
      [ids, text, ...where.parameters],
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
    const where = startingAfter(conditionOf(filter), start.after);
    return this.all(
      `SELECT id, last_seen FROM errors INDEXED BY ${stream.index}
       WHERE ${where.sql} AND id IN (${candidates.sql}) AND ${containsText('errors')} ${NEWEST_FIRST} LIMIT ? OFFSET ?`,
      [...where.parameters, ...candidates.parameters, text, limit, start.skip],
    );
  }

  /** Those of the next `rows` errors of a stream that contain the text; `start.skip` counts these. */
  walkTexts(
    stream: Stream,
    filter: ErrorFilter,
    text: string,
    rows: number,
    start: Start,
    limit: number,
  ): Place[] {
    const where = startingAfter(conditionOf(filter), start.after);
    return this.all(
      `SELECT id, last_seen FROM (
         SELECT id, last_seen FROM errors INDEXED BY ${stream.index} WHERE ${where.sql} ${NEWEST_FIRST} LIMIT ?
       ) AS newest WHERE ${containsText('newest')} LIMIT ? OFFSET ?`,
      [...where.parameters, rows, text, limit, start.skip],
    );
  }

  /** All rows of a statement, which is prepared when it is new. */
  all<Row>(sql: string, parameters: readonly Parameter[]): Row[] {
    let statement = this.prepared.get(sql);
    if (!statement) {
      statement = this.connection.prepare(sql);
      this.prepared.set(sql, statement);
    }
    return statement.all(...parameters) as Row[];
  }
}

function containsText(table: string): string {
  return `(SELECT instr(c0, ?) FROM error_search_content WHERE error_search_content.id = ${table}.id) > 0`;
}

function startingAfter({ sql, parameters }: Condition, after: Place | null): Condition {
  if (!after) return { sql, parameters };
  return {
    sql: `${sql} AND (last_seen, id) < (?, ?)`,
    parameters: [...parameters, after.last_seen, after.id],
  };
}
