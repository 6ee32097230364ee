import type { Statement, Transaction } from 'better-sqlite3';
import { searchText } from '../database/search-text';
import { toSqlTime } from '../database/sql-time';
import type { SqliteConnection } from '../database/sqlite-connection';
import { rememberProjectSql } from '../projects/remember-project';
import type { Recorded, Report } from './report';

/** How many occurrences of an error are kept: the ring that `slot` numbers. */
export const KEPT_OCCURRENCES = 5;

interface Known {
  id: number;
  count: number;
  resolved: 0 | 1;
}

/**
 * Writes reports and resolves errors: the only place that adds errors and occurrences.
 *
 * Guarantee: when `record` returns, the reports are committed with `synchronous=FULL`, all of them or (when it throws)
 * none; a count never stands without its occurrence. Reports of one fingerprint in a batch become one update, and the
 * oldest of five occurrences is overwritten in place, so nothing here deletes.
 */
export class ErrorWriter {
  private readonly findKnown: Statement<[string], Known>;
  private readonly insertError: Statement;
  private readonly countReports: Statement;
  private readonly reopen: Statement;
  private readonly putOccurrence: Statement;
  private readonly insertSearchText: Statement;
  private readonly rememberProject: Statement;
  private readonly markResolved: Statement<[string, number]>;
  private readonly findError: Statement<[number]>;
  private readonly recordAll: Transaction<(reports: readonly Report[]) => Recorded[]>;

  constructor(connection: SqliteConnection) {
    this.findKnown = connection.prepare('SELECT id, count, resolved FROM errors WHERE fingerprint = ?');
    this.insertError = connection.prepare(
      `INSERT INTO errors
         (fingerprint, project, exception_type, message, traceback, count, first_seen, last_seen, resolved, source)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, ?)`,
    );
    // A clock that was set back must not make an error look older than it is.
    this.countReports = connection.prepare(
      'UPDATE errors SET count = count + ?, last_seen = max(last_seen, ?) WHERE id = ?',
    );
    this.reopen = connection.prepare('UPDATE errors SET resolved = 0, resolved_at = NULL WHERE id = ?');
    this.putOccurrence = connection.prepare(
      `INSERT OR REPLACE INTO error_occurrences
         (error_id, slot, timestamp, message, traceback, request_url, request_method, request_headers, user_id, extra)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.insertSearchText = connection.prepare('INSERT INTO error_search (rowid, text) VALUES (?, ?)');
    this.rememberProject = connection.prepare(rememberProjectSql);
    this.markResolved = connection.prepare(
      'UPDATE errors SET resolved = 1, resolved_at = ? WHERE id = ? AND resolved = 0',
    );
    this.findError = connection.prepare('SELECT 1 FROM errors WHERE id = ?');
    this.recordAll = connection.transaction((reports) => this.recordBatch(reports));
  }

  /**
   * Stores reports in one transaction; of one fingerprint, in their order.
   * @returns what became of each, in the order of the reports
   * @throws SqliteError when the database cannot take them (locked, full, read-only); then none is stored
   */
  record(reports: readonly Report[]): Recorded[] {
    return this.recordAll.immediate(reports);
  }

  /**
   * Marks an error as resolved; one that is already keeps its `resolved_at`.
   * @returns whether there is such an error
   */
  resolve(id: number, now: Date): boolean {
    return this.markResolved.run(toSqlTime(now), id).changes > 0 || this.findError.get(id) !== undefined;
  }

  private recordBatch(reports: readonly Report[]): Recorded[] {
    const recorded = new Array<Recorded>(reports.length);
    for (const places of groupByFingerprint(reports)) this.recordGroup(reports, places, recorded);
    return recorded;
  }

  /** Records the reports at these places of the batch, which share a fingerprint. */
  private recordGroup(reports: readonly Report[], places: readonly number[], recorded: Recorded[]): void {
    const group = places.map((place) => reports[place] as Report);
    const first = group[0] as Report;
    const last = group.at(-1) as Report;
    const known = this.findKnown.get(first.fingerprint);
    const countBefore = known?.count ?? 0;
    const id = known ? known.id : this.create(first, last, group.length);
    if (known) {
      this.countReports.run(group.length, toSqlTime(last.receivedAt), id);
      if (known.resolved) this.reopen.run(id);
    }
    group.forEach((report, index) => {
      const count = countBefore + index + 1;
      if (index >= group.length - KEPT_OCCURRENCES) this.keepOccurrence(id, count, report);
      recorded[places[index] as number] = {
        status: count === 1 ? 'created' : 'existing',
        id,
        fingerprint: report.fingerprint,
        count,
      };
    });
  }

  private create(first: Report, last: Report, count: number): number {
    const { fingerprint, project, exceptionType, message, traceback, source } = first;
    const { lastInsertRowid } = this.insertError.run(
      fingerprint,
      project,
      exceptionType,
      message,
      traceback,
      count,
      toSqlTime(first.receivedAt),
      toSqlTime(last.receivedAt),
      source,
    );
    this.insertSearchText.run(lastInsertRowid, searchText(exceptionType, message));
    this.rememberProject.run(project);
    return Number(lastInsertRowid);
  }

  private keepOccurrence(errorId: number, count: number, report: Report): void {
    this.putOccurrence.run(
      errorId,
      count % KEPT_OCCURRENCES,
      toSqlTime(report.receivedAt),
      report.message,
      report.traceback,
      report.requestUrl,
      report.requestMethod,
      report.requestHeaders,
      report.userId,
      report.extra,
    );
  }
}

/** Places in the batch, together where the fingerprint is the same. */
function groupByFingerprint(reports: readonly Report[]): Iterable<number[]> {
  const groups = new Map<string, number[]>();
  reports.forEach(({ fingerprint }, place) => {
    const places = groups.get(fingerprint);
    if (places) places.push(place);
    else groups.set(fingerprint, [place]);
  });
  return groups.values();
}
