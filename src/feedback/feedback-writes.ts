import type { SqlConnection } from '../database/sql-connection';
import { toSqlTime } from '../database/sql-time';
import type { ThreadWork } from '../database/thread-work';
import { ErrorsOfEvents } from '../errors/errors-of-events';
import { type Feedback, KEPT_FEEDBACK } from './feedback';

interface RecordRequest {
  kind: 'record';
  feedback: readonly Feedback[];
}

/** What the writer thread is asked to do for feedback. */
export type FeedbackWrite = RecordRequest | { kind: 'prune'; before: Date; most: number };

/** The answers. */
export interface FeedbackWriteResults {
  /** of each, whether it is new */
  record: boolean[];
  /** how much was deleted */
  prune: number;
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

class FeedbackWrites {
  private readonly errors: ErrorsOfEvents;

  constructor(private readonly connection: SqlConnection) {
    this.errors = new ErrorsOfEvents(connection);
  }

  /** @returns of each, whether it is new */
  async record(feedback: readonly Feedback[]): Promise<boolean[]> {
    const errorOf = await this.findErrors(feedback);
    const isNew: boolean[] = [];
    for (const one of feedback) isNew.push((await this.insert(one, errorOf.get(one) ?? null)) > 0);
    const stored = feedback.filter((_, index) => isNew[index]);
    await this.trim(
      new Set(stored.flatMap((one) => errorOf.get(one) ?? [])),
      new Set(stored.filter((one) => !errorOf.has(one)).map(({ project }) => project)),
    );
    return isNew;
  }

  /**
   * Deletes what belongs to no error and came before a time, at most so much.
   * @returns how much was deleted
   */
  prune(before: Date, most: number): Promise<number> {
    return this.connection.run(
      `DELETE FROM feedback WHERE id IN
         (SELECT id FROM feedback WHERE error_id IS NULL AND received_at < ? LIMIT ?)`,
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

  private insert(feedback: Feedback, errorId: number | null): Promise<number> {
    const { project, ownId, eventId, name, email, message, url, receivedAt } = feedback;
    return this.connection.run(
      `INSERT INTO feedback (project, own_id, event_id, error_id, name, email, message, url, received_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (own_id, project) DO NOTHING`,
      [project, ownId, eventId, errorId, name, email, message, url, toSqlTime(receivedAt)],
    );
  }

  private async trim(errorIds: ReadonlySet<number>, unattachedOf: ReadonlySet<string>): Promise<void> {
    for (const id of errorIds) await this.connection.run(TRIM_ERROR, [id, id]);
    for (const project of unattachedOf) await this.connection.run(TRIM_UNATTACHED, [project, project]);
  }
}

const TRIM_ERROR = trimSql('error_id = ?');
const TRIM_UNATTACHED = trimSql('project = ? AND error_id IS NULL');

function trimSql(which: string): string {
  return `DELETE FROM feedback WHERE ${which} AND id <=
    (SELECT id FROM feedback WHERE ${which} ORDER BY id DESC LIMIT 1 OFFSET ${KEPT_FEEDBACK})`;
}
