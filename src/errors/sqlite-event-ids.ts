import type { Database, Statement } from 'better-sqlite3';
import { toSqlTime } from '../database/sql-time';
import { eventsAmong } from './counted-group';
import type { PlacedReport, ReportGroup } from './report-group';

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
   * @returns the places of those that were stored before
   */
  rememberAll({ reports }: ReportGroup): number[] {
    const { project, fingerprint, receivedAt } = (reports.at(-1) as PlacedReport).report;
    const time = toSqlTime(receivedAt);
    return eventsAmong(reports)
      .filter(({ id }) => this.remember.run(id, project, fingerprint, time).changes === 0)
      .map(({ place }) => place);
  }
}
