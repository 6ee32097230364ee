/**
 * Times in the database are UTC text with milliseconds, `2026-01-31 12:00:00.000`: what TypeORM writes for
 * `datetime` columns, and in the order of time when compared as text.
 */
export function toSqlTime(time: Date): string {
  return time.toISOString().replace('T', ' ').replace('Z', '');
}

/** `2026-01-31 12:00:00.000` → `2026-01-31T12:00:00.000Z` */
export function sqlTimeToIso(text: string): string {
  return `${text.replace(' ', 'T')}Z`;
}
