import type { Database, Statement, Transaction } from 'better-sqlite3';
import { searchText } from '../database/search-text';
import { toSqlTime } from '../database/sql-time';
import { fingerprintApart } from '../fingerprints/fingerprint-apart';
import { rememberProjects } from '../projects/remember-project';
import { SqliteErrorTags } from './sqlite-error-tags';
import { SqliteEventIds } from './sqlite-event-ids';
import { SqliteHourCounter, type StoredGroup } from './sqlite-hour-counter';
import { type Report, toSqlBoolean } from './report';
import { type CountedGroup, noneCounted, toCountedGroup } from './counted-group';
import { KEPT_OCCURRENCES, type RecordedGroup, type ReportGroup } from './report-group';
import type { ReportWriter } from './report-writer';

/** An error as far as its occurrences need it. */
interface CountedError {
  id: number;
  /** the reports that were just counted included */
  count: number;
  message: string;
  traceback: string;
}

/**
 * Writes reports to SQLite: one statement for each row, all of them prepared. That is the fastest where a statement
 * costs a function call; a promise for each would take a fifth more.
 */
export class SqliteReportWriter implements ReportWriter {
  private readonly countOnOpen: Statement<[number, string, string, string], CountedError>;
  private readonly reopenAndCount: Statement<[number, string, string, string], CountedError>;
  private readonly isTaken: Statement<[string]>;
  private readonly insertError: Statement;
  private readonly putOccurrence: Statement;
  private readonly insertSearchText: Statement;
  private readonly rememberProject: (name: string) => void;
  private readonly addEvent: Statement<[number, string]>;
  private readonly hours: SqliteHourCounter;
  private readonly eventIds: SqliteEventIds;
  private readonly tags: SqliteErrorTags;
  private readonly recordAll: Transaction<
    (groups: readonly ReportGroup[], keepEvents: boolean) => RecordedGroup[]
  >;

