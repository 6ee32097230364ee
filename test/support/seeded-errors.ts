import { toSqlTime } from '../../src/database/sql-time';
import type { Sort } from '../../src/errors/list-cursor';
import type { TestDatabase } from './test-database';

/** More than any limit below which the list takes a simpler way. */
export const ERRORS = 110_000;

export interface Seeded {
  id: number;
  project: string;
  resolved: boolean;
  source: string;
  text: string;
  last_seen: string;
  first_seen: string;
  count: number;
}

/** When the oldest errors were seen last: yesterday, so that retention leaves them alone. */
export const oldest = Math.floor(Date.now() / 1000) * 1000 - 86_400_000;

/** Several errors share each time; those with "ancient" are the oldest. */
export async function seedErrors(database: TestDatabase, length = ERRORS): Promise<Seeded[]> {
  const errors = Array.from({ length }, (_, i): Seeded => {
    const place = (i * 7919) % length;
    const lastSeen = oldest + Math.floor(place / 3) * 1000;
    const words = ['timeout after a while', `number ${i}`];
    if (i % 500 === 3) words.push('needle');
    if (i % 20 === 4) words.push('haystack');
    if (i % 700 === 5) words.push('zq');
    if (i % 9 === 5) words.push('nobody waits');
    if (place < 12_000) words.push('ancient');
    return {
      id: i + 1,
      project: i % 500 < 2 ? 'tiny' : i % 2 ? 'shop' : 'billing',
      resolved: i % 10 < 3,
      source: i % 10 === 7 || i % 5000 === 0 ? 'browser' : 'server',
      text: `error\n${words.join(' ')}`,
      last_seen: toSqlTime(new Date(lastSeen)),
      // Half of them were seen once; the others were seen first up to half a day before.
      first_seen: toSqlTime(new Date(lastSeen - (i % 2) * ((i * 31) % 43_200) * 1000)),
      count: i % 2 ? 1 + ((i * 263) % 97) ** 2 : 1,
    };
  });
  await database.insert(
    'errors',
    errors.map(({ text, ...error }) => ({
      ...error,
      fingerprint: String(error.id),
      exception_type: 'Error',
      message: text.slice('error\n'.length),
      traceback: '',
    })),
  );
  await database.insert(
    'error_search',
    errors.map(({ id, text }) => ({ rowid: id, text })),
  );
  return sorted(errors, 'last_seen');
}

export function sorted(errors: Seeded[], sort: Sort): Seeded[] {
  return [...errors].sort((a, b) => (a[sort] === b[sort] ? b.id - a.id : a[sort] < b[sort] ? 1 : -1));
}

export type Query = Record<string, string | undefined>;

export function queryOf(query: Query): string {
  const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return new URLSearchParams(given).toString();
}

export function timeAfter(seconds: number): string {
  return new Date(oldest + seconds * 1000).toISOString();
}

export function filterOf(query: string) {
  const { project, resolved, source, search, since, until } = Object.fromEntries(new URLSearchParams(query));
  return {
    project,
    resolved: resolved === undefined ? undefined : resolved === 'true',
    source: source as 'browser' | 'server' | undefined,
    search,
    since: since === undefined ? undefined : new Date(since),
    until: until === undefined ? undefined : new Date(until),
  };
}

/** What the list must find, the slow and plain way. */
export function fitting(errors: Seeded[], query: string): Seeded[] {
  const filter = filterOf(query);
  const since = filter.since && toSqlTime(filter.since);
  const until = filter.until && toSqlTime(filter.until);
  return errors.filter(
    (error) =>
      (filter.project ?? error.project) === error.project &&
      (filter.resolved ?? error.resolved) === error.resolved &&
      (filter.source ?? error.source) === error.source &&
      (since ?? error.last_seen) <= error.last_seen &&
      (until === undefined || error.last_seen < until) &&
      error.text.includes(filter.search ?? ''),
  );
}

/** Queries of the list that narrow it by state. */
export const states = ['', 'project=shop', 'project=tiny', 'project=nobody'].flatMap((project) =>
  ['', 'resolved=true', 'resolved=false'].flatMap((resolved) =>
    ['', 'source=browser', 'source=server'].map((source) =>
      [project, resolved, source].filter(Boolean).join('&'),
    ),
  ),
);

/** Queries of the list that search, some in a part of it. */
export const searches = [
  'needle',
  'haystack',
  'timeout',
  'ancient',
  'timeout after a while number 777',
  'no such text',
  'timeout nobody waits after',
].flatMap((search) =>
  ['', 'project=shop', 'project=tiny', 'resolved=true&source=browser', 'resolved=false'].map(
    (filter) => `search=${encodeURIComponent(search)}&${filter}`,
  ),
);
