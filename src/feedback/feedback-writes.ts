import type { SqlConnection } from '../database/sql-connection';
import type { SqlDialect } from '../database/sql-dialect';
import { toSqlTime } from '../database/sql-time';
import type { ThreadWork } from '../database/thread-work';
import { ErrorsOfEvents } from '../errors/errors-of-events';
import { type Feedback, type FeedbackPlace, KEPT_FEEDBACK } from './feedback';

interface RecordRequest {
  kind: 'record';
  feedback: readonly Feedback[];
}

/** What the writer thread is asked to do for feedback. */
export type FeedbackWrite =
  | RecordRequest
  | { kind: 'attach'; after: FeedbackPlace; most: number }
  | { kind: 'prune'; before: Date; most: number };

/** The answers. */
export interface FeedbackWriteResults {
  /** of each, whether it is new */
  record: boolean[];
  attach: Attached;
  /** how much was deleted */
  prune: number;
}

/** What came of a look at feedback without an error. */
export interface Attached {
  /** whether some that was looked at still has none */
  isAnyLeft: boolean;
  /** where the next look goes on; null when there is no more */
  next: FeedbackPlace | null;
}

/** A larger transaction would make reports wait. */
const MOST_REQUESTS_TOGETHER = 50;

/** What the writer thread does for feedback. What queued up while others were committed becomes one transaction. */
export function prepareWrites(connection: SqlConnection): ThreadWork {
  const writes = new FeedbackWrites(connection);
  return {
    countTogether: (requests) => countRecordedTogether(requests as FeedbackWrite[]),
    answer: async (requests) => {
      const [request] = requests as [FeedbackWrite];
      if (request.kind === 'prune') return [await writes.prune(request.before, request.most)];
      if (request.kind === 'attach') return [await writes.attach(request.after, request.most)];
      const all = (requests as RecordRequest[]).map(({ feedback }) => feedback);
      const isNew = await connection.transaction(() => writes.record(all.flat()));
      return all.map(({ length }) => isNew.splice(0, length));
    },
  };
}

function countRecordedTogether(requests: readonly FeedbackWrite[]): number {
  const others = requests.findIndex(({ kind }) => kind !== 'record');
  return Math.min(others < 0 ? requests.length : Math.max(others, 1), MOST_REQUESTS_TOGETHER);
}

/**
 * Replicas write at the same time, and none may wait in a circle, with one another or with those that delete errors.
 * Locks are taken in this order: errors by fingerprint, as whoever deletes them does; new rows by own id and project;
 * rows to attach or to delete, for which nobody waits. Reports lock errors in a way that goes together with this one, and no feedback.
 */
class FeedbackWrites {
  private readonly errors: ErrorsOfEvents;

  constructor(private readonly connection: SqlConnection) {
    this.errors = new ErrorsOfEvents(connection);
  }

  /** @returns of each, whether it is new */
  async record(feedback: readonly Feedback[]): Promise<boolean[]> {
    const errorOf = await this.findErrors(feedback);
    const ids = await this.takeIds(feedback.length);
    const isNew = feedback.map(() => false);
    for (const index of inOrderOfLocks(feedback)) {
      const one = feedback[index] as Feedback;
      isNew[index] = (await this.insert(ids[index] ?? null, one, errorOf.get(one) ?? null)) > 0;
    }
    const stored = feedback.filter((_, index) => isNew[index]);
    await this.trim(
      new Set(stored.flatMap((one) => errorOf.get(one) ?? [])),
      new Set(stored.filter((one) => !errorOf.has(one)).map(({ project }) => project)),
    );
    return isNew;
  }

  /**
   * Looks whether the events are there now that feedback without an error is about: it may come before its event.
   * @param most is looked at, oldest first
   */
  async attach({ receivedAt, id }: FeedbackPlace, most: number): Promise<Attached> {
    const waiting = await this.connection.all<WaitingRow>(
      `SELECT id, project, event_id, received_at FROM feedback
       WHERE error_id IS NULL AND event_id IS NOT NULL AND (received_at, id) > (?, ?)
       ORDER BY received_at, id LIMIT ?`,
      [receivedAt, id, most],
    );
    // Mostly there is none, and reports wait for as little as that.
    const errorIds =
      waiting.length === 0 ? [] : await this.connection.transaction(() => this.attachToErrors(waiting));
    const last = waiting.length < most ? undefined : waiting.at(-1);
    return {
      isAnyLeft: errorIds.includes(null),
      next: last ? { receivedAt: last.received_at, id: last.id } : null,
    };
  }

