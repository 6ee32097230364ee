import type { SqlConnection } from '../database/sql-connection';
import { fingerprintApart } from '../fingerprints/fingerprint-apart';

/** What is stored of an event beside its error. */
export interface StoredEvent {
  event_id: string;
  project: string;
  /** as the report had it: its error has another one when an error of another project had that already */
  fingerprint: string;
  /** in SQL */
  received_at: string;
}

interface FoundError {
  id: number;
  project: string;
  fingerprint: string;
  first_seen: string;
}

/**
 * Finds the errors for which events were counted, in the order of their fingerprints.
 * @param lock at the end of the query: `SqlDialect.keepRows`
 * @returns for each event the id of its error; null when that is not there any more
 */
export async function findCountedErrors(
  connection: SqlConnection,
  events: readonly StoredEvent[],
  lock = '',
): Promise<(number | null)[]> {
  const found = await connection.all<FoundError>(
    `SELECT id, project, fingerprint, first_seen FROM errors
     WHERE ${connection.dialect.isAmong('fingerprint', 'text')} ORDER BY fingerprint ${lock}`,
    [events.flatMap((event) => [event.fingerprint, apartOf(event)])],
  );
  // Errors of two projects may share a fingerprint; the event belongs to that of its own.
  const errors = new Map(found.map((error) => [error.fingerprint + error.project, error]));
  return events.map((event) => {
    const plain = errors.get(event.fingerprint + event.project);
    const apart = errors.get(apartOf(event) + event.project);
    return choose(event, plain, apart)?.id ?? null;
  });
}

/** A project has both when the error of the other project was deleted: from then on, events are counted for the plain one. */
function choose(event: StoredEvent, plain?: FoundError, apart?: FoundError): FoundError | undefined {
  if (!plain || !apart) return plain ?? apart;
  return event.received_at < plain.first_seen ? apart : plain;
}

function apartOf({ project, fingerprint }: StoredEvent): string {
  return fingerprintApart(project, fingerprint);
}
