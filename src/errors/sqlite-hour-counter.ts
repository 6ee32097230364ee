import type { Database, Statement } from 'better-sqlite3';
import type { CountedGroup } from './counted-group';
import { hourOf } from './hours';
import type { RecordedGroup } from './report-group';

/** A group of reports, and what became of it. */
export interface StoredGroup {
  group: CountedGroup;
  recorded: RecordedGroup;
}

/** Counts reports by the hour in which they came, for each error and for each project. */
export class SqliteHourCounter {
  private readonly addToError: Statement<[number, number, number]>;
  private readonly addToProject: Statement<[string, number, number]>;

  constructor(connection: Database) {
    this.addToError = connection.prepare(
      'INSERT INTO error_hours VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET n = n + excluded.n',
    );
    this.addToProject = connection.prepare(
      'INSERT INTO project_hours VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET n = n + excluded.n',
    );
  }

  /** To be called within the transaction that stores the reports. */
  count(stored: readonly StoredGroup[]): void {
    const perProject = new Map<string, { project: string; hour: number; n: number }>();
    for (const { group, recorded } of stored) {
      const { count, first, newest } = group;
      // Reports of one batch came within milliseconds: those around a full hour count together.
      const hour = hourOf(newest.at(-1)?.receivedAt ?? first.receivedAt);
      this.addToError.run(recorded.id, hour, count);
      const key = `${hour} ${first.project}`;
      const sum = perProject.get(key) ?? { project: first.project, hour, n: 0 };
      sum.n += count;
      perProject.set(key, sum);
    }
    for (const { project, hour, n } of perProject.values()) this.addToProject.run(project, hour, n);
  }
}
