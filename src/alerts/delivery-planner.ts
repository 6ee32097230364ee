import type { Statement, Transaction } from 'better-sqlite3';
import { performance } from 'node:perf_hooks';
import { sqlTimeToIso, toSqlTime } from '../database/sql-time';
import type { SqliteConnection } from '../database/sqlite-connection';
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

interface PlannedEvent {
  errorId: number | null;
  project: string | null;
  kind: DeliveryKind;
}

interface Decision {
  state: DeliveryState;
  reason: string | null;
}

/**
 * Decides for every new and reopened error who is told at once, who later in a summary, and who not at all, and writes
 * each decision down. Runs in the writer thread.
 */
export class DeliveryPlanner {
  private readonly events: ErrorEventLog;
  private readonly findLastTold: Statement<[number, string, string, string, string], { at: string | null }>;
  private readonly countTold: Statement<[string, string, string, string], { n: number }>;
  private readonly insert: Statement;
  private readonly findSummary: Statement<[string, string], { createdAt: string; takesMore: 0 | 1 }>;
  private readonly hasTest: Statement<[string, string]>;
  private readonly planBatch: Transaction<(rules: PlanRules, now: Date, most: number) => Planned>;

  constructor(connection: SqliteConnection) {
    this.events = new ErrorEventLog(connection);
    const told = "kind IN ('created', 'reopened') AND state IN ('pending', 'sent')";
    this.findLastTold = connection.prepare(
      `SELECT max(created_at) AS at FROM deliveries INDEXED BY told_deliveries
       WHERE error_id = ? AND channel = ? AND recipient = ? AND created_at BETWEEN ? AND ? AND ${told}`,
    );
    this.countTold = connection.prepare(
      `SELECT count(*) AS n FROM deliveries INDEXED BY counted_deliveries
       WHERE channel = ? AND recipient = ? AND created_at BETWEEN ? AND ? AND ${told}`,
    );
    this.insert = connection.prepare(
      `INSERT INTO deliveries (error_id, project, kind, channel, recipient, state, reason, created_at, due_at, settled_at)
       VALUES (@errorId, @project, @kind, @channel, @recipient, @state, @reason, @now, @dueAt, @settledAt)`,
    );
    this.findSummary = connection.prepare(
      `SELECT created_at AS createdAt, state = 'pending' AND NOT EXISTS (
         SELECT 1 FROM deliveries AS held WHERE held.state = 'held' AND held.channel = summary.channel
           AND held.recipient = summary.recipient AND held.summary_id = summary.id
       ) AS takesMore
       FROM deliveries AS summary INDEXED BY summaries
       WHERE kind = 'summary' AND channel = ? AND recipient = ? AND state <> 'failed'
       ORDER BY id DESC LIMIT 1`,
    );
    this.hasTest = connection.prepare(
      `SELECT 1 FROM deliveries INDEXED BY due_deliveries
       WHERE state = 'pending' AND channel = ? AND recipient = ? AND kind = 'test'`,
    );
    this.planBatch = connection.transaction((rules, now, most) => {
      const startedAt = performance.now();
      const { taken, events } = this.events.take(most);
      for (const recipient of rules.recipients) this.planFor(recipient, events, rules, now);
      return { taken, tookMs: performance.now() - startedAt };
    });
  }

  /**
   * Turns the oldest events into deliveries, in one transaction.
   * @param most events
   */
  plan(rules: PlanRules, now: Date, most: number): Planned {
    return this.planBatch.immediate(rules, now, most);
  }

  /** Adds a test alert to each recipient that does not wait for one, due now. */
  addTests(recipients: readonly Recipient[], now: Date): void {
    const event = { errorId: null, project: null, kind: 'test' as const };
    for (const recipient of recipients) {
      if (this.hasTest.get(recipient.channel, recipient.recipient)) continue;
      this.add(event, recipient, { state: 'pending', reason: null }, now, now);
    }
  }

  private planFor(
    recipient: Recipient,
    events: readonly LoggedErrorEvent[],
    rules: PlanRules,
    now: Date,
  ): void {
    let room = this.findRoom(recipient, rules, now);
    let held = 0;
    for (const event of events) {
      const decision = this.findMute(event, recipient, rules, now) ?? decideByCap(room, rules);
      if (decision.state === 'pending') room -= 1;
      if (decision.state === 'held') held += 1;
      this.add(event, recipient, decision, now, decision.state === 'pending' ? now : null);
    }
    if (held > 0) this.requireSummary(recipient, rules, now);
  }

  /** How many alerts the recipient may still get this hour. */
  private findRoom({ channel, recipient }: Recipient, { hourlyCap }: PlanRules, now: Date): number {
    if (hourlyCap === 0) return Infinity;
    const hourAgo = toSqlTime(new Date(now.getTime() - HOUR_MS));
    return hourlyCap - (this.countTold.get(channel, recipient, hourAgo, toSqlTime(now))?.n ?? 0);
  }

  /** Nobody has been told of a new error yet. */
  private findMute(
    { errorId, kind }: LoggedErrorEvent,
    { channel, recipient }: Recipient,
    { cooldownMinutes }: PlanRules,
    now: Date,
  ): Decision | null {
    if (kind === 'created') return null;
    const start = toSqlTime(new Date(now.getTime() - cooldownMinutes * MINUTE_MS));
    const last = this.findLastTold.get(errorId, channel, recipient, start, toSqlTime(now))?.at;
    if (!last) return null;
    const reason = `told of this error at ${sqlTimeToIso(last)}, less than ${cooldownMinutes} minutes ago`;
    return { state: 'muted', reason };
  }

  /** One summary at most waits to be filled, and an hour lies between two; one that is being sent takes no more. */
  private requireSummary({ channel, recipient }: Recipient, rules: PlanRules, now: Date): void {
    const last = this.findSummary.get(channel, recipient);
    if (last?.takesMore) return;
    const soonest = now.getTime() + rules.summaryMinutes * MINUTE_MS;
    const hourAfterLast = last ? Date.parse(sqlTimeToIso(last.createdAt)) + HOUR_MS : 0;
    // A clock that was ahead must not put it off for longer.
    const dueAt = new Date(Math.min(Math.max(soonest, hourAfterLast), now.getTime() + HOUR_MS));
    this.add(
      { errorId: null, project: null, kind: 'summary' },
      { channel, recipient },
      { state: 'pending', reason: null },
      now,
      dueAt,
    );
  }

  private add(
    event: PlannedEvent,
    recipient: Recipient,
    { state, reason }: Decision,
    now: Date,
    dueAt: Date | null,
  ): void {
    this.insert.run({
      ...event,
      ...recipient,
      state,
      reason,
      now: toSqlTime(now),
      dueAt: dueAt && toSqlTime(dueAt),
      settledAt: state === 'muted' ? toSqlTime(now) : null,
    });
  }
}

function decideByCap(room: number, { hourlyCap }: PlanRules): Decision {
  if (room > 0) return { state: 'pending', reason: null };
  return { state: 'held', reason: `over the hourly cap of ${hourlyCap}: told in the next summary` };
}
