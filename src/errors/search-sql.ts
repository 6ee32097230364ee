import type { SqlDialect } from '../database/sql-dialect';
import type { Condition } from './error-filter';

/** How texts are found, which no two databases do alike. The table `error_search` has the folded text of each error. */
export interface SearchSql {
  /** Whether the text of an error contains the parameter. @param table what has the ids of the errors */
  contains: (table: string) => string;
  /**
   * Rows of `error_search` that may contain a text, by its index: those that have some of its runs of three characters,
   * or those that do contain it.
   */
  having: (searched: SearchedText) => Condition;
  /** whether those are the rows that contain it, and no others */
  havingIsExact: boolean;
  /** The ids of rows as one value, which the database takes back as `listed`. */
  gathered: string;
  nothingGathered: string;
  /** The ids that were gathered, as rows with a column `id`. */
  listed: string;
}

/** A text that is looked for by the index. */
export interface SearchedText {
  text: string;
  /** runs of three characters of it, at least one */
  pieces: readonly string[];
}

export function searchSqlOf({ kind }: SqlDialect): SearchSql {
  return kind === 'sqlite' ? SQLITE_SEARCH : POSTGRES_SEARCH;
}

const SQLITE_SEARCH: SearchSql = {
  // FTS5 documents that it keeps texts there: a third faster than through the virtual table.
  contains: (table) =>
    `(SELECT instr(c0, ?) FROM error_search_content WHERE error_search_content.id = ${table}.id) > 0`,
  having: ({ pieces }) => ({
    sql: 'error_search MATCH ?',
    parameters: [pieces.map((piece) => `"${piece.replaceAll('"', '""')}"`).join(' AND ')],
  }),
  havingIsExact: false,
  gathered: 'json_group_array(rowid)',
  nothingGathered: '[]',
  listed: '(SELECT value AS id FROM json_each(?))',
};

const POSTGRES_SEARCH: SearchSql = {
  contains: (table) => `(SELECT strpos(text, ?) FROM error_search WHERE rowid = ${table}.id) > 0`,
  // It knows how frequent a text is likely to be, and reads the table where that is faster than the index.
  having: ({ text }) => ({
    sql: 'text LIKE ?',
    parameters: [`%${text.replace(/[\\%_]/g, '\\$&')}%`],
  }),
  havingIsExact: true,
  gathered: "coalesce(array_agg(rowid), '{}')::text",
  nothingGathered: '{}',
  listed: '(SELECT unnest(?::bigint[]) AS id)',
};
