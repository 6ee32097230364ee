import type { SqlConnection } from '../database/sql-connection';
import { toSqlTime } from '../database/sql-time';
import type { ThreadWork } from '../database/thread-work';
import { MOST_KEYS, MOST_KEYS_OF_PROJECT } from './ingest-key';

/** A key of the settings, and the name of its project. */
export interface SeededKey {
  project: string;
  key: string;
}

/** What the writer thread is asked to do for projects. */
export type ProjectWrite =
  | { kind: 'create-project'; name: string; allowedOrigins: string }
  | { kind: 'set-origins'; id: number; allowedOrigins: string }
  | { kind: 'create-key'; projectId: number; key: string; name: string; ratePerMinute: number; now: Date }
  | {
      kind: 'change-key';
      projectId: number;
      id: number;
      name: string | null;
      ratePerMinute: number | null;
    }
  | { kind: 'revoke-key'; projectId: number; id: number; now: Date }
  | { kind: 'revoke'; key: string; now: Date }
  | { kind: 'seed-keys'; keys: readonly SeededKey[]; now: Date }
  | { kind: 'note-use'; ids: readonly number[]; now: Date; before: Date };

/** The answers. */
export interface ProjectWriteResults {
  'create-project': { id: number; created: boolean };
  /** whether there is such a project, or key of the project */
  'set-origins': boolean;
  'create-key': { id: number } | { refused: 'no-project' | 'project-full' | 'full' };
  'change-key': boolean;
  'revoke-key': boolean;
  /** its project, and whether it was in force until now; null when there is no such key */
  revoke: { project: string; wasInForce: boolean } | null;
  /** those that are in force now for another project, or were revoked */
  'seed-keys': { created: number; taken: string[]; revoked: string[] };
  'note-use': undefined;
}

type Result = ProjectWriteResults[ProjectWrite['kind']];

/** What the writer thread does for projects. */
export function prepareWrites(connection: SqlConnection): ThreadWork {
  const writes = new ProjectWrites(connection);
  return {
    answer: (requests) =>
      Promise.all(
        (requests as ProjectWrite[]).map((request) => connection.transaction(() => writes.write(request))),
      ),
  };
}

class ProjectWrites {
  constructor(private readonly connection: SqlConnection) {}

  async write(request: ProjectWrite): Promise<Result> {
    switch (request.kind) {
      case 'create-project':
        return this.createProject(request.name, request.allowedOrigins);
      case 'set-origins':
        return this.changes('UPDATE projects SET allowed_origins = ? WHERE id = ?', [
          request.allowedOrigins,
          request.id,
        ]);
      case 'create-key':
        return this.createKey(request);
      case 'change-key':
        return this.changes(
          `UPDATE ingest_keys SET name = coalesce(?, name), rate_limit_per_minute = coalesce(?, rate_limit_per_minute)
           WHERE id = ? AND project_id = ?`,
          [request.name, request.ratePerMinute, request.id, request.projectId],
        );
      case 'revoke-key':
        return this.changes(
          'UPDATE ingest_keys SET revoked_at = coalesce(revoked_at, ?) WHERE id = ? AND project_id = ?',
          [toSqlTime(request.now), request.id, request.projectId],
        );
      case 'revoke':
        return this.revoke(request.key, request.now);
      case 'seed-keys':
        return this.seed(request.keys, request.now);
      case 'note-use':
        await this.noteUse(request.ids, request.now, request.before);
        return undefined;
    }
  }

  private async createProject(
    name: string,
    allowedOrigins: string,
  ): Promise<ProjectWriteResults['create-project']> {
    const known = await this.findProject(name);
    // A name that conflicts would use up an id; of several replicas, another may have been faster.
    const created = known
      ? undefined
      : await this.connection.get<{ id: number }>(
          `INSERT INTO projects (name, allowed_origins, has_reported) VALUES (?, ?, FALSE)
           ON CONFLICT (name) DO NOTHING RETURNING id`,
          [name, allowedOrigins],
        );
    if (created) return { id: created.id, created: true };
    return { id: (known ?? (await this.findProject(name)))?.id ?? 0, created: false };
  }

