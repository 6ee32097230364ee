const TIME = /^(\d{4})-(\d\d)-(\d\d)T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)$/;

/**
 * The time that a query parameter names, ISO 8601 with `Z` or an offset; null for any other value: without one the
 * same text is another moment on every machine.
 * @example parseTime('2026-11-23T17:02+01:00') // 16:02 UTC
 */
export function parseTime(value: unknown): Date | null {
  if (typeof value !== 'string') return null;
  // In a query that nobody encoded, the + of an offset arrives as a blank.
  const text = value.replace(' ', '+');
  const [, year, month, day] = TIME.exec(text) ?? [];
  const time = new Date(text);
  if (day === undefined || Number.isNaN(time.getTime())) return null;
  // Date takes the 30th of February for the 2nd of March.
  return Number(day) <= daysOf(Number(year), Number(month)) ? time : null;
}

function daysOf(year: number, month: number): number {
  // The calendar repeats every 400 years, and Date.UTC takes the years before 100 for others.
  return new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();
}
