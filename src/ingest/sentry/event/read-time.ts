const TIME =
  /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9})\d*)?)?\s?(?:([Zz]|UTC)|([+-])(\d\d):?(\d\d)?)?$/;

const LATEST_MS = 8.64e15;
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** A clock is taken for wrong when it is off by more than this: a slow connection takes minutes as well. */
const TRUSTED_MS = 55 * MINUTE_MS;
const OLDEST_MS = 30 * DAY_MS;
const NEWEST_MS = MINUTE_MS;

export interface EventTime {
  at: Date;
  /** what was added to the client's time; its breadcrumbs' need it as well */
  shiftMs: number;
}

/**
 * Milliseconds since 1970, from seconds or from an RFC 3339 text, which without a zone is in UTC; null for anything else.
 * @example parseEventTime('2026-11-23T00:46:38.543206764Z') === parseEventTime(1795394798.543)
 */
export function parseEventTime(value: unknown): number | null {
  if (typeof value === 'number') return inRange(value * 1000);
  if (typeof value !== 'string' || value.length > 50) return null;
  const text = value.trim();
  const found = TIME.exec(text);
  if (found === null) return /^\d{1,11}(?:\.\d{1,9})?$/.test(text) ? inRange(Number(text) * 1000) : null;
  const [, year, month, day, hour, minute, second, fraction, , sign, offsetHour, offsetMinute] = found;
  const isPossible =
    Number(month) >= 1 && Number(month) <= 12 && Number(day) >= 1 && Number(day) <= 31 && Number(hour) <= 24;
  if (!isPossible) return null;
  const ms = Math.floor(Number(`0.${fraction ?? '0'}`) * 1000);
  const utc = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second ?? 0),
    ms,
  );
  const offset = (Number(offsetHour ?? 0) * 60 + Number(offsetMinute ?? 0)) * MINUTE_MS;
  return inRange(sign === '-' ? utc + offset : utc - offset);
}

/**
 * When the event happened. A client whose clock is off is recognised by when it sent the event; what still is not
 * plausible becomes the nearest time that is.
 */
export function readEventTime(timestamp: unknown, receivedAt: Date, sentAt: Date | null): EventTime {
  const received = receivedAt.getTime();
  const drift = sentAt === null ? 0 : received - sentAt.getTime();
  const correction = Math.abs(drift) > TRUSTED_MS ? drift : 0;
  const stated = parseEventTime(timestamp);
  if (stated === null) return { at: receivedAt, shiftMs: correction };
  const at = Math.min(Math.max(stated + correction, received - OLDEST_MS), received + NEWEST_MS);
  return { at: new Date(at), shiftMs: at - stated };
}

function inRange(ms: number): number | null {
  return Math.abs(ms) <= LATEST_MS ? ms : null;
}
