import { performance } from 'node:perf_hooks';
import { sqlTimeToIso, toSqlTime } from '../database/sql-time';
import type { SqlConnection } from '../database/sql-connection';
import { ErrorEventLog, type LoggedErrorEvent } from '../errors/error-event-log';
import type { DeliveryKind, DeliveryState, Recipient } from './delivery';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** What the planner goes by. */
export interface PlanRules {
  recipients: readonly Recipient[];
  /** after an alert about an error, how long further ones about it are muted */
  cooldownMinutes: number;
  /** alerts an hour and recipient; 0 means any number */
  hourlyCap: number;
  /** how long what is over the cap is gathered before a summary */
  summaryMinutes: number;
}

export interface Planned {
  /** how many events there were */
  taken: number;
  /** without waiting for locks and for the disk */
  tookMs: number;
}

interface Decision {
  state: DeliveryState;
  reason: string | null;
}

interface PlannedDelivery extends Decision {
  errorId: number | null;
  project: string | null;
  kind: DeliveryKind;
  dueAt: Date | null;
}

/** What a recipient was told, or is about to be. */
const TOLD = "kind IN ('created', 'reopened') AND state IN ('pending', 'sent')";

/**
 * Decides for every new and reopened error who is told at once, who later in a summary, and who not at all, and writes
 * each decision down. Runs in the writer thread.
 */
export class DeliveryPlanner {
  private readonly events: ErrorEventLog;

  constructor(private readonly connection: SqlConnection) {
    this.events = new ErrorEventLog(connection);
  }

  /**
   * Turns the oldest events into deliveries; to be called within a transaction.
   * @param most events
   */
  async plan(rules: PlanRules, most: number): Promise<Planned> {
    const startedAt = performance.now();
    const { taken, events } = await this.events.take(most);
    const now = await this.readClock();
    for (const recipient of rules.recipients) await this.planFor(recipient, events, rules, now);
    return { taken, tookMs: performance.now() - startedAt };
  }

  /** Adds a test alert to each recipient that does not wait for one, due now; to be called within a transaction. */
  async addTests(recipients: readonly Recipient[]): Promise<void> {
    const now = await this.readClock();
    const test = { errorId: null, project: null, kind: 'test' as const };
    for (const recipient of recipients) {
      if (await this.hasTest(recipient)) continue;
      await this.add(recipient, [{ ...test, state: 'pending', reason: null, dueAt: now }], now);
    }
  }

  /** What one replica has planned counts for the others at once, whatever their clocks say. */
  private async readClock(): Promise<Date> {
    const row = await this.connection.get<{ now: string }>(`SELECT ${this.connection.dialect.clock} AS now`);
    return row ? new Date(sqlTimeToIso(row.now)) : new Date();
  }

  private async planFor(
    recipient: Recipient,
    events: readonly LoggedErrorEvent[],
    rules: PlanRules,
    now: Date,
  ): Promise<void> {
    if (events.length === 0) return;
    let room = await this.findRoom(recipient, rules, now);
    const lastTold = await this.findLastTold(recipient, events, rules, now);
    const planned = events.map((event): PlannedDelivery => {
      const decision = findMute(event, lastTold, rules) ?? decideByCap(room, rules);
      if (decision.state !== 'pending') return { ...event, ...decision, dueAt: null };
      room -= 1;
      lastTold.set(event.errorId, toSqlTime(now));
      return { ...event, ...decision, dueAt: now };
    });
    await this.add(recipient, planned, now);
    if (planned.some(({ state }) => state === 'held')) await this.requireSummary(recipient, rules, now);
  }

  /** How many alerts the recipient may still get this hour. */
  private async findRoom(
    { channel, recipient }: Recipient,
    { hourlyCap }: PlanRules,
    now: Date,
  ): Promise<number> {
    if (hourlyCap === 0) return Infinity;
    const hourAgo = new Date(now.getTime() - HOUR_MS);
    const told = await this.connection.get<{ n: number }>(
      `SELECT count(*) AS n FROM deliveries ${this.connection.dialect.indexedBy('counted_deliveries')}
       WHERE channel = ? AND recipient = ? AND created_at BETWEEN ? AND ? AND ${TOLD}`,
      [channel, recipient, toSqlTime(hourAgo), toSqlTime(now)],
    );
    return hourlyCap - (told?.n ?? 0);
  }

