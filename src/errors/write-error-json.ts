import type { OccurrenceContext } from './occurrence-context';
import type { ErrorDetail, OccurrenceAnswer } from './errors.answers';

/**
 * An occurrence with `request_headers` and `extra` as they are stored, JSON text as it was sent, and `context`, the JSON
 * of an `OccurrenceContext`.
 */
export interface StoredOccurrence extends Omit<OccurrenceAnswer, keyof OccurrenceContext> {
  request_headers: string | null;
  extra: string | null;
  context: string | null;
}

const WITHOUT_CONTEXT: Required<{ [Part in keyof OccurrenceContext]: null }> = {
  occurred_at: null,
  exceptions: null,
  breadcrumbs: null,
  tags: null,
  user: null,
  contexts: null,
  sdk: null,
  cut: null,
};

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

function writeOccurrence({ request_headers, extra, context, ...rest }: StoredOccurrence): string {
  const parts = context === null ? null : (JSON.parse(context) as OccurrenceContext);
  const written = JSON.stringify({ ...rest, ...WITHOUT_CONTEXT, ...parts }).slice(0, -1);
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
