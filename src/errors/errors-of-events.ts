import type { SqlConnection } from '../database/sql-connection';

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
    const known = await this.connection.all<{ event_id: string; project: string; fingerprint: string }>(
      `SELECT event_id, project, fingerprint FROM event_ids WHERE ${isAmong('event_id', 'text')}`,
      [events.map(({ eventId }) => eventId)],
    );
    const errors = await this.connection.all<{ id: number; fingerprint: string; project: string }>(
      `SELECT id, fingerprint, project FROM errors WHERE ${isAmong('fingerprint', 'text')} ORDER BY fingerprint ${keepRows}`,
      [known.map(({ fingerprint }) => fingerprint)],
    );
    // Errors of two projects may share a fingerprint; the event belongs to that of its own.
    const idOf = new Map(errors.map(({ id, fingerprint, project }) => [fingerprint + project, id]));
    const errorOf = new Map(
      known.map(({ event_id: eventId, project, fingerprint }) => [
        keyOf({ eventId, project }),
        idOf.get(fingerprint + project) ?? null,
      ]),
    );
    return events.map((event) => errorOf.get(keyOf(event)) ?? null);
  }
}

function keyOf({ eventId, project }: NamedEvent): string {
  return `${eventId} ${project}`;
}