  /** When the recipient was told last of errors that have come back, within the cooldown; as in the database. */
  private async findLastTold(
    { channel, recipient }: Recipient,
    events: readonly LoggedErrorEvent[],
    { cooldownMinutes }: PlanRules,
    now: Date,
  ): Promise<Map<number, string>> {
    const { indexedBy, isAmong } = this.connection.dialect;
    const start = new Date(now.getTime() - cooldownMinutes * MINUTE_MS);
    const reopened = events.filter(({ kind }) => kind === 'reopened').map(({ errorId }) => errorId);
    const told = await this.connection.all<{ errorId: number; at: string }>(
      `SELECT error_id AS "errorId", max(created_at) AS at FROM deliveries ${indexedBy('told_deliveries')}
       WHERE ${isAmong('error_id', 'number')} AND channel = ? AND recipient = ? AND created_at BETWEEN ? AND ?
         AND ${TOLD} GROUP BY error_id`,
      [reopened, channel, recipient, toSqlTime(start), toSqlTime(now)],
    );
    return new Map(told.map(({ errorId, at }) => [errorId, at]));
  }

  /** One summary at most waits to be filled, and an hour lies between two; one that is being sent takes no more. */
  private async requireSummary(recipient: Recipient, rules: PlanRules, now: Date): Promise<void> {
    const last = await this.findSummary(recipient);
    if (last?.takesMore) return;
    const soonest = now.getTime() + rules.summaryMinutes * MINUTE_MS;
    const hourAfterLast = last ? Date.parse(sqlTimeToIso(last.createdAt)) + HOUR_MS : 0;
    // A clock that was ahead must not put it off for longer.
    const dueAt = new Date(Math.min(Math.max(soonest, hourAfterLast), now.getTime() + HOUR_MS));
    const summary = { errorId: null, project: null, kind: 'summary' as const };
    await this.add(recipient, [{ ...summary, state: 'pending', reason: null, dueAt }], now);
  }

  private findSummary({
    channel,
    recipient,
  }: Recipient): Promise<{ createdAt: string; takesMore: unknown } | undefined> {
    return this.connection.get(
      `SELECT created_at AS "createdAt", state = 'pending' AND NOT EXISTS (
         SELECT 1 FROM deliveries AS held WHERE held.state = 'held' AND held.channel = summary.channel
           AND held.recipient = summary.recipient AND held.summary_id = summary.id
       ) AS "takesMore"
       FROM deliveries AS summary ${this.connection.dialect.indexedBy('summaries')}
       WHERE kind = 'summary' AND channel = ? AND recipient = ? AND state <> 'failed'
       ORDER BY id DESC LIMIT 1`,
      [channel, recipient],
    );
  }

  private async hasTest({ channel, recipient }: Recipient): Promise<boolean> {
    const test = await this.connection.get(
      `SELECT 1 FROM deliveries ${this.connection.dialect.indexedBy('due_deliveries')}
       WHERE state = 'pending' AND channel = ? AND recipient = ? AND kind = 'test'`,
      [channel, recipient],
    );
    return test !== undefined;
  }

  private add(
    { channel, recipient }: Recipient,
    deliveries: readonly PlannedDelivery[],
    now: Date,
  ): Promise<void> {
    const at = toSqlTime(now);
    return this.connection.runEach(
      `INSERT INTO deliveries (error_id, project, kind, channel, recipient, state, reason, created_at, due_at, settled_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      deliveries.map(({ errorId, project, kind, state, reason, dueAt }) => [
        errorId,
        project,
        kind,
        channel,
        recipient,
        state,
        reason,
        at,
        dueAt && toSqlTime(dueAt),
        state === 'muted' ? at : null,
      ]),
    );
  }
}

/** Nobody has been told of a new error yet. */
function findMute(
  { errorId, kind }: LoggedErrorEvent,
  lastTold: ReadonlyMap<number, string>,
  { cooldownMinutes }: PlanRules,
): Decision | null {
  const last = kind === 'created' ? undefined : lastTold.get(errorId);
  if (last === undefined) return null;
  const reason = `told of this error at ${sqlTimeToIso(last)}, less than ${cooldownMinutes} minutes ago`;
  return { state: 'muted', reason };
}

function decideByCap(room: number, { hourlyCap }: PlanRules): Decision {
  if (room > 0) return { state: 'pending', reason: null };
  return { state: 'held', reason: `over the hourly cap of ${hourlyCap}: told in the next summary` };
}