  constructor(connection: Database) {
    this.insertError = connection.prepare(
      `INSERT INTO errors
         (fingerprint, project, exception_type, message, traceback, count, first_seen, last_seen, resolved, source,
          file, line, level, platform)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?)`,
    );
    // A clock that was set back must not make an error look older than it is. Nearly every known error is open, so that
    // one statement does.
    const count = (also: string, state: string) =>
      `UPDATE errors SET count = count + ?, last_seen = max(last_seen, ?)${also}
       WHERE fingerprint = ? AND project = ? AND ${state} RETURNING id, count, message, traceback`;
    this.countOnOpen = connection.prepare(count('', 'resolved = 0'));
    this.reopenAndCount = connection.prepare(count(', resolved = 0, resolved_at = NULL', 'resolved <> 0'));
    this.isTaken = connection.prepare('SELECT 1 FROM errors WHERE fingerprint = ?');
    this.putOccurrence = connection.prepare(
      `INSERT OR REPLACE INTO error_occurrences
         (error_id, slot, timestamp, message, traceback, request_url, request_method, request_headers, user_id, extra,
          event_id, environment, release, level, platform, handled, context)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.insertSearchText = connection.prepare('INSERT INTO error_search (rowid, text) VALUES (?, ?)');
    this.rememberProject = rememberProjects(connection);
    this.addEvent = connection.prepare('INSERT INTO error_events (error_id, kind) VALUES (?, ?)');
    this.hours = new SqliteHourCounter(connection);
    this.eventIds = new SqliteEventIds(connection);
    this.tags = new SqliteErrorTags(connection);
    this.recordAll = connection.transaction((groups, keepEvents) => {
      const stored: StoredGroup[] = [];
      const results = groups.map((group) => {
        const repeated = group.hasEvents ? this.eventIds.rememberAll(group) : [];
        const counted = toCountedGroup(group, repeated);
        return counted === null ? noneCounted(repeated) : this.store(counted, repeated, stored);
      });
      this.hours.count(stored);
      if (keepEvents) stored.forEach(({ recorded }) => this.keepEvent(recorded));
      this.indexNewErrors(stored);
      return results;
    });
  }

  record(groups: readonly ReportGroup[], keepEvents: boolean): Promise<RecordedGroup[]> {
    return new Promise((resolve) => {
      let isStored = false;
      try {
        const recorded = this.recordAll.immediate(groups, keepEvents);
        isStored = true;
        resolve(recorded);
      } finally {
        if (!isStored) this.tags.forget();
      }
    });
  }

  /** @param stored gets what was stored */
  private store(group: CountedGroup, repeated: number[], stored: StoredGroup[]): RecordedGroup {
    const recorded = this.recordGroup(group, repeated);
    this.tags.store(recorded.id, group.tags, recorded.created);
    stored.push({ group, recorded });
    return recorded;
  }

  private recordGroup(group: CountedGroup, repeated: number[]): RecordedGroup {
    const { count, first, newest } = group;
    // The clock may have been set back between two of them.
    const lastSeen = [first, ...newest].map((report) => toSqlTime(report.receivedAt)).reduce(latest);
    const { fingerprint, project } = first;
    const open = this.countOnOpen.get(count, lastSeen, fingerprint, project);
    const reopened = open ? undefined : this.reopenAndCount.get(count, lastSeen, fingerprint, project);
    if (!open && !reopened && this.isTaken.get(fingerprint)) {
      // By an error of another project.
      const apart = { ...first, fingerprint: fingerprintApart(project, fingerprint) };
      return this.recordGroup({ ...group, first: apart }, repeated);
    }
    const error = open ?? reopened ?? this.create(first, lastSeen, count);
    const countOfOldest = error.count - newest.length + 1;
    newest.forEach((report, index) => this.keepOccurrence(error, countOfOldest + index, report));
    return {
      id: error.id,
      created: !open && !reopened,
      reopened: reopened !== undefined,
      countBefore: error.count - count,
      repeated,
    };
  }

  private keepEvent({ id, created, reopened }: RecordedGroup): void {
    if (created || reopened) this.addEvent.run(id, created ? 'created' : 'reopened');
  }

  private create(first: Report, lastSeen: string, count: number): CountedError {
    const { fingerprint, project, exceptionType, message, traceback, source } = first;
    const { lastInsertRowid } = this.insertError.run(
      fingerprint,
      project,
      exceptionType,
      message,
      traceback,
      count,
      toSqlTime(first.receivedAt),
      lastSeen,
      source,
      first.file ?? '',
      first.line,
      first.details?.level ?? null,
      first.details?.platform ?? null,
    );
    this.rememberProject(project);
    return { id: Number(lastInsertRowid), count, message, traceback };
  }

  /**
   * Last in the transaction: a statement that opens a savepoint of its own, as `INSERT OR REPLACE` does, makes FTS5
   * write out what it has gathered. Between the others this took a third of the time of new errors.
   */
  private indexNewErrors(stored: readonly StoredGroup[]): void {
    for (const { group, recorded } of stored) {
      if (!recorded.created) continue;
      const { exceptionType, message } = group.first;
      this.insertSearchText.run(recorded.id, searchText(exceptionType, message));
    }
  }

  private keepOccurrence(error: CountedError, count: number, report: Report): void {
    const { details } = report;
    this.putOccurrence.run(
      error.id,
      count % KEPT_OCCURRENCES,
      toSqlTime(report.receivedAt),
      // Texts that are those of the error itself, as most are, stand there only: NULL.
      report.message === error.message ? null : report.message,
      report.traceback === error.traceback ? null : report.traceback,
      report.requestUrl,
      report.requestMethod,
      report.requestHeaders,
      report.userId,
      report.extra,
      details?.eventId ?? null,
      details?.environment ?? null,
      details?.release ?? null,
      details?.level ?? null,
      details?.platform ?? null,
      toSqlBoolean(details?.handled ?? null),
      details?.context ?? null,
    );
  }
}

/** Times in SQL are in the order of their text. */
function latest(left: string, right: string): string {
  return left > right ? left : right;
}
