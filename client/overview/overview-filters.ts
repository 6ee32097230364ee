import type { CountsRange } from '../api-answers.js';

export const pageSize = 50;

/** Which part of the overview the address names. */
export interface OverviewFilters {
  range: CountsRange;
  offset: number;
}

/** Whatever makes no sense in the address counts as absent. */
export function parseOverviewFilters(query: URLSearchParams): OverviewFilters {
  const offset = Number(query.get('offset'));
  return {
    range: query.get('chart') === '14d' ? '14d' : '24h',
    offset: Number.isSafeInteger(offset) && offset > 0 ? offset : 0,
  };
}

/** `toOverviewAddress({ range: '14d', offset: 0 })` is `/projects?chart=14d`. */
export function toOverviewAddress({ range, offset }: OverviewFilters): string {
  const query = new URLSearchParams();
  if (range !== '24h') query.set('chart', range);
  if (offset > 0) query.set('offset', String(offset));
  return query.size > 0 ? `/projects?${query.toString()}` : '/projects';
}
