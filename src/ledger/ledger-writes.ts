import type { SqlConnection } from '../database/sql-connection';
import { toSqlTime } from '../database/sql-time';
import type { ThreadWork } from '../database/thread-work';
import { knownProjectsSql } from '../projects/known-projects';
import { KEPT_OF_REASON, keepNotes } from './kept-notes';
import { beginOfLedger } from './ledger-age';
import type { GatheredNote } from './ledger-note';

/** What the writer thread is asked to do for the ledger. */
export interface LedgerWrite {
  notes: readonly GatheredNote[];
  now: Date;
}

/** `busy`: another replica is writing, and the request is to be made again in a moment. */
export type LedgerWritten = 'written' | 'busy';

/** Of the lock that a replica holds while it writes; the number means nothing, but is nobody else's. */
const LEDGER_LOCK = 5010_0022;

/** What the writer thread does for the ledger. */
export function prepareWrites(connection: SqlConnection): ThreadWork {
  const writes = new LedgerWrites(connection);
  return {
    answer: (requests) =>
      Promise.all(
        (requests as LedgerWrite[]).map((request) => connection.transaction(() => writes.write(request))),
      ),
  };
}

class LedgerWrites {
  constructor(private readonly connection: SqlConnection) {}

  /** One replica at a time: rows are deleted in no order, and two would wait for each other in a circle. */
  async write({ notes, now }: LedgerWrite): Promise<LedgerWritten> {
    if (!(await this.connection.tryLock(LEDGER_LOCK))) return 'busy';
    const groups = keepNotes(notes, await this.findProjects(notes));
    await this.connection.runEach(UPSERT, groups.flat().map(toRow));
    const trimmed = groups.flatMap(([first]) => (first ? [[first.projectId, first.reason]] : []));
    await this.connection.runEach(
      TRIM,
      trimmed.map((pair) => [...pair, ...pair]),
    );
    await this.connection.run('DELETE FROM ingest_ledger WHERE last_at < ?', [toSqlTime(beginOfLedger(now))]);
    return 'written';
  }

  private async findProjects(notes: readonly GatheredNote[]): Promise<Set<number>> {
    const ids = [...new Set(notes.map(({ projectId }) => projectId))];
    const rows = await this.connection.all<{ id: number }>(knownProjectsSql(this.connection.dialect), [ids]);
    return new Set(rows.map(({ id }) => id));
  }
}

const UPSERT = `INSERT INTO ingest_ledger (project_id, reason, told_apart_by, detail, client, n, first_at, last_at)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (project_id, reason, told_apart_by) DO UPDATE SET detail = excluded.detail, client = excluded.client,
    n = CASE WHEN ingest_ledger.n + excluded.n > ${Number.MAX_SAFE_INTEGER} THEN ${Number.MAX_SAFE_INTEGER}
      ELSE ingest_ledger.n + excluded.n END,
    last_at = CASE WHEN excluded.last_at > ingest_ledger.last_at THEN excluded.last_at ELSE ingest_ledger.last_at END`;

const TRIM = `DELETE FROM ingest_ledger WHERE project_id = ? AND reason = ? AND told_apart_by <> ''
  AND told_apart_by NOT IN (
  SELECT told_apart_by FROM ingest_ledger WHERE project_id = ? AND reason = ? AND told_apart_by <> ''
  ORDER BY last_at DESC, told_apart_by LIMIT ${KEPT_OF_REASON})`;

function toRow({ projectId, reason, toldApartBy, detail, client, n, firstAtMs, lastAtMs }: GatheredNote) {
  return [
    projectId,
    reason,
    toldApartBy,
    detail,
    client,
    n,
    toSqlTime(new Date(firstAtMs)),
    toSqlTime(new Date(lastAtMs)),
  ];
}
