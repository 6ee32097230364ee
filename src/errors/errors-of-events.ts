import type { SqlConnection } from '../database/sql-connection';
import { findCountedErrors, type StoredEvent } from './find-counted-errors';

/** An event as its client names it. */
export interface NamedEvent {
  eventId: string;
  /** name */
  project: string;
}

/** Finds the errors for which events were counted, as long as the ids of these are kept. */
export class ErrorsOfEvents {
  constructor(private readonly connection: SqlConnection) {}

  /**
   * To be called within a transaction: until that ends, nobody deletes the errors. They are locked in the order in which
   * deletions lock them, or the two could wait for each other.
   * @returns for each event the id of its error; null when there is none
   */
  async find(events: readonly NamedEvent[]): Promise<(number | null)[]> {
    if (events.length === 0) return [];
    const { isAmong, keepRows } = this.connection.dialect;
    const known = await this.connection.all<StoredEvent>(
      `SELECT event_id, project, fingerprint, received_at FROM event_ids WHERE ${isAmong('event_id', 'text')}`,
      [events.map(({ eventId }) => eventId)],
    );
    const ids = await findCountedErrors(this.connection, known, keepRows);
    const errorOf = new Map(
      known.map(({ event_id: eventId, project }, index) => [keyOf({ eventId, project }), ids[index] ?? null]),
    );
    return events.map((event) => errorOf.get(keyOf(event)) ?? null);
  }
}

function keyOf({ eventId, project }: NamedEvent): string {
  return `${eventId} ${project}`;
}
