const EVENT_ID = /^(?:[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i;

/**
 * Reads the id of an event: 32 hexadecimal digits, or a UUID with dashes, in any case.
 * @returns 32 lower-case digits; null for anything else
 * @example parseEventId('FC6D8C0C-43FC-4630-AD85-0EE518F1B9D0') // 'fc6d8c0c43fc4630ad850ee518f1b9d0'
 */
export function parseEventId(value: unknown): string | null {
  return typeof value === 'string' && EVENT_ID.test(value) ? value.replaceAll('-', '').toLowerCase() : null;
}
