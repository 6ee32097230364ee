const NIL = '0'.repeat(32);

/**
 * 32 lower-case hex digits, from those or a UUID with dashes; null for anything else, also for zeros alone: clients that
 * send them send them with every event.
 * @example parseEventId('AD8E5A02-aa40-4749-a8d8-49e22d011512') // 'ad8e5a02aa404749a8d849e22d011512'
 */
export function parseEventId(value: unknown): string | null {
  if (typeof value !== 'string' || value.length > 36) return null;
  const id = (value.length === 36 ? value.replaceAll('-', '') : value).toLowerCase();
  return /^[0-9a-f]{32}$/.test(id) && id !== NIL ? id : null;
}
