import type { Api } from '../api.js';
import { type Filters, pageSize, toApiQuery, toErrorAddress } from './filters.js';

interface KnownPage {
  ids: readonly number[];
  total: number;
}

export interface Neighbours {
  /** addresses of the errors beside one in the list; null at its ends */
  previous: string | null;
  next: string | null;
}

/**
 * Pages of the list as they were read last, so that going from error to error follows the order somebody saw, though the
 * list has changed since.
 */
const knownPages = new Map<string, KnownPage>();
const mostKnownPages = 50;

export function rememberPage(filters: Filters, ids: readonly number[], total: number): void {
  const key = toErrorAddress(0, filters);
  knownPages.delete(key);
  knownPages.set(key, { ids, total });
  if (knownPages.size > mostKnownPages) knownPages.delete([...knownPages.keys()][0] ?? '');
}

export function forgetPages(): void {
  knownPages.clear();
}

/** @returns null when the list of these filters does not have the error */
export async function findNeighbours(
  api: Api,
  id: number,
  filters: Filters,
  signal: AbortSignal,
): Promise<Neighbours | null> {
  const page = await getPage(api, filters, signal);
  const at = page.ids.indexOf(id);
  if (at < 0) return null;
  const address = async (index: number): Promise<string | null> => {
    const inPage = page.ids[index];
    if (inPage !== undefined) return toErrorAddress(inPage, filters);
    const offset = filters.offset + (index < 0 ? -pageSize : pageSize);
    if (offset < 0 || offset >= page.total) return null;
    const beside = { ...filters, offset };
    const { ids } = await getPage(api, beside, signal);
    const neighbour = index < 0 ? ids.at(-1) : ids[0];
    return neighbour === undefined ? null : toErrorAddress(neighbour, beside);
  };
  return { previous: await address(at - 1), next: await address(at + 1) };
}

async function getPage(api: Api, filters: Filters, signal: AbortSignal): Promise<KnownPage> {
  const known = knownPages.get(toErrorAddress(0, filters));
  if (known) return known;
  const { errors, total } = await api.listErrors(toApiQuery(filters, api.now()), signal);
  const ids = errors.map(({ id }) => id);
  rememberPage(filters, ids, total);
  return { ids, total };
}
