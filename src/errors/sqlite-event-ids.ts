import type { Database, Statement } from 'better-sqlite3';
import { toSqlTime } from '../database/sql-time';
import type { Report } from './report';
import { type ReportGroup, withoutRepeated } from './report-group';

/** Remembers the ids of events, so that one that is sent again is not counted again. */
export class SqliteEventIds {
  private readonly remember: Statement<[string, string, string, string]>;

  constructor(connection: Database) {
    this.remember = connection.prepare(
      `INSERT INTO event_ids (event_id, project, fingerprint, received_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`,
    );
  }

  /**
   * To be called within the transaction that stores the reports.
   * @returns the group without those that were stored before, null when none is left; and the places of those
   */
  rememberAll(group: ReportGroup): { left: ReportGroup | null; repeated: number[] } {
    const { project, fingerprint, receivedAt } = group.newest.at(-1) as Report;
    const time = toSqlTime(receivedAt);
    const repeated = group.events
      .filter(({ id }) => this.remember.run(id, project, fingerprint, time).changes === 0)
      .map(({ place }) => place);
    return { left: withoutRepeated(group, repeated), repeated };
  }
}
