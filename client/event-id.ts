const written = /^([0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i;

/**
 * Reads the id of an event as the API writes it, in 32 lower-case hex digits.
 * @returns null for what is none
 */
export function parseEventId(text: string): string | null {
  return written.test(text) ? text.replaceAll('-', '').toLowerCase() : null;
}
