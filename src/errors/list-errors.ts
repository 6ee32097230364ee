import { Inject, Injectable } from '@nestjs/common';
import { foldText } from '../database/fold-text';
import { sqlTimeToIso } from '../database/sql-time';
import { SqliteConnection } from '../database/sqlite-connection';
import { ErrorList, ErrorRow } from './errors.answers';
import { Source } from './report';

/** What a list is narrowed by; all filters that are given must hold. */
export interface ErrorFilter {
  project?: string;
  resolved?: boolean;
  source?: Source;
  /** literal text in type or message, without regard to case and accents */
  search?: string;
}

interface Condition {
  sql: string;
  parameters: (string | number)[];
}

type Stored = Omit<ErrorRow, 'resolved'> & { resolved: 0 | 1 };

/** The list of errors, newest `last_seen` first, as prepared SQL: at a million rows an ORM would be the cost. */
@Injectable()
export class ListErrors {
  constructor(@Inject(SqliteConnection) private readonly connection: SqliteConnection) {}

  /** One page of the errors that fit the filter, and how many fit in all. */
  list(filter: ErrorFilter, limit: number, offset: number): ErrorList {
    const conditions = conditionsOf(filter);
    const where = conditions.length > 0 ? `WHERE ${conditions.map(({ sql }) => sql).join(' AND ')}` : '';
    const parameters = conditions.flatMap((condition) => condition.parameters);
    const total = this.connection
      .prepare(`SELECT count(*) FROM errors ${where}`)
      .pluck()
      .get(...parameters) as number;
    const rows = this.connection
      .prepare(
        `SELECT id, fingerprint, project, exception_type, message, count, first_seen, last_seen, resolved, source
         FROM errors ${where} ORDER BY last_seen DESC, id DESC LIMIT ? OFFSET ?`,
      )
      .all(...parameters, limit, offset) as Stored[];
    return { errors: rows.map(toRow), total, limit, offset };
  }
}

function conditionsOf(filter: ErrorFilter): Condition[] {
  const conditions: Condition[] = [];
  if (filter.project !== undefined) conditions.push({ sql: 'project = ?', parameters: [filter.project] });
  if (filter.resolved !== undefined)
    conditions.push({ sql: 'resolved = ?', parameters: [filter.resolved ? 1 : 0] });
  if (filter.source !== undefined) conditions.push({ sql: 'source = ?', parameters: [filter.source] });
  if (filter.search) conditions.push(searchCondition(foldText(filter.search)));
  return conditions;
}

/**
 * The index finds rows that have every three-character piece of the text; `instr` then keeps those that have the
 * text itself, in which `%`, `_` and quotes mean nothing. Shorter texts have no piece to look up.
 */
function searchCondition(folded: string): Condition {
  const pieces = trigrams(folded);
  if (pieces.length === 0) {
    return { sql: 'id IN (SELECT rowid FROM error_search WHERE instr(text, ?) > 0)', parameters: [folded] };
  }
  const match = pieces.map((piece) => `"${piece.replaceAll('"', '""')}"`).join(' AND ');
  return {
    sql: 'id IN (SELECT rowid FROM error_search WHERE error_search MATCH ? AND instr(text, ?) > 0)',
    parameters: [match, folded],
  };
}

/** Each run of three characters, once: `trigrams('abcd') // ['abc', 'bcd']` */
function trigrams(text: string): string[] {
  const characters = [...text];
  const runs = characters
    .slice(2)
    .map((last, i) => `${characters[i] ?? ''}${characters[i + 1] ?? ''}${last}`);
  return [...new Set(runs)];
}

function toRow(stored: Stored): ErrorRow {
  return {
    ...stored,
    first_seen: sqlTimeToIso(stored.first_seen),
    last_seen: sqlTimeToIso(stored.last_seen),
    resolved: stored.resolved === 1,
  };
}
