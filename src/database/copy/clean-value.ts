import { createHash } from 'node:crypto';
import { toStorable } from '../../common/storable-text';
import { sqlTimeToIso, toSqlTime } from '../sql-time';

/** What SQLite may hold in any column: types of columns are no more than a hint to it. */
export type SqliteValue = string | number | Buffer;

/** Before this PostgreSQL has no years that four digits tell, and after the other one neither. */
const EARLIEST = '0001-01-01 00:00:00.000';
const LATEST = '9999-12-31 23:59:59.999';

/**
 * Text as reports are cleaned on the way in, cut to what the column takes.
 * @param longest in code points
 */
export function cleanText(value: SqliteValue, longest = Infinity): string {
  const text = toStorable(typeof value === 'string' ? value : value.toString());
  return text.length <= longest ? text : [...text].slice(0, longest).join('');
}

/**
 * A fingerprint that this program computed stays; any other is one that no report will have, and has to differ from the
 * others only.
 */
export function cleanFingerprint(value: SqliteValue, id: unknown): string {
  if (typeof value === 'string' && /^[\x20-\x7e]{0,32}$/.test(value)) return value;
  return createHash('md5')
    .update(`${String(id)} ${value.toString()}`)
    .digest('hex');
}

/** A whole number between `-most` and `most`; 0 for what is no number. */
export function cleanNumber(value: SqliteValue, most: number): number {
  const number = Math.trunc(Number(value));
  return Number.isNaN(number) ? 0 : Math.min(Math.max(number, -most), most);
}

/** @returns as `toSqlTime`; the earliest time there is for what is none */
export function cleanTime(value: SqliteValue): string {
  const time = Date.parse(sqlTimeToIso(value.toString()));
  if (Number.isNaN(time) || time < Date.parse(sqlTimeToIso(EARLIEST))) return EARLIEST;
  return time > Date.parse(sqlTimeToIso(LATEST)) ? LATEST : toSqlTime(new Date(time));
}

export function cleanBoolean(value: SqliteValue): boolean {
  return Number(value) !== 0;
}
