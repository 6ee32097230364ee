import type { Source } from './report';

/** What a list is narrowed by; all filters that are given must hold. */
export interface ErrorFilter {
  project?: string;
  resolved?: boolean;
  source?: Source;
  /** literal text in type or message, without regard to case and accents */
  search?: string;
}

/** A piece of SQL and what stands for its question marks. */
export interface Condition {
  sql: string;
  parameters: (string | number)[];
}

/** An index that holds errors newest first and can tell without the table which of them fit. */
export interface Stream {
  index: string;
  /** every error in the index fits this much narrower filter */
  holds: ErrorFilter;
}

/** The smallest index that has all errors of the filter, newest first. */
export function streamFor({ project, resolved }: ErrorFilter): Stream {
  if (project === undefined) {
    return resolved
      ? { index: 'resolved_errors_by_last_seen', holds: { resolved } }
      : { index: 'errors_by_last_seen', holds: {} };
  }
  return resolved
    ? { index: 'resolved_errors_by_project', holds: { project, resolved } }
    : { index: 'errors_by_project', holds: { project } };
}

/**
 * All of a filter but the search. `resolved` is written out, since a partial index is not used for a parameter.
 * @param table name or alias of what has the columns, to tell them apart from others
 */
export function conditionOf({ project, resolved, source }: ErrorFilter, table = 'errors'): Condition {
  const sql = ['true'];
  const parameters: string[] = [];
  if (project !== undefined) {
    sql.push(`${table}.project = ?`);
    parameters.push(project);
  }
  if (resolved !== undefined) sql.push(`${table}.resolved = ${resolved ? 1 : 0}`);
  if (source !== undefined) {
    sql.push(`${table}.source = ?`);
    parameters.push(source);
  }
  return { sql: sql.join(' AND '), parameters };
}

/** The same for the index `errors_by_state`, which finds errors only when it is told all that they may be. */
export function stateConditionOf({ project, resolved, source }: ErrorFilter): Condition {
  const state = `resolved ${resolved === undefined ? 'IN (0, 1)' : `= ${resolved ? 1 : 0}`}`;
  const from = source === undefined ? "source IN ('browser', 'server')" : 'source = ?';
  const where = project === undefined ? '' : ' AND project = ?';
  return {
    sql: `${state} AND ${from}${where}`,
    parameters: [source, project].filter((value) => value !== undefined),
  };
}
