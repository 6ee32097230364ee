/** The place of an error in the list: newest `last_seen` first, then highest id. */
export interface Place {
  id: number;
  /** as in the database, `2026-01-31 12:00:00.000` */
  last_seen: string;
}

const WRITTEN_PLACE = /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}) ([1-9]\d{0,14})$/;

/** Text that a client hands back to go on after an error; what it says is nobody's business. */
export function toCursor({ last_seen, id }: Place): string {
  return Buffer.from(`${last_seen} ${id}`).toString('base64url');
}

/** The place that `toCursor` wrote; null for any other text. */
export function parseCursor(cursor: string): Place | null {
  const bytes = Buffer.from(cursor, 'base64url');
  const [, lastSeen, id] = WRITTEN_PLACE.exec(bytes.toString('latin1')) ?? [];
  // Node decodes leniently; only the one text that toCursor writes is a cursor.
  if (lastSeen === undefined || bytes.toString('base64url') !== cursor) return null;
  return { last_seen: lastSeen, id: Number(id) };
}

export function newestFirst(left: Place, right: Place): number {
  if (left.last_seen !== right.last_seen) return left.last_seen < right.last_seen ? 1 : -1;
  return right.id - left.id;
}

/** Whether a place comes after another one in the list; every place comes after null. */
export function isAfter(place: Place, other: Place | null): boolean {
  return other === null || newestFirst(place, other) > 0;
}
