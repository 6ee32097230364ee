import type { ErrorDetail, OccurrenceAnswer } from './errors.answers';

/** An occurrence with `request_headers` and `extra` as they are stored: JSON text as it was sent. */
export interface StoredOccurrence extends OccurrenceAnswer {
  request_headers: string | null;
  extra: string | null;
}

export interface StoredError {
  error: ErrorDetail;
  /** newest first */
  occurrences: StoredOccurrence[];
}

/**
 * The JSON of `ErrorWithOccurrences`. Stored JSON goes in as it is: parsed and written again, numbers would lose digits.
 * @example writeErrorJson({ error, occurrences: [{ id: 1, …, extra: '[1e400]' }] }) // '{"error":{…},"occurrences":[{"id":1,…,"extra":[1e400]}]}'
 */
export function writeErrorJson({ error, occurrences }: StoredError): string {
  return `{"error":${JSON.stringify(error)},"occurrences":[${occurrences.map(writeOccurrence).join(',')}]}`;
}

function writeOccurrence({ request_headers, extra, ...rest }: StoredOccurrence): string {
  const written = JSON.stringify(rest).slice(0, -1);
  return `${written},"request_headers":${toJson(request_headers)},"extra":${toJson(extra)}}`;
}

/** The original system also stored text that is not JSON; that becomes a string. */
function toJson(stored: string | null): string {
  if (stored === null) return 'null';
  try {
    JSON.parse(stored);
    return stored;
  } catch {
    return JSON.stringify(stored);
  }
}
