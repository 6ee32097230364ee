import type { SqlValue } from '../database/sql-connection';
import type { SqlDialect } from '../database/sql-dialect';
import { toSqlTime } from '../database/sql-time';
import type { Tag } from './error-tags';
import type { Place, Sort } from './list-cursor';
import type { Source } from './report';

/** What a list is narrowed by; all filters that are given must hold. */
export interface ErrorFilter {
  project?: string;
  resolved?: boolean;
  source?: Source;
  /** literal text in type or message, without regard to case and accents */
  search?: string;
  /** last seen at this time or later */
  since?: Date;
  /** last seen before this time */
  until?: Date;
  /** at least one, all of which reports of the error must have had: `ListTagged` finds these */
  tags?: readonly Tag[];
}

/** A piece of SQL and what stands for its question marks. */
export interface Condition {
  sql: string;
  parameters: SqlValue[];
}

/** An index that holds errors in an order, highest first, and can tell without the table which of them fit. */
export interface Stream {
  index: string;
  sort: Sort;
  /** every error in the index fits this much narrower filter */
  holds: ErrorFilter;
  /** the range of the filter holds so few errors that they can be listed to look others up in them */
  hasShortRange: boolean;
}

/** The smallest index that has all errors of the filter in an order. */
export function streamFor(filter: ErrorFilter, sort: Sort, hasShortRange = false): Stream {
  return { ...indexFor(filter, sort), sort, hasShortRange };
}

function indexFor({ project, resolved }: ErrorFilter, sort: Sort): Pick<Stream, 'index' | 'holds'> {
  if (sort === 'count') return { index: 'errors_by_count', holds: {} };
  if (sort === 'first_seen') {
    return project === undefined
      ? { index: 'errors_by_first_seen', holds: {} }
      : { index: 'errors_by_project_first_seen', holds: { project } };
  }
  if (project === undefined) {
    return resolved
      ? { index: 'resolved_errors_by_last_seen', holds: { resolved } }
      : { index: 'errors_by_last_seen', holds: {} };
  }
  return resolved
    ? { index: 'resolved_errors_by_project', holds: { project, resolved } }
    : { index: 'errors_by_project', holds: { project } };
}

/** Whether only errors of some time are wanted. */
export function hasRange({ since, until }: ErrorFilter): boolean {
  return since !== undefined || until !== undefined;
}

/**
 * All of a filter but search and range. `resolved` is written out, since a partial index is not used for a parameter.
 * @param table name or alias of what has the columns, to tell them apart from others
 */
export function stateOf(
  dialect: SqlDialect,
  { project, resolved, source }: ErrorFilter,
  table = 'errors',
): Condition {
  return allOf(
    project !== undefined && { sql: `${table}.project = ?`, parameters: [project] },
    resolved !== undefined && isResolved(dialect, resolved, `${table}.resolved`),
    source !== undefined && { sql: `${table}.source = ?`, parameters: [source] },
  );
}

/** The same for the index `errors_by_state`, which finds errors only when it is told all that they may be. */
export function indexedStateOf(dialect: SqlDialect, { project, resolved, source }: ErrorFilter): Condition {
  return allOf(
    resolved === undefined
      ? { sql: 'resolved IN (FALSE, TRUE)', parameters: [] }
      : isResolved(dialect, resolved, 'resolved'),
    source === undefined
      ? { sql: "source IN ('browser', 'server')", parameters: [] }
      : { sql: 'source = ?', parameters: [source] },
    project !== undefined && { sql: 'project = ?', parameters: [project] },
  );
}

function isResolved({ isFalse, isTrue }: SqlDialect, resolved: boolean, column: string): Condition {
  return { sql: resolved ? isTrue(column) : isFalse(column), parameters: [] };
}

/** The range of a filter. */
export function rangeOf({ since, until }: ErrorFilter): Condition {
  return allOf(
    since !== undefined && { sql: 'errors.last_seen >= ?', parameters: [toSqlTime(since)] },
    until !== undefined && { sql: 'errors.last_seen < ?', parameters: [toSqlTime(until)] },
  );
}

/** All of a filter but the search, and what comes after a place, for a walk over a stream. */
export function partOf(
  dialect: SqlDialect,
  stream: Stream,
  filter: ErrorFilter,
  after: Place | null,
): Condition {
  const { sort } = stream;
  return allOf(
    stateOf(dialect, filter),
    startOf(sort, filter, after),
    sort === 'last_seen' && rangeOf({ since: filter.since }),
    sort === 'count' && rangeOf(filter),
    sort === 'first_seen' && rangeByFirstSeen(dialect, stream, filter),
  );
}

/** SQLite begins at one bound and checks others on the way: only the nearer one is written. */
function startOf(sort: Sort, filter: ErrorFilter, after: Place | null): Condition | false {
  // No error is seen first after it is seen last: both times lie before `until`.
  const until = sort === 'count' || !filter.until ? undefined : toSqlTime(filter.until);
  if (after !== null && (until === undefined || after.key < until)) {
    return { sql: `(${sort}, id) < (?, ?)`, parameters: [after.key, after.id] };
  }
  return until !== undefined && { sql: `${sort} < ?`, parameters: [until] };
}

/**
 * Indexes by `first_seen` do not have `last_seen`, or every report would have to move its error there. Reading it from
 * the table takes 1.6 µs an error: too long where those of a short range stand behind hundreds of thousands of others.
 */
function rangeByFirstSeen(
  dialect: SqlDialect,
  { hasShortRange }: Stream,
  filter: ErrorFilter,
): Condition | false {
  if (!hasRange(filter)) return false;
  const { index, holds } = indexFor(filter, 'last_seen');
  const listed = allOf(stateOf(dialect, holds), rangeOf(filter));
  const inRange = hasShortRange
    ? { ...listed, sql: `id IN (SELECT id FROM errors ${dialect.indexedBy(index)} WHERE ${listed.sql})` }
    : rangeOf(filter);
  if (filter.since === undefined || filter.until !== undefined) return inRange;
  // What was seen first in the range was seen last in it. SQLite lists the others when it meets the first of them.
  return {
    sql: `(first_seen >= ? OR ${inRange.sql})`,
    parameters: [toSqlTime(filter.since), ...inRange.parameters],
  };
}

/** A condition that holds when all of these do. */
export function allOf(...conditions: (Condition | false)[]): Condition {
  const given = conditions.filter((condition) => condition !== false);
  return {
    sql: given.map(({ sql }) => sql).join(' AND ') || 'true',
    parameters: given.flatMap(({ parameters }) => parameters),
  };
}