  private findProject(name: string): Promise<{ id: number } | undefined> {
    return this.connection.get('SELECT id FROM projects WHERE name = ?', [name]);
  }

  private async createKey(
    request: Extract<ProjectWrite, { kind: 'create-key' }>,
  ): Promise<ProjectWriteResults['create-key']> {
    const { projectId, key, name, ratePerMinute, now } = request;
    // Two that are made at the same time count one another.
    const project = await this.connection.get(
      `SELECT id FROM projects WHERE id = ? ${this.connection.dialect.forUpdate}`,
      [projectId],
    );
    if (!project) return { refused: 'no-project' };
    const counted = await this.connection.get<{ all_keys: number; of_project: number }>(
      `SELECT count(*) AS all_keys, coalesce(sum(CASE WHEN project_id = ? THEN 1 ELSE 0 END), 0) AS of_project
       FROM ingest_keys WHERE revoked_at IS NULL`,
      [projectId],
    );
    if ((counted?.of_project ?? 0) >= MOST_KEYS_OF_PROJECT) return { refused: 'project-full' };
    if ((counted?.all_keys ?? 0) >= MOST_KEYS) return { refused: 'full' };
    const created = await this.connection.get<{ id: number }>(
      `INSERT INTO ingest_keys (key, project_id, name, rate_limit_per_minute, created_at) VALUES (?, ?, ?, ?, ?)
       RETURNING id`,
      [key, projectId, name, ratePerMinute, toSqlTime(now)],
    );
    return { id: created?.id ?? 0 };
  }

  private async revoke(key: string, now: Date): Promise<ProjectWriteResults['revoke']> {
    const wasInForce = await this.changes(
      'UPDATE ingest_keys SET revoked_at = ? WHERE key = ? AND revoked_at IS NULL',
      [toSqlTime(now), key],
    );
    const row = await this.connection.get<{ name: string }>(
      `SELECT projects.name FROM ingest_keys JOIN projects ON projects.id = ingest_keys.project_id
       WHERE ingest_keys.key = ?`,
      [key],
    );
    return row ? { project: row.name, wasInForce } : null;
  }

  /** Replicas that start together do the same at the same time, in the same order. */
  private async seed(keys: readonly SeededKey[], now: Date): Promise<ProjectWriteResults['seed-keys']> {
    const result: ProjectWriteResults['seed-keys'] = { created: 0, taken: [], revoked: [] };
    const inOrder = [...keys].sort((left, right) =>
      left.project + left.key < right.project + right.key ? -1 : 1,
    );
    for (const { project, key } of inOrder) {
      const { id } = await this.createProject(project, '[]');
      result.created += await this.connection.run(
        `INSERT INTO ingest_keys (key, project_id, name, created_at) VALUES (?, ?, 'INGEST_KEYS', ?)
         ON CONFLICT (key) DO NOTHING`,
        [key, id, toSqlTime(now)],
      );
      const stored = await this.connection.get<{ project_id: number; revoked_at: string | null }>(
        'SELECT project_id, revoked_at FROM ingest_keys WHERE key = ?',
        [key],
      );
      if (stored?.project_id !== id) result.taken.push(project);
      else if (stored.revoked_at !== null) result.revoked.push(project);
    }
    return result;
  }

  /** Each replica does so once a minute; of several, the first does it for all. */
  private async noteUse(ids: readonly number[], now: Date, before: Date): Promise<void> {
    const { isAmong } = this.connection.dialect;
    await this.connection.run(
      `UPDATE ingest_keys SET last_used_at = ?
       WHERE ${isAmong('id', 'number')} AND (last_used_at IS NULL OR last_used_at < ?)`,
      [toSqlTime(now), ids, toSqlTime(before)],
    );
  }

  private async changes(sql: string, parameters: readonly (string | number | null)[]): Promise<boolean> {
    return (await this.connection.run(sql, parameters)) > 0;
  }
}