  /** @returns for each the id of its error, null when that is not there */
  private async attachToErrors(waiting: readonly WaitingRow[]): Promise<(number | null)[]> {
    const errorIds = await this.errors.find(
      waiting.map(({ event_id: eventId, project }) => ({ eventId, project })),
    );
    const found = new Set(errorIds.filter((errorId) => errorId !== null));
    for (const errorId of found) {
      const ids = waiting.filter((_, index) => errorIds[index] === errorId).map((row) => row.id);
      await this.connection.run(attachSql(this.connection.dialect), [errorId, ids]);
    }
    await this.trim(found, new Set());
    return errorIds;
  }

  /**
   * Deletes what belongs to no error and came before a time, at most so much.
   * @returns how much was deleted
   */
  prune(before: Date, most: number): Promise<number> {
    return this.connection.run(
      `DELETE FROM feedback WHERE id IN
         (SELECT id FROM feedback WHERE error_id IS NULL AND received_at < ? LIMIT ?
          ${this.connection.dialect.skipLocked})`,
      [toSqlTime(before), most],
    );
  }

  /** Those that are about an error that is there. */
  private async findErrors(feedback: readonly Feedback[]): Promise<Map<Feedback, number>> {
    const named = feedback.flatMap((one) => (one.eventId === null ? [] : [{ one, eventId: one.eventId }]));
    const ids = await this.errors.find(named.map(({ one, eventId }) => ({ eventId, project: one.project })));
    return new Map(
      named.flatMap(({ one }, index): [Feedback, number][] => {
        const id = ids[index] ?? null;
        return id === null ? [] : [[one, id]];
      }),
    );
  }

  /** Later ids are higher, and lists go by them: where rows are inserted in another order, they bring them. */
  private async takeIds(count: number): Promise<number[]> {
    if (!this.connection.dialect.isShared) return [];
    const rows = await this.connection.all<{ id: number }>(
      "SELECT nextval('feedback_id_seq') AS id FROM generate_series(1, ?::integer)",
      [count],
    );
    return rows.map(({ id }) => id).sort((left, right) => left - right);
  }

  /** @param id null for the next */
  private insert(id: number | null, feedback: Feedback, errorId: number | null): Promise<number> {
    const { project, ownId, eventId, name, email, message, url, receivedAt } = feedback;
    return this.connection.run(
      `INSERT INTO feedback (id, project, own_id, event_id, error_id, name, email, message, url, received_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (own_id, project) DO NOTHING`,
      [id, project, ownId, eventId, errorId, name, email, message, url, toSqlTime(receivedAt)],
    );
  }

  private async trim(errorIds: ReadonlySet<number>, unattachedOf: ReadonlySet<string>): Promise<void> {
    const trim = (which: string, value: number | string) =>
      this.connection.run(trimSql(which, this.connection.dialect), [value, value]);
    for (const id of errorIds) await trim('error_id = ?', id);
    for (const project of unattachedOf) await trim('project = ? AND error_id IS NULL', project);
  }
}

interface WaitingRow {
  id: number;
  project: string;
  event_id: string;
  received_at: string;
}

/** Places by own id and project; of what was sent twice, the first comes first. */
function inOrderOfLocks(feedback: readonly Feedback[]): number[] {
  const keys = feedback.map(({ project, ownId }) => `${ownId} ${project}`);
  return [...keys.keys()].sort((left, right) => {
    const [one, other] = [keys[left] as string, keys[right] as string];
    return one < other ? -1 : one > other ? 1 : left - right;
  });
}

function attachSql({ isAmong, skipLocked }: SqlDialect): string {
  return `UPDATE feedback SET error_id = ? WHERE id IN (
    SELECT id FROM feedback WHERE ${isAmong('id', 'number')} AND error_id IS NULL ${skipLocked})`;
}

function trimSql(which: string, { skipLocked }: SqlDialect): string {
  return `DELETE FROM feedback WHERE id IN (
    SELECT id FROM feedback WHERE ${which} AND id <=
      (SELECT id FROM feedback WHERE ${which} ORDER BY id DESC LIMIT 1 OFFSET ${KEPT_FEEDBACK}) ${skipLocked})`;
}
