import { hash } from 'node:crypto';

/**
 * Id of the mail that one delivery sends: the same in every attempt, so that a mailbox can tell a repetition. The time
 * tells it from that of another database, whose ids begin at 1 as well.
 */
export function deliveryMessageId(deliveryId: number, createdAt: Date, baseUrl: string): string {
  return `<delivery-${deliveryId}-${stampOf(createdAt)}.${instanceOf(baseUrl)}>`;
}

/** Id that no mail has but all mails about one error refer to: that alone makes mail programs group them. */
export function errorMessageId(errorId: number, firstSeen: Date, baseUrl: string): string {
  return `<error-${errorId}-${stampOf(firstSeen)}.${instanceOf(baseUrl)}>`;
}

function stampOf(time: Date): string {
  return time.getTime().toString(36);
}

/** Two trackers may stand on one host and mail the same person: the digest of the whole address tells them apart. */
function instanceOf(baseUrl: string): string {
  return `${hash('sha256', baseUrl, 'hex').slice(0, 8)}@${toDomain(baseUrl)}`;
}

/** The host in the characters that every mail program takes: `http://[2001:db8::5]:80` → `ipv6-2001-db8-5`. */
function toDomain(baseUrl: string): string {
  const { hostname } = URL.canParse(baseUrl) ? new URL(baseUrl) : { hostname: '' };
  const labels = hostname.replace('[', 'ipv6:').toLowerCase().split('.');
  const safe = labels.map((label) => label.replace(/[^a-z0-9-]+/g, '-').replace(/^-+|-+$/g, ''));
  return safe.filter(Boolean).join('.') || 'localhost';
}
