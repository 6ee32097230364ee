import { Injectable } from '@nestjs/common';
import { sqlTimeToIso, toSqlTime } from '../database/sql-time';
import { SqliteConnection } from '../database/sqlite-connection';
import type { ErrorEventKind } from '../errors/error-event-log';
import type { ChannelName, DeliveryState, DueDelivery } from './delivery';
import type { DeliveryAnswer, FailedAttempt } from './deliveries.answers';

export interface DeliveryFilter {
  error?: number;
  state?: DeliveryState;
}

/** Errors of one project that were held back. */
export interface HeldErrors {
  project: string;
  kind: ErrorEventKind;
  n: number;
  /** ids of the newest, at most five */
  newest: number[];
}

interface DueRow extends Omit<DueDelivery, 'createdAt'> {
  createdAt: string;
}

const COLUMNS = `id, error_id, project, kind, channel, recipient, state, reason, attempts, created_at,
  due_at AS next_attempt_at, settled_at, response, duration_ms, bytes_received`;
const NEWEST_NAMED = 5;

/** Short reads of the deliveries, by index. */
@Injectable()
export class DeliveryQueries {
  constructor(private readonly connection: SqliteConnection) {}

  /** Newest first, and how many there are in all. */
  list(
    filter: DeliveryFilter,
    limit: number,
    offset: number,
  ): { deliveries: DeliveryAnswer[]; total: number } {
    const conditions = [
      ...(filter.error === undefined ? [] : ['error_id = @error']),
      ...(filter.state === undefined ? [] : ['state = @state']),
    ];
    const where = conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '';
    const rows = this.connection
      .prepare<unknown[], DeliveryAnswer>(
        `SELECT ${COLUMNS} FROM deliveries ${where} ORDER BY id DESC LIMIT @limit OFFSET @offset`,
      )
      .all({ ...filter, limit, offset });
    const total = this.connection
      .prepare<unknown[], number>(`SELECT count(*) FROM deliveries ${where}`)
      .pluck()
      .get({ ...filter }) as number;
    return { deliveries: rows.map(withIsoTimes), total };
  }

  /** Whose time has come, longest due first. */
  findDue(channel: ChannelName, now: Date, limit: number): DueDelivery[] {
    return this.connection
      .prepare<[string, string, number], DueRow>(
        `SELECT id, error_id AS errorId, kind, channel, recipient, attempts, created_at AS createdAt
         FROM deliveries INDEXED BY due_deliveries
         WHERE state = 'pending' AND due_at <= ? AND channel = ? ORDER BY due_at, id LIMIT ?`,
      )
      .all(toSqlTime(now), channel, limit)
      .map((row) => ({ ...row, createdAt: toDate(row.createdAt) }));
  }

  /** When the next one is due that is not due yet. */
  findNextDueAt(now: Date): Date | null {
    const at = this.connection
      .prepare<[string], string | null>(
        "SELECT min(due_at) FROM deliveries INDEXED BY due_deliveries WHERE state = 'pending' AND due_at > ?",
      )
      .pluck()
      .get(toSqlTime(now));
    return at ? toDate(at) : null;
  }

  /** What a summary tells, and since when it was held back. */
  findHeld(summaryId: number): { since: Date | null; errors: HeldErrors[] } {
    const rows = this.connection
      .prepare<[number], { project: string; kind: ErrorEventKind; n: number; since: string; newest: string }>(
        `SELECT project, kind, max(n) AS n, min(since) AS since, group_concat(error_id) AS newest FROM (
           SELECT project, kind, error_id, id,
             count(*) OVER same AS n, min(created_at) OVER same AS since,
             row_number() OVER (PARTITION BY project, kind ORDER BY id DESC) AS age
           FROM deliveries WHERE state = 'held' AND summary_id = ?
           WINDOW same AS (PARTITION BY project, kind)
         ) WHERE age <= ${NEWEST_NAMED} GROUP BY project, kind`,
      )
      .all(summaryId);
    const since = rows.map((row) => row.since).sort()[0];
    return {
      since: since ? toDate(since) : null,
      errors: rows.map(({ project, kind, n, newest }) => ({
        project,
        kind,
        n,
        newest: newest.split(',').map(Number),
      })),
    };
  }

  countPending(): number {
    return this.connection
      .prepare<[], number>("SELECT count(*) FROM deliveries WHERE state = 'pending'")
      .pluck()
      .get() as number;
  }

  countHeld(): number {
    return this.connection
      .prepare<[], number>("SELECT count(*) FROM deliveries WHERE state = 'held'")
      .pluck()
      .get() as number;
  }

  findLastSuccess(): DeliveryAnswer | null {
    const row = this.connection
      .prepare<[], DeliveryAnswer>(
        `SELECT ${COLUMNS} FROM deliveries INDEXED BY sent_deliveries
         WHERE state = 'sent' ORDER BY settled_at DESC LIMIT 1`,
      )
      .get();
    return row ? withIsoTimes(row) : null;
  }

  /** The last attempt that failed, whatever became of the delivery later. */
  findLastFailure(): FailedAttempt | null {
    const row = this.connection
      .prepare<[], FailedAttempt>(
        `SELECT ${COLUMNS}, failed_at FROM deliveries INDEXED BY failed_attempts
         WHERE failed_at IS NOT NULL ORDER BY failed_at DESC LIMIT 1`,
      )
      .get();
    return row ? withIsoTimes(row) : null;
  }
}

function withIsoTimes<Row extends DeliveryAnswer & { failed_at?: string }>(row: Row): Row {
  const toIso = (time: string | null) => time && sqlTimeToIso(time);
  return {
    ...row,
    created_at: sqlTimeToIso(row.created_at),
    next_attempt_at: toIso(row.next_attempt_at),
    settled_at: toIso(row.settled_at),
    ...(row.failed_at === undefined ? {} : { failed_at: sqlTimeToIso(row.failed_at) }),
  };
}

function toDate(sqlTime: string): Date {
  return new Date(sqlTimeToIso(sqlTime));
}
