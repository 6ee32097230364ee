import type { RecentCounts } from './count-intervals';
import type { Place, Sort } from './list-cursor';

/** How a list is shown: its order, and `limit` errors of it from a start on, where either `after` or `offset` is given. */
export interface ListPage {
  sort: Sort;
  limit: number;
  /** so many characters of messages; all of them without it */
  messageLength?: number;
  offset: number;
  after: Place | null;
  /** gives each row its latest counts */
  counts?: RecentCounts;
}

/** The errors of a page, and what is known of the others. */
export interface Found {
  places: Place[];
  /** there are errors after these */
  more: boolean;
  total: number;
  totalIsLowerBound?: boolean;
  searchedNewest?: number;
}

export const NOTHING_FOUND: Found = { places: [], more: false, total: 0 };

/** @param places of the page, and of the error after it when there is one */
export function toPage(places: Place[], limit: number): Pick<Found, 'places' | 'more'> {
  return { places: places.slice(0, limit), more: places.length > limit };
}
