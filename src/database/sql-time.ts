/**
 * Times in the database are UTC text with milliseconds, `2026-01-31 12:00:00.000`: what TypeORM writes for
 * `datetime` columns, and in the order of time when compared as text.
 */
export function toSqlTime(time: Date): string {
  const milliseconds = time.getTime();
  if (milliseconds !== last.milliseconds) {
    last = { milliseconds, text: time.toISOString().replace('T', ' ').replace('Z', '') };
  }
  return last.text;
}

/** Many reports arrive in the same millisecond, and writing a time takes as long as a short statement. */
let last = { milliseconds: 0, text: '1970-01-01 00:00:00.000' };

/** `2026-01-31 12:00:00.000` → `2026-01-31T12:00:00.000Z` */
export function sqlTimeToIso(text: string): string {
  return `${text.replace(' ', 'T')}Z`;
}
