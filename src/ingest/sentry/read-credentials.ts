import type { IncomingHttpHeaders } from 'node:http';

/** What a client gives to be let in, whatever it is. */
export interface Credentials {
  key: string;
  /** such as `sentry.python/2.68.0`; null when it does not say */
  client: string | null;
}

const SENTRY_SCHEME = /^\s*sentry\s+/i;
const DSN_SCHEME = /^\s*dsn\s+/i;
const BASIC_SCHEME = /^\s*basic\s+/i;

/**
 * Finds the key of a request where clients put it: `X-Sentry-Auth`, `Authorization` with the scheme Sentry, DSN or
 * Basic, or the query. Of several the first counts; a secret is ignored wherever it stands.
 * @param query what follows the question mark of the address
 * @returns null when there is none: in a tunnel the envelope itself has it
 */
export function readCredentials(headers: IncomingHttpHeaders, query: string): Credentials | null {
  const fromQuery = new URLSearchParams(query);
  const client = fromQuery.get('sentry_client');
  const { 'x-sentry-auth': own, authorization } = headers;
  const inHeader =
    (own === undefined ? null : readSentryAuth(String(own))) ??
    (authorization === undefined ? null : readAuthorization(authorization));
  if (inHeader) return { key: inHeader.key, client: inHeader.client ?? client };
  const key = fromQuery.get('sentry_key');
  return key === null ? null : { key, client };
}

/**
 * The key in an address of the form `https://<key>@host/<id>`.
 * @returns null when there is none
 */
export function readDsnKey(dsn: string): string | null {
  return /^https?:\/\/([^:@/?#]*)(?::[^@/?#]*)?@/.exec(dsn)?.[1] ?? null;
}

function readAuthorization(text: string): Credentials | null {
  if (SENTRY_SCHEME.test(text)) return readSentryAuth(text);
  if (DSN_SCHEME.test(text)) return fromKey(readDsnKey(text.replace(DSN_SCHEME, '').trim()));
  if (!BASIC_SCHEME.test(text)) return null;
  const [user = ''] = Buffer.from(text.replace(BASIC_SCHEME, ''), 'base64').toString('utf8').split(':');
  return fromKey(user === '' ? null : user);
}

/** `Sentry sentry_key=…, sentry_client=…`, with or without blanks. */
function readSentryAuth(text: string): Credentials | null {
  const fields = new Map<string, string>();
  for (const pair of text.replace(SENTRY_SCHEME, '').split(',')) {
    const equals = pair.indexOf('=');
    if (equals > 0) fields.set(pair.slice(0, equals).trim(), pair.slice(equals + 1).trim());
  }
  const key = fields.get('sentry_key');
  return key === undefined ? null : { key, client: fields.get('sentry_client') ?? null };
}

function fromKey(key: string | null): Credentials | null {
  return key === null ? null : { key, client: null };
}
