import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { type ArrayType, toBinaryArray } from '../database/postgres/binary-array';
import {
  codeOf,
  ConnectionLostError,
  mayPassNextTime,
  NotConnectedError,
} from '../database/postgres/postgres-failure';
import type { PostgresConnection } from '../database/postgres/postgres-connection';
import { searchText } from '../database/search-text';
import type { SqlValue } from '../database/sql-connection';
import { type CountedGroup, noneCounted } from './counted-group';
import { hourOf } from './hours';
import { parseTags } from './error-tags';
import { FullTags } from './full-tags';
import { EVENT_COLUMNS, GROUP_COLUMNS, OCCURRENCE_COLUMNS, TAG_COLUMNS } from './postgres-record-columns';
import { NOW, RECORD_EVENTS, RECORD_REPORTS } from './postgres-record-sql';
import { recordWithoutRepeated } from './repeated-events';
import { type Report, toSqlBoolean } from './report';
import type { RecordedGroup, ReportGroup } from './report-group';
import type { ReportWriter } from './report-writer';

/** How long a batch waits to learn what became of it when the connection was lost; its clients wait as long. */
const PATIENCE_MS = 20_000;
/** How often a batch is written when others are in its way. */
const MOST_ATTEMPTS = 8;
/** Before a batch of unknown outcome asks a server again that answers, but not that. */
const ASK_AGAIN_MS = 100;

const UNIQUE_VIOLATION = '23505';

/** Writers that have not been heard of for so long are gone; one that was only idle introduces itself again. */
const FORGOTTEN_AFTER = "interval '1 day'";

/**
 * What became of a batch, as it is stored: of its groups, by their place from 1; which reports were not counted; and
 * names of which errors take no more values, NULL for all names.
 */
type StoredResults = [
  groups: [place: number, id: number, countBefore: number, created: boolean, reopened: boolean][] | null,
  repeated: [place: number, nth: number][] | null,
  full: [place: number, name: string | null][] | null,
];

type Row<Column extends string> = Record<Column, string | number | null>;

/** A statement, and the parameters of it that hold the reports. */
interface Recording {
  sql: string;
  arrays: readonly SqlValue[];
}

interface StoredBatch {
  batch: number;
  results: string | null;
}

/**
 * Writes reports to PostgreSQL, a batch with one statement.
 *
 * Every batch has a number. Its transaction writes the number, and what became of the groups, into the row of this
 * writer in `report_writers`, and does nothing unless the batch before stands there. When the connection is lost while
 * a batch is under way, the row tells whether it was stored, and it is written again with the same number: of the two,
 * one takes effect, even when the server is still at work on the first or another server has taken its place. A batch
 * that cannot be written again is refused only after its number has been passed over, so that it cannot be stored later;
 * when the server is out of reach for longer than its clients wait, nobody knows.
 */
export class PostgresReportWriter implements ReportWriter {
  private readonly id = randomUUID();
  private readonly fullTags = new FullTags();
  private lastBatch = 0;
  /** the batch in this writer's row, as far as it knows */
  private storedBatch = 0;

  constructor(private readonly connection: PostgresConnection) {}

  async record(groups: readonly ReportGroup[], keepEvents: boolean): Promise<RecordedGroup[]> {
    try {
      return await recordWithoutRepeated(groups, (counted) => this.recordCounted(counted, keepEvents));
    } finally {
      this.connection.block(null);
    }
  }

  /** @returns as `recordWithoutRepeated` needs it */
  private async recordCounted(
    groups: readonly CountedGroup[],
    keepEvents: boolean,
  ): Promise<RecordedGroup[]> {
    const recording = toRecording(groups, this.fullTags);
    const results = await this.recordOrFindOut(++this.lastBatch, keepEvents, recording);
    const recorded = toRecordedGroups(groups.length, results);
    this.noteFullTags(groups, recorded, results);
    return recorded;
  }

