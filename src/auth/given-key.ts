import type { IncomingMessage } from 'node:http';

/** An ingest key as a request has it, whatever it is. */
interface GivenKey {
  key: string;
  /** in the query and not in a header */
  isInAddress: boolean;
}

/**
 * Finds the ingest key of a request: in `X-Ingest-Key`, or else in `?key=`. One that is given twice is none that exists.
 * @returns null when there is none
 */
export function findGivenKey({
  headers,
  url = '',
}: Pick<IncomingMessage, 'headers' | 'url'>): GivenKey | null {
  const header = headers['x-ingest-key'];
  if (header !== undefined) return { key: String(header), isInAddress: false };
  const query = url.indexOf('?');
  if (query < 0) return null;
  const keys = new URLSearchParams(url.slice(query)).getAll('key');
  return keys.length === 0 ? null : { key: keys.join(), isInAddress: true };
}
