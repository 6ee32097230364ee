import type { Statement } from 'better-sqlite3';
import { sqlTimeToIso, toSqlTime } from '../database/sql-time';
import type { SqliteConnection } from '../database/sqlite-connection';
import type { ErrorEventKind } from '../errors/error-event-log';
import type { ChannelName, DeliveryState, DueDelivery } from './delivery';
import type { DeliveryAnswer, FailedAttempt } from './deliveries.answers';

export interface DeliveryFilter {
  error?: number;
  state?: DeliveryState;
}

export interface DeliveryPage {
  deliveries: DeliveryAnswer[];
  total: number;
}

/** Errors of one project that were held back. */
export interface HeldErrors {
  project: string;
  kind: ErrorEventKind;
  n: number;
}

interface DueRow extends Omit<DueDelivery, 'createdAt'> {
  createdAt: string;
}

const COLUMNS = `id, error_id, project, kind, channel, recipient, state, reason, attempts, created_at,
  due_at AS next_attempt_at, settled_at, response, duration_ms, bytes_received`;
const NEWEST_NAMED = 5;

/** Short reads of the deliveries, by index. Runs in the reader thread. */
export class DeliveryQueries {
  private readonly dueDelivery: Statement<[string, string, string], DueRow>;
  private readonly nextDueAt: Statement<[string, string], { at: string | null }>;

  constructor(private readonly connection: SqliteConnection) {
    this.dueDelivery = connection.prepare(
      `SELECT id, error_id AS errorId, kind, channel, recipient, attempts, created_at AS createdAt
       FROM deliveries INDEXED BY due_deliveries
       WHERE state = 'pending' AND channel = ? AND due_at <= ?
         AND recipient NOT IN (SELECT value FROM json_each(?))
       ORDER BY due_at, id LIMIT 1`,
    );
    this.nextDueAt = connection.prepare(
      `SELECT min(due_at) AS at FROM deliveries INDEXED BY due_deliveries
       WHERE state = 'pending' AND channel = ? AND due_at > ?`,
    );
  }

  /** Newest first, and how many there are in all. */
  list(filter: DeliveryFilter, limit: number, offset: number): DeliveryPage {
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

  /**
   * The one that has been due for longest.
   * @param busy recipients that are being told something else
   */
  findDue(channel: ChannelName, now: Date, busy: readonly string[]): DueDelivery | null {
    const row = this.dueDelivery.get(channel, toSqlTime(now), JSON.stringify(busy));
    return row ? { ...row, createdAt: toDate(row.createdAt) } : null;
  }

  /** When the next one is due that is not due yet. */
  findNextDueAt(channel: ChannelName, now: Date): Date | null {
    const at = this.nextDueAt.get(channel, toSqlTime(now))?.at;
    return at ? toDate(at) : null;
  }

  /** What a summary tells, by project and kind. */
  countHeld(summaryId: number): HeldErrors[] {
    return this.connection
      .prepare<[number], HeldErrors>(
        `SELECT project, kind, count(*) AS n FROM deliveries INDEXED BY deliveries_by_summary
         WHERE summary_id = ? GROUP BY project, kind`,
      )
      .all(summaryId);
  }

  /** Ids of the newest errors of a project that a summary tells. */
  findNewestHeld(summaryId: number, project: string): number[] {
    const newest = `SELECT error_id FROM deliveries INDEXED BY deliveries_by_summary
      WHERE summary_id = @summaryId AND project = @project AND kind = `;
    const limit = `ORDER BY error_id DESC LIMIT ${NEWEST_NAMED}`;
    return this.connection
      .prepare<unknown[], number>(
        `SELECT * FROM (SELECT * FROM (${newest} 'created' ${limit}) UNION SELECT * FROM (${newest} 'reopened' ${limit}))
         ORDER BY error_id DESC LIMIT ${NEWEST_NAMED}`,
      )
      .pluck()
      .all({ summaryId, project });
  }

  countPending(): number {
    return this.connection
      .prepare<[], number>("SELECT count(*) FROM deliveries WHERE state = 'pending'")
      .pluck()
      .get() as number;
  }

  countAllHeld(): number {
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
