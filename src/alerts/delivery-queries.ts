import { sqlTimeToIso, toSqlTime } from '../database/sql-time';
import type { SqlConnection, SqlValue } from '../database/sql-connection';
import type { ErrorEventKind } from '../errors/error-event-log';
import type { ChannelName, DeliveryState } from './delivery';
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

/** How deliveries are doing. */
export interface DeliveryStanding {
  pending: number;
  held: number;
  lastSuccess: DeliveryAnswer | null;
  lastFailure: FailedAttempt | null;
}

const COLUMNS = `id, error_id, project, kind, channel, recipient, state, reason, attempts, created_at,
  due_at AS next_attempt_at, settled_at, response, duration_ms, bytes_received`;
const NEWEST_NAMED = 5;
const DAY_MS = 86_400_000;

/** Short reads of the deliveries, by index. Runs in the reader thread. */
export class DeliveryQueries {
  constructor(private readonly connection: SqlConnection) {}

  /** Newest first, and how many there are in all. */
  async list({ error, state }: DeliveryFilter, limit: number, offset: number): Promise<DeliveryPage> {
    const conditions = [
      ...(error === undefined ? [] : ['error_id = ?']),
      ...(state === undefined ? [] : ['state = ?']),
    ];
    const parameters = [error, state].filter((value) => value !== undefined);
    const where = conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '';
    const rows = await this.connection.all<DeliveryAnswer>(
      `SELECT ${COLUMNS} FROM deliveries ${where} ORDER BY id DESC LIMIT ? OFFSET ?`,
      [...parameters, limit, offset],
    );
    const total = await this.count(where, parameters);
    return { deliveries: rows.map(withIsoTimes), total };
  }

  /**
   * The one that has been due for longest of those that this replica may send: nobody is told two things at once. What
   * is for others than its recipients is left to the replicas that know these; after a day none does, or ever will.
   * @returns its id
   */
  async findDue(channel: ChannelName, recipients: readonly string[], now: Date): Promise<number | null> {
    const { clock, indexedBy, isAmong, isShared } = this.connection.dialect;
    const unknownSince = new Date(now.getTime() - (isShared ? DAY_MS : 0));
    const row = await this.connection.get<{ id: number }>(
      `SELECT id FROM deliveries ${indexedBy('due_deliveries')}
       WHERE state = 'pending' AND channel = ? AND due_at <= ${clock} AND claim IS NULL
         AND recipient NOT IN (
           SELECT recipient FROM deliveries ${indexedBy('claimed_deliveries')} WHERE claim IS NOT NULL AND channel = ?)
         AND (${isAmong('recipient', 'text')} OR due_at <= ?)
       ORDER BY due_at, id LIMIT 1`,
      [channel, channel, recipients, toSqlTime(unknownSince)],
    );
    return row?.id ?? null;
  }

  /** When the next one is due that is not due yet. */
  async findNextDueAt(channel: ChannelName, now: Date): Promise<Date | null> {
    const next = await this.connection.get<{ at: string | null }>(
      `SELECT min(due_at) AS at FROM deliveries ${this.connection.dialect.indexedBy('due_deliveries')}
       WHERE state = 'pending' AND channel = ? AND due_at > ?`,
      [channel, toSqlTime(now)],
    );
    return next?.at ? toDate(next.at) : null;
  }

  /** What a summary tells, by project and kind. */
  countHeld(summaryId: number): Promise<HeldErrors[]> {
    return this.connection.all(
      `SELECT project, kind, count(*) AS n
       FROM deliveries ${this.connection.dialect.indexedBy('deliveries_by_summary')}
       WHERE summary_id = ? GROUP BY project, kind`,
      [summaryId],
    );
  }

  /** Ids of the newest errors of a project that a summary tells. */
  async findNewestHeld(summaryId: number, project: string): Promise<number[]> {
    const newest = `SELECT error_id FROM deliveries ${this.connection.dialect.indexedBy('deliveries_by_summary')}
      WHERE summary_id = ? AND project = ? AND kind = ? ORDER BY error_id DESC LIMIT ${NEWEST_NAMED}`;
    const rows = await this.connection.all<{ error_id: number }>(
      `SELECT error_id FROM (
         SELECT error_id FROM (${newest}) AS created UNION SELECT error_id FROM (${newest}) AS reopened
       ) AS newest ORDER BY error_id DESC LIMIT ${NEWEST_NAMED}`,
      [summaryId, project, 'created', summaryId, project, 'reopened'],
    );
    return rows.map((row) => row.error_id);
  }

  async getStanding(): Promise<DeliveryStanding> {
    return {
      pending: await this.count("WHERE state = 'pending'"),
      held: await this.count("WHERE state = 'held'"),
      lastSuccess: await this.findLastSuccess(),
      lastFailure: await this.findLastFailure(),
    };
  }

  private async count(where: string, parameters: readonly SqlValue[] = []): Promise<number> {
    const row = await this.connection.get<{ n: number }>(
      `SELECT count(*) AS n FROM deliveries ${where}`,
      parameters,
    );
    return row?.n ?? 0;
  }

  private async findLastSuccess(): Promise<DeliveryAnswer | null> {
    const row = await this.connection.get<DeliveryAnswer>(
      `SELECT ${COLUMNS} FROM deliveries ${this.connection.dialect.indexedBy('sent_deliveries')}
       WHERE state = 'sent' ORDER BY settled_at DESC LIMIT 1`,
    );
    return row ? withIsoTimes(row) : null;
  }

  /** The last attempt that failed, whatever became of the delivery later. */
  private async findLastFailure(): Promise<FailedAttempt | null> {
    const row = await this.connection.get<FailedAttempt>(
      `SELECT ${COLUMNS}, failed_at FROM deliveries ${this.connection.dialect.indexedBy('failed_attempts')}
       WHERE failed_at IS NOT NULL ORDER BY failed_at DESC LIMIT 1`,
    );
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
