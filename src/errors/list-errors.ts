import type { Statement } from 'better-sqlite3';
import { foldText } from '../database/fold-text';
import { sqlTimeToIso } from '../database/sql-time';
import type { SqliteConnection } from '../database/sqlite-connection';
import { type ErrorFilter, streamFor } from './error-filter';
import type { ErrorList, ErrorRow } from './errors.answers';
import { newestFirst, type Place, toCursor } from './list-cursor';
import { ListStatements, NEWEST, type Start } from './list-statements';
import { FEW, MOST_COUNTED, planSearch, takeFrom } from './search-errors';

/** Which part of the list: `limit` errors from a start on, where either `after` or `offset` is given. */
export interface ListPage {
  limit: number;
  offset: number;
  after: Place | null;
}

/** An error as the list reads it. */
export type StoredRow = Omit<ErrorRow, 'resolved'> & { resolved: 0 | 1 };

interface Found {
  places: Place[];
  /** there are errors after these */
  more: boolean;
  total: number;
  totalIsLowerBound?: boolean;
  searchedNewest?: number;
}

/** Errors of a stream that are walked at once, 40 ns each, before looking for the few that fit in another way. */
const SHORT_STREAM = 100_000;

/**
 * The list of errors, newest `last_seen` first. It runs in the reader thread.
 *
 * Places are found first, in indexes alone, and only the rows of the page are read; at a million errors this is what
 * makes any page and filter a matter of milliseconds. All statements of one answer see the same state of the file.
 */
export class ListErrors {
  private readonly statements: ListStatements;
  private readonly getRow: Statement<[number], StoredRow>;
  private readonly listInOneState: (filter: ErrorFilter, page: ListPage) => ErrorList;

  constructor(connection: SqliteConnection) {
    this.statements = new ListStatements(connection);
    this.getRow = connection.prepare(
      `SELECT id, fingerprint, project, exception_type, message, count, first_seen, last_seen, resolved, source
       FROM errors WHERE id = ?`,
    );
    this.listInOneState = connection.transaction((filter: ErrorFilter, page: ListPage) =>
      this.toAnswer(this.find(filter, page), page),
    );
  }

  /** One page of the errors that fit the filter, and how many fit in all. */
  list(filter: ErrorFilter, page: ListPage): ErrorList {
    return this.listInOneState(filter, page);
  }

  private find(filter: ErrorFilter, page: ListPage): Found {
    const total = this.statements.count(filter);
    if (total === 0) return { places: [], more: false, total };
    if (filter.search) {
      const text = foldText(filter.search);
      // Accents alone fold to nothing, which would be found everywhere.
      return text === '' ? { places: [], more: false, total: 0 } : this.search(filter, text, page, total);
    }
    if (page.offset >= total) return { places: [], more: false, total };
    const places = this.findFitting(filter, page, total);
    return { places: places.slice(0, page.limit), more: places.length > page.limit, total };
  }

  /** The page and one more error when there is one. */
  private findFitting(filter: ErrorFilter, { limit, offset, after }: ListPage, total: number): Place[] {
    const start: Start = { after, skip: offset };
    const stream = streamFor(filter);
    if (total <= FEW && this.statements.count(stream.holds) > SHORT_STREAM) {
      return takeFrom(this.statements.listByState(filter).sort(newestFirst), start, limit + 1);
    }
    if (offset > total / 2) {
      const size = Math.min(limit + 1, total - offset);
      return this.statements.walkBackwards(stream, filter, total - offset - size, size);
    }
    return this.statements.walk(stream, filter, start, limit + 1);
  }

  private search(filter: ErrorFilter, text: string, page: ListPage, fitting: number): Found {
    const search = planSearch(this.statements, filter, text, fitting);
    const { searchedNewest, countable } = search;
    const { limit, offset, after } = page;
    const end = offset + limit;
    if (!after && end < MOST_COUNTED) {
      const hits = search.find(NEWEST, end + 1, Math.max(end + 1, countable));
      const total = hits.places.length;
      const places = hits.places.slice(offset, end);
      return { places, more: total > end, total, totalIsLowerBound: !hits.complete, searchedNewest };
    }
    const { places } = search.find({ after, skip: offset }, limit + 1, limit + 1);
    const newest = search.find(NEWEST, 0, countable);
    const seen = places.length > 0 ? offset + Math.min(places.length, limit + 1) : 0;
    return {
      places: places.slice(0, limit),
      more: places.length > limit,
      total: newest.complete ? newest.places.length : Math.max(newest.places.length, seen),
      totalIsLowerBound: !newest.complete,
      searchedNewest,
    };
  }

  private toAnswer(found: Found, { limit, offset }: ListPage): ErrorList {
    const last = found.places.at(-1);
    return {
      errors: found.places.map(({ id }) => toRow(this.getRow.get(id) as StoredRow)),
      total: found.total,
      ...(found.totalIsLowerBound && { total_is_lower_bound: true }),
      ...(found.searchedNewest && { searched_newest: found.searchedNewest }),
      limit,
      offset,
      next_cursor: found.more && last ? toCursor(last) : null,
    };
  }
}

export function toRow(stored: StoredRow): ErrorRow {
  return {
    ...stored,
    first_seen: sqlTimeToIso(stored.first_seen),
    last_seen: sqlTimeToIso(stored.last_seen),
    resolved: stored.resolved === 1,
  };
}