  private async recordOrFindOut(
    batch: number,
    keepEvents: boolean,
    recording: Recording,
  ): Promise<StoredResults> {
    const deadline = performance.now() + PATIENCE_MS;
    let isInDoubt = false;
    for (let attempt = 1; ; attempt++) {
      try {
        const results = await this.tryToRecord(batch, keepEvents, recording);
        if (results) return results;
      } catch (error) {
        isInDoubt ||= error instanceof ConnectionLostError;
        if (isInDoubt) await this.requireHope(error, deadline);
        else if (attempt === MOST_ATTEMPTS || !mayPass(error)) throw error;
      }
    }
  }

  /** @returns null when it was not stored, though the next attempt may be */
  private async tryToRecord(
    batch: number,
    keepEvents: boolean,
    recording: Recording,
  ): Promise<StoredResults | null> {
    const parameters = [this.id, this.storedBatch, batch, keepEvents ? 1 : 0, ...recording.arrays];
    const recorded = await this.connection.get<StoredBatch>(recording.sql, parameters);
    if (recorded) return this.settle(batch, recorded.results);
    // It is found by writing: when that is committed, a standby that commits wait for has the batch, too.
    const stored = await this.connection.get<StoredBatch>(
      `UPDATE report_writers SET seen_at = ${NOW} WHERE id = ? RETURNING batch, results`,
      [this.id],
    );
    if (stored?.batch === batch) return this.settle(batch, stored.results);
    // One that was given up has been stored after all, or a server that took over does not have the last ones.
    if (stored) this.storedBatch = stored.batch;
    else await this.introduce();
    return null;
  }

  /**
   * Returns when a batch whose outcome is unknown should be tried again.
   * @throws the error when there is no use in it: the batch cannot be stored any more, or its time is over
   */
  private async requireHope(error: unknown, deadline: number): Promise<void> {
    const patienceMs = deadline - performance.now();
    if (patienceMs <= 0) throw error;
    if (error instanceof ConnectionLostError || error instanceof NotConnectedError) {
      await this.connection.whenUp(patienceMs);
      return;
    }
    // A server that answers, but not this, may take as long as the batch has: whatever comes is refused meanwhile.
    this.connection.block(error as Error);
    if (!mayPass(error) && (await this.passOver())) throw error;
    await pause(ASK_AGAIN_MS);
  }

  /** Sees to it that a batch that is not stored never will be. @returns whether it is so */
  private async passOver(): Promise<boolean> {
    const next = ++this.lastBatch;
    try {
      const passed = await this.connection.run(
        'UPDATE report_writers SET batch = ?, results = NULL WHERE id = ? AND batch = ?',
        [next, this.id, this.storedBatch],
      );
      if (passed > 0) this.storedBatch = next;
      return passed > 0;
    } catch {
      return false;
    }
  }

  private noteFullTags(
    groups: readonly CountedGroup[],
    recorded: readonly RecordedGroup[],
    [, , full]: StoredResults,
  ): void {
    for (const [place, name] of full ?? []) {
      const { first } = groups[place - 1] as CountedGroup;
      this.fullTags.add(first, name, (recorded[place - 1] as RecordedGroup).id);
    }
  }

  private settle(batch: number, results: string | null): StoredResults {
    this.storedBatch = batch;
    return JSON.parse(results ?? '[null, null, null]') as StoredResults;
  }

  private async introduce(): Promise<void> {
    await this.connection.run(`DELETE FROM report_writers WHERE seen_at < ${NOW} - ${FORGOTTEN_AFTER}`);
    await this.connection.run(
      `INSERT INTO report_writers (id, batch, seen_at) VALUES (?, ?, ${NOW}) ON CONFLICT (id) DO NOTHING`,
      [this.id, this.storedBatch],
    );
  }
}

function toRecordedGroups(count: number, [stored, repeated]: StoredResults): RecordedGroup[] {
  const groups = Array.from({ length: count }, () => noneCounted([]));
  for (const [place, id, countBefore, created, reopened] of stored ?? []) {
    Object.assign(groups[place - 1] as RecordedGroup, { id, countBefore, created, reopened });
  }
  for (const [place, nth] of repeated ?? []) groups[place - 1]?.repeated.push(nth);
  return groups;
}

