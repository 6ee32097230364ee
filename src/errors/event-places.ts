import { sqlTimeToIso } from '../database/sql-time';
import type { SqlConnection } from '../database/sql-connection';
import type { EventAnswer } from './events.answers';

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
      const ofProject = project === undefined ? '' : 'AND event_ids.project = ?';
      const [found, ...others] = await this.connection.all<Omit<EventAnswer, 'occurrence_id' | 'others'>>(
        `SELECT event_id, event_ids.project AS project, errors.id AS error_id, received_at
         FROM event_ids JOIN errors ON errors.fingerprint = event_ids.fingerprint AND errors.project = event_ids.project
         WHERE event_id = ? ${ofProject} ORDER BY event_ids.id DESC LIMIT ${1 + MOST_OTHERS}`,
        project === undefined ? [eventId] : [eventId, project],
      );
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
        others: others.map((other) => ({ project: other.project, error_id: other.error_id })),
      };
    });
  }
}
