import { hash } from 'node:crypto';

const LONGEST_URL = 2_000;

/** Shorter pieces of a path are words such as `api`, or too common to be looked for in an answer. */
const SHORTEST_SECRET = 6;

/**
 * What is wrong with the address of a webhook, as the rest of a sentence that begins with its name, or null.
 * The address itself is not in it: it is a secret.
 * @example describeWebhookProblem('ftp://example.com/') // 'must be an http:// or https:// address'
 */
export function describeWebhookProblem(url: string): string | null {
  // The parser passes over blanks and line breaks, so a typing error would go unseen.
  if (/[\s\p{Cc}]/u.test(url)) return 'must be an address without blanks';
  if (url.length > LONGEST_URL) return `must be at most ${LONGEST_URL} characters`;
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) return 'must be an http:// or https:// address';
  const { username, password } = new URL(url);
  if (username || password) return 'must not have a user name or password in it';
  if (url.includes('#')) return 'must not have a fragment (#…)';
  return null;
}

/**
 * The address of a webhook without its secret, as it may be shown and logged. The hash tells webhooks of one host apart.
 * @example maskWebhookUrl('https://hooks.slack.com/services/T0/B0/x') // 'https://hooks.slack.com/…#a7c1be'
 */
export function maskWebhookUrl(url: string): string {
  const mark = hash('sha256', url, 'hex').slice(0, 6);
  if (!URL.canParse(url)) return `(no address)#${mark}`;
  const { protocol, host } = new URL(url);
  return `${protocol}//${host}/…#${mark}`;
}

/** `example.com:443`: all of a webhook's address that a message may name. */
export function hostAndPort(url: URL): string {
  return `${url.hostname}:${portOf(url)}`;
}

export function portOf(url: URL): number {
  return Number(url.port || (url.protocol === 'https:' ? 443 : 80));
}

/** Replaces what a server repeats of the address (`Cannot POST /hooks/…`), since answers are logged and shown. */
export function hideSecrets(text: string, url: URL): string {
  const pieces = [...url.pathname.split('/'), ...[...url.searchParams].flat()].filter(
    (piece) => piece.length >= SHORTEST_SECRET,
  );
  return [url.search, url.pathname, ...pieces, ...pieces.map(decode)]
    .filter((secret) => secret.length > 1)
    .sort((one, other) => other.length - one.length)
    .reduce((shown, secret) => shown.replaceAll(secret, '…'), text);
}

function decode(piece: string): string {
  try {
    return decodeURIComponent(piece);
  } catch {
    return piece;
  }
}
