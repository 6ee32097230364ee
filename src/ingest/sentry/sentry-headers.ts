import type { IncomingHttpHeaders } from 'node:http';
import { LIMITED_CATEGORIES, UNKEPT_CATEGORIES } from './unkept-categories';

/** Names and values in turn, as `writeHead` takes them. Pages of any origin may send, and read how it went. */
export const SENTRY_HEADERS: readonly string[] = [
  'Access-Control-Allow-Origin',
  '*',
  'Access-Control-Expose-Headers',
  'X-Sentry-Error, X-Sentry-Rate-Limits, Retry-After',
];

const USUAL_REQUEST_HEADERS =
  'X-Sentry-Auth, Content-Type, Content-Encoding, Authorization, X-Requested-With, sentry-trace, baggage';
const LONGEST_REQUESTED = 1_000;

/** Asks clients not to send for a day what is not kept here. */
export const UNKEPT_HEADERS = {
  'X-Sentry-Rate-Limits': `86400:${UNKEPT_CATEGORIES.join(';')}:organization:unsupported`,
};

/** What clients take when they are told nothing. */
const USUAL_WAIT_SECONDS = '60';

/** What a browser is answered that asks whether a page may send a report: any may, with any header. */
export function preflightHeaders(headers: IncomingHttpHeaders): string[] {
  const requested = headers['access-control-request-headers'] ?? '';
  const isUsual = requested === '' || requested.length > LONGEST_REQUESTED;
  return [
    ...SENTRY_HEADERS,
    'Access-Control-Allow-Methods',
    'POST, OPTIONS',
    'Access-Control-Allow-Headers',
    isUsual ? USUAL_REQUEST_HEADERS : requested,
    'Access-Control-Max-Age',
    '3600',
    'Vary',
    'Origin, Access-Control-Request-Headers',
  ];
}

/**
 * Tells clients to wait in the way that all of them understand.
 * @param headers of the answer so far, with `Retry-After` when it is a 429
 */
export function limitHeaders(status: number, headers: readonly string[]): string[] {
  if (status !== 429) return [];
  const at = headers.indexOf('Retry-After');
  const seconds = at < 0 ? USUAL_WAIT_SECONDS : headers[at + 1];
  return ['X-Sentry-Rate-Limits', `${seconds}:${LIMITED_CATEGORIES.join(';')}:organization`];
}

/** A sentence as a header may have it. */
export function toHeaderText(sentence: string): string {
  return sentence.replace(/[^\x20-\x7e]/g, '?');
}