/** Whether a batch should be written again: an event that another replica stored meanwhile is known the next time. */
function mayPass(error: unknown): boolean {
  const { table } = error as { table?: unknown };
  return mayPassNextTime(error) || (codeOf(error) === UNIQUE_VIOLATION && table === 'event_ids');
}

function toRecording(groups: readonly CountedGroup[], full: FullTags): Recording {
  const occurrences = groups.flatMap((group, index) =>
    group.newest.map((report, place) =>
      toOccurrence(report, group.first, index + 1, group.newest.length - 1 - place),
    ),
  );
  const events = groups.flatMap((group, index) =>
    group.events.map(({ place, id }) => ({ place: index + 1, nth: place, event_id: id })),
  );
  const reports = [
    ...toColumns(GROUP_COLUMNS, groups.map(toRow)),
    ...toColumns(OCCURRENCE_COLUMNS, occurrences),
  ];
  if (events.length === 0) return { sql: RECORD_REPORTS, arrays: reports };
  const ofEvents = [
    ...toColumns(EVENT_COLUMNS, events),
    ...toColumns(
      TAG_COLUMNS,
      groups.flatMap((group, index) => toTagRows(group, index + 1, full)),
    ),
  ];
  return { sql: RECORD_EVENTS, arrays: [...reports, ...ofEvents] };
}

/** Values that stand in several lists come once. */
function toTagRows(
  { first, tags }: CountedGroup,
  place: number,
  full: FullTags,
): Row<keyof typeof TAG_COLUMNS>[] {
  const rows = new Map<string, Row<keyof typeof TAG_COLUMNS>>();
  for (const [name, value] of tags.flatMap(parseTags)) {
    rows.set(`${name}\n${value}`, { place, name, value, full_id: full.find(first, name) });
  }
  return [...rows.values()];
}

/** An array for each column. */
function toColumns<Column extends string>(
  columns: Readonly<Record<Column, ArrayType>>,
  rows: readonly Row<Column>[],
): SqlValue[] {
  return (Object.keys(columns) as Column[]).map((column) =>
    toBinaryArray(
      columns[column],
      rows.map((row) => row[column]),
    ),
  );
}

function toRow({ count, first, newest }: CountedGroup): Row<keyof typeof GROUP_COLUMNS> {
  const times = [first, ...newest].map(({ receivedAt }) => receivedAt.getTime());
  return {
    fingerprint: first.fingerprint,
    project: first.project,
    exception_type: first.exceptionType,
    message: first.message,
    traceback: first.traceback,
    n: count,
    first_seen: first.receivedAt.getTime(),
    // The clock may have been set back between two of them.
    last_seen: Math.max(...times),
    // Reports of one batch came within milliseconds: those around a full hour count together.
    hour: hourOf(newest.at(-1)?.receivedAt ?? first.receivedAt),
    source: first.source,
    file: first.file ?? '',
    line: first.line,
    level: first.details?.level ?? null,
    platform: first.details?.platform ?? null,
    search_text: searchText(first.exceptionType, first.message),
  };
}

function toOccurrence(
  report: Report,
  first: Report,
  place: number,
  newer: number,
): Row<keyof typeof OCCURRENCE_COLUMNS> {
  const { details } = report;
  return {
    place,
    newer,
    timestamp: report.receivedAt.getTime(),
    message: report.message === first.message ? null : report.message,
    traceback: report.traceback === first.traceback ? null : report.traceback,
    request_url: report.requestUrl,
    request_method: report.requestMethod,
    request_headers: report.requestHeaders,
    user_id: report.userId,
    extra: report.extra,
    event_id: details?.eventId ?? null,
    environment: details?.environment ?? null,
    release: details?.release ?? null,
    level: details?.level ?? null,
    platform: details?.platform ?? null,
    handled: toSqlBoolean(details?.handled ?? null),
    context: details?.context ?? null,
  };
}
