import { sqlTimeToIso } from '../database/sql-time';
import type { SqlConnection } from '../database/sql-connection';
import type { EventAnswer } from './events.answers';
import { findCountedErrors, type StoredEvent } from './find-counted-errors';

/** Of the projects that have an id, the newest so many are looked at. */
const MOST_PROJECTS = 100;

/** So many other projects are named that have the id. */
const MOST_OTHERS = 10;

/** An event by its id. */
export interface EventKey {
  /** 32 lower-case hex digits */
  eventId: string;
  /** of several projects that have it, the one where it came last */
  project?: string;
}

/** Finds where events are, by the ids that clients gave them. */
export class EventPlaces {
  constructor(private readonly connection: SqlConnection) {}

  /** Null when the id is not known, or the error has been deleted. */
  find({ eventId, project }: EventKey): Promise<EventAnswer | null> {
    return this.connection.transaction(async () => {
      const ofProject = project === undefined ? '' : 'AND project = ?';
      const stored = await this.connection.all<StoredEvent>(
        `SELECT event_id, project, fingerprint, received_at FROM event_ids
         WHERE event_id = ? ${ofProject} ORDER BY id DESC LIMIT ${MOST_PROJECTS}`,
        project === undefined ? [eventId] : [eventId, project],
      );
      const ids = await findCountedErrors(this.connection, stored);
      const [found, ...others] = stored.flatMap((event, index) => {
        const id = ids[index] ?? null;
        return id === null ? [] : [{ ...event, error_id: id }];
      });
      if (!found) return null;
      const occurrence = await this.connection.get<{ id: number }>(
        'SELECT id FROM error_occurrences WHERE error_id = ? AND event_id = ? ORDER BY id DESC LIMIT 1',
        [found.error_id, eventId],
      );
      return {
        event_id: found.event_id,
        project: found.project,
        error_id: found.error_id,
        occurrence_id: occurrence?.id ?? null,
        received_at: sqlTimeToIso(found.received_at),
        others: others
          .slice(0, MOST_OTHERS)
          .map((other) => ({ project: other.project, error_id: other.error_id })),
      };
    });
  }
}
