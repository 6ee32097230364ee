import { foldText } from '../database/fold-text';
import type { SqlConnection } from '../database/sql-connection';
import { recentIntervals } from './count-intervals';
import { type ErrorFilter, hasRange, type Stream, streamFor } from './error-filter';
import { ErrorRows } from './error-rows';
import type { ErrorList, ErrorRow } from './errors.answers';
import { HourCounts } from './hour-counts';
import { highestFirst, type Place, toCursor } from './list-cursor';
import { type Found, type ListPage, NOTHING_FOUND, toPage } from './list-page';
import { type Fitting, isExact, ListStatements, TOP } from './list-statements';
import { ListTagged } from './list-tagged';
import { FEW, MANY, MOST_COUNTED, planSearch, takeFrom } from './search-errors';

/** Errors of a stream that are walked at once, 40 ns each, before looking for the few that fit in another way. */
const SHORT_STREAM = 100_000;

/**
 * The list of errors. It runs in the reader thread.
 *
 * Places are found first, in indexes alone, and only the rows of the page are read; at a million errors this is what
 * makes any page and filter a matter of milliseconds. All statements of one answer see the same state of the file.
 */
export class ListErrors {
  private readonly statements: ListStatements;
  private readonly tagged: ListTagged;
  private readonly rows: ErrorRows;
  private readonly hourCounts: HourCounts;

  constructor(private readonly connection: SqlConnection) {
    this.statements = new ListStatements(connection);
    this.tagged = new ListTagged(connection, this.statements);
    this.rows = new ErrorRows(connection);
    this.hourCounts = new HourCounts(connection);
  }

  /** One page of the errors that fit the filter, and how many fit in all. */
  list(filter: ErrorFilter, page: ListPage, now: Date): Promise<ErrorList> {
    return this.connection.transaction(async () => this.toAnswer(await this.find(filter, page), page, now));
  }

  private async find(filter: ErrorFilter, page: ListPage): Promise<Found> {
    const fitting = await this.statements.countFitting(filter);
    if (fitting.most === 0) return NOTHING_FOUND;
    const text = filter.search ? foldText(filter.search) : null;
    // Accents alone fold to nothing, which would be found everywhere.
    if (text === '') return NOTHING_FOUND;
    if (filter.tags) return this.tagged.find({ ...filter, tags: filter.tags }, text, page, fitting);
    return text === null ? this.findFitting(filter, page, fitting) : this.search(filter, text, page, fitting);
  }

  private async findFitting(filter: ErrorFilter, page: ListPage, fitting: Fitting): Promise<Found> {
    const { sort, limit, offset, after } = page;
    const stream = streamFor(filter, sort, isExact(fitting));
    if (fitting.most <= (await this.mostListed(stream, filter, fitting))) {
      const all = (await this.statements.listAll(filter, fitting, sort)).sort(highestFirst);
      return { ...toPage(takeFrom(all, { after, skip: offset }, limit + 1), limit), total: all.length };
    }
    if (offset >= fitting.most) return { places: [], more: false, ...totalOf(fitting) };
    const places = await this.walk(stream, filter, page, fitting);
    return { ...toPage(places, limit), ...totalOf(learn(fitting, page, places.length)) };
  }

  /** Up to how many errors it is faster to list all than to look for them in a stream, where they may be far apart. */
  private async mostListed(stream: Stream, filter: ErrorFilter, fitting: Fitting): Promise<number> {
    if (!hasRange(filter)) return (await this.statements.count(stream.holds)) > SHORT_STREAM ? FEW : 0;
    // A range is a part of this stream, short where it could be counted.
    if (stream.sort === 'last_seen') return isExact(fitting) ? 0 : FEW;
    // Whether an error lies in the range, the one index knows; for the other it is read from the table.
    return stream.sort === 'count' ? FEW : MANY;
  }

  /** The page and one more error when there is one. */
  private walk(stream: Stream, filter: ErrorFilter, page: ListPage, fitting: Fitting): Promise<Place[]> {
    const { limit, offset, after } = page;
    const isPart = hasRange(filter) && stream.sort !== 'last_seen';
    if (isExact(fitting) && !isPart && offset > fitting.least / 2) {
      const size = Math.min(limit + 1, fitting.least - offset);
      return this.statements.walkBackwards(stream, filter, fitting.least - offset - size, size);
    }
    return this.statements.walk(stream, filter, { after, skip: offset }, limit + 1);
  }

  private async search(filter: ErrorFilter, text: string, page: ListPage, fitting: Fitting): Promise<Found> {
    const { sort, limit, offset, after } = page;
    const search = await planSearch(this.statements, filter, sort, text, fitting);
    const { searchedNewest, countable } = search;
    const end = offset + limit;
    if (!after && end < MOST_COUNTED) {
      const hits = await search.find(TOP, end + 1, Math.max(end + 1, countable));
      const total = hits.places.length;
      const places = hits.places.slice(offset, end);
      return { places, more: total > end, total, totalIsLowerBound: !hits.complete, searchedNewest };
    }
    const { places } = await search.find({ after, skip: offset }, limit + 1, limit + 1);
    const top = await search.find(TOP, 0, countable);
    const seen = places.length > 0 ? offset + Math.min(places.length, limit + 1) : 0;
    return {
      ...toPage(places, limit),
      total: top.complete ? top.places.length : Math.max(top.places.length, seen),
      totalIsLowerBound: !top.complete,
      searchedNewest,
    };
  }

  private async toAnswer(found: Found, page: ListPage, now: Date): Promise<ErrorList> {
    const { sort, limit, offset } = page;
    const last = found.places.at(-1);
    const ids = found.places.map(({ id }) => id);
    const rows = await this.rows.find(ids, page.messageLength);
    const intervals = page.counts && recentIntervals(page.counts, now);
    const counts = intervals && (await this.hourCounts.ofErrors(ids, intervals));
    return {
      errors: ids.map((id) => ({
        ...(rows.get(id) as ErrorRow),
        ...(counts && { counts: counts.get(id) }),
      })),
      total: found.total,
      ...(found.totalIsLowerBound && { total_is_lower_bound: true }),
      ...(found.searchedNewest && { searched_newest: found.searchedNewest }),
      limit,
      offset,
      next_cursor: found.more && last ? toCursor(sort, last) : null,
    };
  }
}

function totalOf(fitting: Fitting): Pick<Found, 'total' | 'totalIsLowerBound'> {
  return { total: fitting.least, totalIsLowerBound: !isExact(fitting) };
}

/** How many fit as far as a page tells of which so many were found. */
function learn({ least, most }: Fitting, { limit, offset, after }: ListPage, found: number): Fitting {
  const seen = found > 0 ? offset + found : 0;
  const isLastPage = after === null && found <= limit && (found > 0 || offset === 0);
  return isLastPage ? { least: seen, most: seen } : { least: Math.max(least, seen), most };
}
