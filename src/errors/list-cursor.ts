import { sqlTimeToIso, toSqlTime } from '../database/sql-time';

/** What the list is sorted by: newest or highest first, then highest id. */
export const SORTS = ['last_seen', 'first_seen', 'count'] as const;
export type Sort = (typeof SORTS)[number];

/** The place of an error in a list. */
export interface Place {
  id: number;
  /** what the list is sorted by, as in the database: `2026-01-31 12:00:00.000` or a number */
  key: string | number;
}

/** A place in a list that is sorted by something. */
export interface Cursor extends Place {
  sort: Sort;
}

/** The sort is left out where it is `last_seen`. */
const WRITTEN = /^(?:(first_seen|count) )?(.{1,30}) ([1-9]\d{0,14})$/;
const TIME = /^(?!0000)\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}$/;

/** Text that a client hands back to go on after an error; what it says is nobody's business. */
export function toCursor(sort: Sort, { key, id }: Place): string {
  const written = sort === 'last_seen' ? `${key} ${id}` : `${sort} ${key} ${id}`;
  return Buffer.from(written).toString('base64url');
}

/** What `toCursor` wrote; null for any other text. */
export function parseCursor(cursor: string): Cursor | null {
  const bytes = Buffer.from(cursor, 'base64url');
  // Node decodes leniently; only the one text that toCursor writes is a cursor.
  if (bytes.toString('base64url') !== cursor) return null;
  const [, sort = 'last_seen', written = '', id] = WRITTEN.exec(bytes.toString('latin1')) ?? [];
  const key = sort === 'count' ? parseNumber(written) : parseSqlTime(written);
  return key === null ? null : { sort: sort as Sort, key, id: Number(id) };
}

function parseNumber(text: string): number | null {
  const number = Number(text);
  return Number.isSafeInteger(number) && String(number) === text ? number : null;
}

/** PostgreSQL takes no time that does not exist, such as a 30th of February. */
function parseSqlTime(text: string): string | null {
  const time = TIME.test(text) ? new Date(sqlTimeToIso(text)) : null;
  return time !== null && !isNaN(time.getTime()) && toSqlTime(time) === text ? text : null;
}

export function highestFirst(left: Place, right: Place): number {
  if (left.key !== right.key) return left.key < right.key ? 1 : -1;
  return right.id - left.id;
}

/** Whether a place comes after another one in the list; every place comes after null. */
export function isAfter(place: Place, other: Place | null): boolean {
  return other === null || highestFirst(place, other) > 0;
}
