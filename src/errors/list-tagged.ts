import type { SqlConnection } from '../database/sql-connection';
import { type ErrorFilter, type Stream, streamFor } from './error-filter';
import type { Tag } from './error-tags';
import { highestFirst, type Place } from './list-cursor';
import { type Found, type ListPage, NOTHING_FOUND, toPage } from './list-page';
import { type Fitting, isExact, type ListStatements, TOP } from './list-statements';
import { FEW, MANY, MOST_COUNTED, piecesOf, takeFrom } from './search-errors';
import { type Sought, TaggedStatements } from './tagged-statements';

type TaggedFilter = ErrorFilter & { tags: readonly Tag[] };

/** So much is looked up from the top of a list, or from a place on. A tag of an error, 0.5 µs, counts as one; its text: */
const LOOKED_UP = 20_000;
const TEXT_COUNTS_AS = 3;
/** Of a longer index it takes less time to read some errors one by one from the table than to walk to its end. */
const SHORT_STREAM = 100_000;

/** A list that is being found. */
interface Search {
  /** with the tags that fewest errors have first */
  filter: TaggedFilter;
  page: ListPage;
  fitting: Fitting;
  stream: Stream;
  sought: Sought;
  /** how many errors have the first tag, up to `MANY` + 1 */
  holders: number;
}

/**
 * The errors that have some tags. Nothing counts these beforehand for all that a list can be narrowed by, so that the
 * way to them depends on how many there may be:
 * - where a tag, or all else, leaves few errors, all of those are looked at;
 * - of a tag that many have, those are looked at that stand first in the list: when the tag is frequent among them, the
 *   list is walked like any other;
 * - when it is not, as with a release of last year, the errors with the tag that were made last are listed with them.
 *   Then some in between may be missing, and the answer says how many were looked at.
 */
export class ListTagged {
  private readonly statements: TaggedStatements;

  constructor(
    connection: SqlConnection,
    private readonly lists: ListStatements,
  ) {
    this.statements = new TaggedStatements(connection);
  }

  /**
   * @param text folded; null for any
   * @param fitting how many errors fit, search and tags left aside
   */
  async find(filter: TaggedFilter, text: string | null, page: ListPage, fitting: Fitting): Promise<Found> {
    const [tags, holders] = await this.rank(filter.tags);
    if (holders === 0) return NOTHING_FOUND;
    const stream = streamFor(filter, page.sort, isExact(fitting));
    const search = { filter: { ...filter, tags }, page, fitting, stream, sought: { tags, text }, holders };
    const all = await this.listFew(search);
    return all ? take(all, page) : this.walk(search);
  }

  /** Those that fewest errors have come first. */
  private async rank(tags: readonly Tag[]): Promise<[tags: Tag[], holders: number]> {
    const counted: { tag: Tag; n: number }[] = [];
    for (const tag of tags) counted.push({ tag, n: await this.statements.count(tag, MANY + 1) });
    counted.sort((left, right) => left.n - right.n);
    return [counted.map(({ tag }) => tag), counted[0]?.n ?? 0];
  }

  /** All that fit, in no order; null when too many would have to be looked at. */
  private async listFew(search: Search): Promise<Place[] | null> {
    const { filter, page, fitting, stream, sought, holders } = search;
    const { text } = sought;
    if (holders <= FEW) return this.listHolders(search);
    const isLong = (await this.lists.count(stream.holds)) > SHORT_STREAM;
    if (fitting.most <= (isLong ? MANY : FEW)) {
      return this.lists.listAll(filter, fitting, page.sort, text ?? undefined);
    }
    const pieces = text === null ? [] : piecesOf(text);
    if (text !== null && pieces.length > 0) {
      const candidates = await this.lists.findCandidates({ text, pieces }, MANY + 1);
      if (candidates.n <= MANY) return this.lists.listCandidates(candidates, text, filter, page.sort);
    }
    if (holders <= MANY) return this.listHolders(search);
    return fitting.most <= MANY ? this.statements.walk(stream, filter, sought, MANY, TOP, MANY) : null;
  }

  /** Of the errors with the rarest tag, those that fit; of many, those that were made last. */
  private listHolders({ filter, page, sought }: Search, most = MANY): Promise<Place[]> {
    return this.statements.list(filter.tags[0] as Tag, filter, sought, page.sort, most);
  }

  private async walk(search: Search): Promise<Found> {
    const { filter, page, fitting, stream, sought } = search;
    const { limit, offset, after } = page;
    const rows = rowsFor(sought);
    const top = await this.statements.walk(stream, filter, sought, rows, TOP, MOST_COUNTED);
    if (top.length >= MOST_COUNTED) {
      if (after !== null || offset + limit >= top.length) return this.walkOn(search);
      return { ...toPage(top.slice(offset), limit), total: top.length, totalIsLowerBound: true };
    }
    if (fitting.most <= rows) return take(top, page);
    const all = unite(top, await this.listHolders(search, sought.text === null ? MANY : MANY / 2));
    return { ...take(all, page), totalIsLowerBound: true, searchedNewest: rows };
  }

  private async walkOn({ filter, page, fitting, stream, sought }: Search): Promise<Found> {
    const { limit, offset, after } = page;
    const rows = rowsFor(sought);
    const start = { after, skip: offset };
    const places =
      offset < rows ? await this.statements.walk(stream, filter, sought, rows, start, limit + 1) : [];
    const seen = places.length > 0 ? offset + places.length : 0;
    const isAll = fitting.most <= rows;
    const isLast = places.length <= limit;
    return {
      ...toPage(places, limit),
      total: Math.max(MOST_COUNTED, seen),
      totalIsLowerBound: !(isAll && isLast && seen > 0 && after === null),
      searchedNewest: isLast && !isAll ? rows : undefined,
    };
  }
}

/** So many errors are looked at. */
function rowsFor({ tags, text }: Sought): number {
  return Math.floor(LOOKED_UP / (tags.length + (text === null ? 0 : TEXT_COUNTS_AS)));
}

/** The page of a list that is there as a whole. */
function take(all: Place[], { after, offset, limit }: ListPage): Found {
  all.sort(highestFirst);
  return { ...toPage(takeFrom(all, { after, skip: offset }, limit + 1), limit), total: all.length };
}

/** Each error once. */
function unite(...lists: Place[][]): Place[] {
  return [...new Map(lists.flat().map((place) => [place.id, place])).values()];
}
