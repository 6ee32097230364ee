import type { SqlConnection } from '../database/sql-connection';
import { toSqlTime } from '../database/sql-time';
import type { ThreadWork } from '../database/thread-work';
import { knownProjectsSql } from '../projects/known-projects';
import { beginOfLedger } from './ledger-age';
import type { LedgerReason } from './ledger-reasons';

/** What the thread for quick reads is asked for the ledger. */
export interface LedgerRead {
  /** only of this project; 0 is what belongs to none, null is everything */
  projectId: number | null;
  limit: number;
  now: Date;
}

/** A row of the ledger; times as `toSqlTime` writes them. */
export interface StoredEntry {
  /** 0 when it belongs to none */
  project_id: number;
  /** its name */
  project: string | null;
  reason: LedgerReason;
  /** empty when there is none, as the client */
  detail: string;
  client: string;
  n: number;
  first_at: string;
  last_at: string;
}

/** The answer; null when there is no such project. */
export type LedgerReadResult = StoredEntry[] | null;

/** What the thread for quick reads does for the ledger. */
export function prepareReads(connection: SqlConnection): ThreadWork {
  const reads = new LedgerReads(connection);
  return {
    answer: (requests) =>
      Promise.all(
        (requests as LedgerRead[]).map((request) => connection.transaction(() => reads.list(request))),
      ),
  };
}

class LedgerReads {
  constructor(private readonly connection: SqlConnection) {}

  /** Newest first. */
  async list({ projectId, limit, now }: LedgerRead): Promise<LedgerReadResult> {
    if (projectId && (await this.findNames([projectId])).size === 0) return null;
    const [where, parameters] = projectId === null ? ['', []] : ['AND project_id = ?', [projectId]];
    const rows = await this.connection.all<Omit<StoredEntry, 'project'>>(
      `SELECT project_id, reason, detail, client, n, first_at, last_at FROM ingest_ledger
       WHERE last_at >= ? ${where} ORDER BY last_at DESC, project_id, reason, told_apart_by LIMIT ?`,
      [toSqlTime(beginOfLedger(now)), ...parameters, limit],
    );
    const names = await this.findNames(rows.map((row) => row.project_id));
    return rows.map((row) => ({ ...row, project: names.get(row.project_id) ?? null }));
  }

  private async findNames(ids: readonly number[]): Promise<Map<number, string>> {
    const rows = await this.connection.all<{ id: number; name: string }>(
      knownProjectsSql(this.connection.dialect),
      [ids],
    );
    return new Map(rows.map(({ id, name }) => [id, name]));
  }
}
