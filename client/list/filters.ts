import type { CountsRange } from '../api-answers.js';

export type State = 'open' | 'resolved' | 'all';
export type Sort = 'last_seen' | 'first_seen' | 'count';
type Source = '' | 'browser' | 'server';

export const pageSize = 50;
/** What fits on the widest line; the whole message is in the detail. */
export const longestMessage = 300;
/** What the API takes at most. */
const longestProject = 100;
export const longestSearch = 200;
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
    // Cutting may leave a blank at the end, which would not come back out of the address.
    search: cut(get('search').trim(), longestSearch).trim(),
    range,
    ...(range ? { since: '', until: '' } : parseSpan(get('since'), get('until'))),
    sort: oneOf(get('sort'), ['last_seen', 'first_seen', 'count'], 'last_seen'),
    chart: oneOf(get('chart'), ['24h', '14d'], '24h'),
    offset: Number.isSafeInteger(offset) && offset > 0 ? Math.min(offset, largestOffset) : 0,
  };
}

/** The address of the list for these filters, with only what differs from the first view. */
export function toPageAddress(filters: Filters): string {
  return `/${toPageQuery(filters)}`;
}

/** The address of an error, from which the way back and to its neighbours in the list can be told. */
export function toErrorAddress(id: number, filters: Filters): string {
  return `/errors/${id}${toPageQuery(filters)}`;
}

/** The query of `GET /api/errors` for these filters. @param now by the server's clock */
export function toApiQuery(filters: Filters, now: Date): URLSearchParams {
  const { state, range, chart, offset, ...rest } = filters;
  const query = new URLSearchParams({
    limit: String(pageSize),
    offset: String(offset),
    counts: chart,
    message_length: String(longestMessage),
  });
  if (state !== 'all') query.set('resolved', String(state === 'resolved'));
  if (range) query.set('since', new Date(now.getTime() - rangeHours[range] * 3_600_000).toISOString());
  for (const name of ['project', 'source', 'search', 'since', 'until', 'sort'] as const) {
    if (rest[name] && rest[name] !== noFilters[name]) query.set(name, rest[name]);
  }
  return query;
}

/** Whether anything but the state narrows the list. */
export function isNarrowed({ project, source, search, range, since, until }: Filters): boolean {
  return [project, source, search, range, since, until].some(Boolean);
}

function toPageQuery(filters: Filters): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(filters) as [keyof Filters, string | number][]) {
    if (value !== noFilters[name]) parameters.set(name, String(value));
  }
  const query = parameters.toString();
  return query ? `?${query}` : '';
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
