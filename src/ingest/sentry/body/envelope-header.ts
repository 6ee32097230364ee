import type { JsonObject } from '../../../common/parse-json';
import { parseEventId } from '../parse-event-id';

export interface EnvelopeHeader {
  /** 32 lower-case hex digits */
  eventId: string | null;
  sentAt: Date | null;
  /** the address that clients report to, whatever it is */
  dsn: string | null;
  /** such as `sentry.python/2.68.0` */
  client: string | null;
}

/** Reads the first line of an envelope. A wrong type of a known member counts as absent. */
export function readEnvelopeHeader({
  event_id: eventId,
  sent_at: sentAt,
  dsn,
  sdk,
}: JsonObject): EnvelopeHeader {
  return {
    eventId: parseEventId(eventId),
    sentAt: typeof sentAt === 'string' ? readTime(sentAt) : null,
    dsn: typeof dsn === 'string' ? dsn : null,
    client: readClient(sdk),
  };
}

function readTime(text: string): Date | null {
  const time = new Date(text);
  return Number.isNaN(time.getTime()) ? null : time;
}

function readClient(sdk: unknown): string | null {
  const { name, version } = (sdk ?? {}) as JsonObject;
  if (typeof name !== 'string' || name === '') return null;
  return typeof version === 'string' ? `${name}/${version}` : name;
}
