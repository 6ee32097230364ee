import type { CountsRange } from '../api-answers.js';
import { readTag, writeTag } from '../tag-text.js';

export type State = 'open' | 'resolved' | 'all';
export type Sort = 'last_seen' | 'first_seen' | 'count';
type Source = '' | 'browser' | 'server';
const levels = ['fatal', 'error', 'warning', 'info', 'debug'] as const;
type Level = '' | (typeof levels)[number];

export const pageSize = 50;
/** What fits on the widest line; the whole message is in the detail. */
export const longestMessage = 300;
/** What the API takes at most. */
const longestProject = 100;
export const longestSearch = 200;
const longestTagName = 200;
export const longestTagValue = 250;
/** As it is written, with every character of its name escaped. */
export const longestTag = 2 * longestTagName + 1 + longestTagValue;
const mostTags = 5;
const largestOffset = 1_000_000_000;

/** Times back from now that can be chosen, in hours. */
const rangeHours = { '1h': 1, '24h': 24, '7d': 7 * 24, '30d': 30 * 24 } as const;
type Range = '' | keyof typeof rangeHours;

/** What the list shows. Empty texts do not filter. */
export interface Filters {
  state: State;
  project: string;
  source: Source;
  search: string;
  /** last seen within so long before now; then `since` and `until` are empty */
  range: Range;
  /** last seen at or after, and before: ISO 8601 UTC */
  since: string;
  until: string;
  /** had by any report of the error, as are the next */
  environment: string;
  release: string;
  level: Level;
  user: string;
  /** as `writeTag` writes them, all of them */
  tag: readonly string[];
  sort: Sort;
  /** what the small charts show */
  chart: CountsRange;
  offset: number;
}

export const noFilters: Filters = {
  state: 'open',
  project: '',
  source: '',
  search: '',
  range: '',
  since: '',
  until: '',
  environment: '',
  release: '',
  level: '',
  user: '',
  tag: [],
  sort: 'last_seen',
  chart: '24h',
  offset: 0,
};

/** Reads the address of the page; whatever makes no sense there counts as absent. */
export function parseFilters(query: string): Filters {
  const parameters = new URLSearchParams(query);
  const get = (name: string) => parameters.get(name) ?? '';
  const range = oneOf(get('range'), Object.keys(rangeHours) as Range[], '');
  const offset = Number(get('offset'));
  return {
    state: oneOf(get('state'), ['open', 'resolved', 'all'], 'open'),
    project: cut(get('project'), longestProject),
    source: oneOf(get('source'), ['browser', 'server'], ''),
    search: trim(get('search'), longestSearch),
    range,
    ...(range ? { since: '', until: '' } : parseSpan(get('since'), get('until'))),
    environment: trim(get('environment'), longestTagValue),
    release: trim(get('release'), longestTagValue),
    level: oneOf(get('level'), levels, ''),
    user: trim(get('user'), longestTagValue),
    tag: addTags([], parameters.getAll('tag')),
    sort: oneOf(get('sort'), ['last_seen', 'first_seen', 'count'], 'last_seen'),
    chart: oneOf(get('chart'), ['24h', '14d'], '24h'),
    offset: Number.isSafeInteger(offset) && offset > 0 ? Math.min(offset, largestOffset) : 0,
  };
}

/**
 * Tags with others that somebody has written, as far as those make sense: `addTags(['region:eu'], ['os: Linux', 'os'])` is
 * `['region:eu', 'os:Linux']`.
 */
export function addTags(tags: readonly string[], written: readonly string[]): readonly string[] {
  const given = written.map(parseTag).filter((tag) => tag !== null);
  return [...new Set([...tags, ...given])].slice(0, mostTags);
}

/** The address of the list for these filters, with only what differs from the first view. */
export function toPageAddress(filters: Filters): string {
  return `/${toPageQuery(filters)}`;
}

/**
 * The address of an error, from which the way back and to its neighbours in the list can be told.
 * @param event id of the event whose report is to be shown
 */
export function toErrorAddress(id: number, filters: Filters, event?: string): string {
  const query = toPageQuery(filters);
  if (event === undefined) return `/errors/${id}${query}`;
  return `/errors/${id}${query ? `${query}&` : '?'}event=${event}`;
}

/** The query of `GET /api/errors` for these filters. @param now by the server's clock */
export function toApiQuery(filters: Filters, now: Date): URLSearchParams {
  const { state, range, chart, offset, tag, ...rest } = filters;
  const query = new URLSearchParams({
    limit: String(pageSize),
    offset: String(offset),
    counts: chart,
    message_length: String(longestMessage),
  });
  if (state !== 'all') query.set('resolved', String(state === 'resolved'));
  if (range) query.set('since', new Date(now.getTime() - rangeHours[range] * 3_600_000).toISOString());
  for (const [name, value] of Object.entries(rest) as [keyof typeof rest, string][]) {
    if (value && value !== noFilters[name]) query.set(name, value);
  }
  for (const each of tag) query.append('tag', each);
  return query;
}

/** Whether anything but the state narrows the list. */
export function isNarrowed(filters: Filters): boolean {
  const { project, source, search, range, since, until } = filters;
  return [project, source, search, range, since, until].some(Boolean) || hasReportFilter(filters);
}

/** Whether the list is narrowed by what reports had. */
export function hasReportFilter({ environment, release, level, user, tag }: Filters): boolean {
  return [environment, release, level, user, ...tag].some(Boolean);
}

function toPageQuery(filters: Filters): string {
  const parameters = new URLSearchParams();
  const { tag, ...texts } = filters;
  for (const [name, value] of Object.entries(texts) as [keyof typeof texts, string | number][]) {
    if (value !== noFilters[name]) parameters.set(name, String(value));
  }
  for (const each of tag) parameters.append('tag', each);
  const query = parameters.toString();
  return query ? `?${query}` : '';
}

function parseTag(written: string): string | null {
  const [name = '', value = ''] = readTag(written) ?? [];
  const [cutName, cutValue] = [trim(name, longestTagName), trim(value, longestTagValue)];
  return cutName && cutValue ? writeTag(cutName, cutValue) : null;
}

/** Cutting may leave a blank at the end, which would not come back out of the address. */
function trim(text: string, mostCharacters: number): string {
  return cut(text.trim(), mostCharacters).trim();
}

/** Counts characters as the API does, and leaves none half. */
function cut(text: string, mostCharacters: number): string {
  return [...text].slice(0, mostCharacters).join('');
}

function parseSpan(since: string, until: string): { since: string; until: string } {
  const span = { since: parseTime(since), until: parseTime(until) };
  return span.since && span.until && span.since >= span.until ? { since: '', until: '' } : span;
}

function parseTime(text: string): string {
  const time = new Date(text);
  const isTaken = text !== '' && time >= new Date(0) && time < new Date(Date.UTC(10_000, 0));
  return isTaken ? time.toISOString() : '';
}

function oneOf<Choice extends string>(text: string, choices: readonly Choice[], otherwise: Choice): Choice {
  return choices.find((choice) => choice === text) ?? otherwise;
}
