export type State = 'open' | 'resolved' | 'all';

/** What the list shows. `project` and `search` are empty when they do not filter. */
export interface Filters {
  state: State;
  project: string;
  search: string;
  offset: number;
}

export const noFilters: Filters = { state: 'open', project: '', search: '', offset: 0 };

/** Reads the address of the page; whatever makes no sense there counts as absent. */
export function parseFilters(query: string): Filters {
  const parameters = new URLSearchParams(query);
  const state = parameters.get('state');
  const offset = Number(parameters.get('offset'));
  return {
    state: state === 'resolved' || state === 'all' ? state : 'open',
    project: parameters.get('project') ?? '',
    search: (parameters.get('search') ?? '').trim(),
    offset: Number.isSafeInteger(offset) && offset > 0 ? offset : 0,
  };
}

/** The address of the page for these filters, with only what differs from the first view. */
export function toPageAddress(filters: Filters): string {
  const parameters = new URLSearchParams();
  if (filters.state !== noFilters.state) parameters.set('state', filters.state);
  if (filters.project) parameters.set('project', filters.project);
  if (filters.search) parameters.set('search', filters.search);
  if (filters.offset > 0) parameters.set('offset', String(filters.offset));
  const query = parameters.toString();
  return query ? `/?${query}` : '/';
}

/** The error that the address of the page is about, as alerts link to it: `/errors/17`. */
export function parseErrorId(path: string): number | null {
  const id = /^\/errors\/(\d{1,15})\/?$/.exec(path)?.[1];
  return id === undefined ? null : Number(id);
}

/** The query of `GET /api/errors` for these filters. */
export function toApiQuery(filters: Filters, limit: number): string {
  const parameters = new URLSearchParams({ limit: String(limit), offset: String(filters.offset) });
  if (filters.state !== 'all') parameters.set('resolved', String(filters.state === 'resolved'));
  if (filters.project) parameters.set('project', filters.project);
  if (filters.search) parameters.set('search', filters.search);
  return parameters.toString();
}
