import { Inject, Injectable } from '@nestjs/common';
import type { Statement, Transaction } from 'better-sqlite3';
import { searchText } from '../database/search-text';
import { toSqlTime } from '../database/sql-time';
import { SqliteConnection } from '../database/sqlite-connection';
import { rememberProjectSql } from '../projects/remember-project';
import { Recorded, Report } from './report';

/** How many occurrences of an error are kept: the ring that `slot` numbers. */
export const KEPT_OCCURRENCES = 5;

interface Known {
  id: number;
  count: number;
}

/**
 * Writes reports: the only place that adds errors and occurrences.
 *
 * Guarantee: when `record` returns, the reports are committed with `synchronous=FULL`, all of them or (when it throws)
 * none; a count never stands without its occurrence. The oldest of five occurrences is overwritten in place, so
 * nothing here deletes.
 */
@Injectable()
export class ErrorWriter {
  private readonly findKnown: Statement<[string], Known>;
  private readonly insertError: Statement;
  private readonly countReport: Statement;
  private readonly putOccurrence: Statement;
  private readonly insertSearchText: Statement;
  private readonly rememberProject: Statement;
  private readonly recordAll: Transaction<(reports: readonly Report[]) => Recorded[]>;

  constructor(@Inject(SqliteConnection) connection: SqliteConnection) {
    this.findKnown = connection.prepare('SELECT id, count FROM errors WHERE fingerprint = ?');
    this.insertError = connection.prepare(
      `INSERT INTO errors
         (fingerprint, project, exception_type, message, traceback, count, first_seen, last_seen, resolved, source)
       VALUES (?, ?, ?, ?, ?, 1, ?, ?, 0, ?)`,
    );
    // A clock that was set back must not make an error look older than it is.
    this.countReport = connection.prepare(
      `UPDATE errors SET count = count + 1, last_seen = max(last_seen, ?), resolved = 0, resolved_at = NULL
       WHERE id = ?`,
    );
    this.putOccurrence = connection.prepare(
      `INSERT OR REPLACE INTO error_occurrences
         (error_id, slot, timestamp, message, traceback, request_url, request_method, request_headers, user_id, extra)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.insertSearchText = connection.prepare('INSERT INTO error_search (rowid, text) VALUES (?, ?)');
    this.rememberProject = connection.prepare(rememberProjectSql);
    this.recordAll = connection.transaction((reports) => reports.map((report) => this.recordOne(report)));
  }

  /**
   * Stores reports in one transaction, in their order.
   * @returns what became of each, in the same order
   * @throws SqliteError when the database cannot take them (locked, full, read-only); then none is stored
   */
  record(reports: readonly Report[]): Recorded[] {
    return this.recordAll.immediate(reports);
  }

  private recordOne(report: Report): Recorded {
    const known = this.findKnown.get(report.fingerprint);
    const id = known ? known.id : this.create(report);
    const count = known ? known.count + 1 : 1;
    if (known) this.countReport.run(toSqlTime(report.receivedAt), id);
    this.putOccurrence.run(
      id,
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
    return { status: known ? 'existing' : 'created', id, fingerprint: report.fingerprint, count };
  }

  private create(report: Report): number {
    const time = toSqlTime(report.receivedAt);
    const { fingerprint, project, exceptionType, message, traceback, source } = report;
    const { lastInsertRowid } = this.insertError.run(
      fingerprint,
      project,
      exceptionType,
      message,
      traceback,
      time,
      time,
      source,
    );
    this.insertSearchText.run(lastInsertRowid, searchText(exceptionType, message));
    this.rememberProject.run(project);
    return Number(lastInsertRowid);
  }
}
