import { createHash } from 'node:crypto';
import type { SqlConnection } from '../database/sql-connection';
import type { ThreadWork } from '../database/thread-work';
import { MOST_KEYS, SHOWN_REVOKED_KEYS, type StoredKey } from './ingest-key';

/** What the thread for quick reads is asked for projects. */
export type ProjectRead =
  | { kind: 'names' }
  | { kind: 'list'; name?: string; limit: number; offset: number }
  | { kind: 'one'; id: number }
  | { kind: 'key'; projectId: number; id: number }
  | { kind: 'keys-in-force'; known: string | null };

/** A project with its keys: those in force, then those that were revoked last. */
export interface StoredProject {
  id: number;
  name: string;
  /** JSON */
  allowed_origins: string;
  keys: StoredKey[];
}

/** A key that may be used, as far as a report asks for it. */
interface KeyInForce {
  id: number;
  key: string;
  rate_limit_per_minute: number;
  project_id: number;
  project: string;
  /** JSON */
  allowed_origins: string;
}

export interface KeysInForce {
  /** changes with what follows */
  state: string;
  keys: KeyInForce[];
  /** of all projects */
  projectIds: number[];
}

/** The answers. */
export interface ProjectReadResults {
  names: string[];
  list: { projects: StoredProject[]; total: number };
  one: StoredProject | null;
  key: StoredKey | null;
  /** null when they are those of the `state` that is known already */
  'keys-in-force': KeysInForce | null;
}

/** What the thread for quick reads does for projects. */
export function prepareReads(connection: SqlConnection): ThreadWork {
  const reads = new ProjectReads(connection);
  return {
    answer: (requests) => Promise.all((requests as ProjectRead[]).map((request) => reads.read(request))),
  };
}

class ProjectReads {
  constructor(private readonly connection: SqlConnection) {}

  read(request: ProjectRead): Promise<ProjectReadResults[ProjectRead['kind']]> {
    switch (request.kind) {
      case 'names':
        return this.listNames();
      case 'list':
        return this.connection.transaction(() => this.list(request));
      case 'one':
        return this.connection.transaction(() => this.findOne(request.id));
      case 'key':
        return this.findKey(request.projectId, request.id);
      case 'keys-in-force':
        return this.listKeysInForce(request.known);
    }
  }

  private async listNames(): Promise<string[]> {
    const { isTrue } = this.connection.dialect;
    const rows = await this.connection.all<{ name: string }>(
      `SELECT name FROM projects WHERE ${isTrue('has_reported')} ORDER BY name`,
    );
    return rows.map(({ name }) => name);
  }

  private async list({
    name,
    limit,
    offset,
  }: Extract<ProjectRead, { kind: 'list' }>): Promise<ProjectReadResults['list']> {
    const [where, parameters] = name === undefined ? ['', []] : ['WHERE name = ?', [name]];
    const counted = await this.connection.get<{ n: number }>(
      `SELECT count(*) AS n FROM projects ${where}`,
      parameters,
    );
    const rows = await this.connection.all<Omit<StoredProject, 'keys'>>(
      `SELECT id, name, allowed_origins FROM projects ${where} ORDER BY lower(name), name LIMIT ? OFFSET ?`,
      [...parameters, limit, offset],
    );
    const { isAmong } = this.connection.dialect;
    const keys = await this.connection.all<StoredKey>(
      `SELECT ${KEY_COLUMNS} FROM ingest_keys
       WHERE ${isAmong('project_id', 'number')} AND revoked_at IS NULL ORDER BY id`,
      [rows.map(({ id }) => id)],
    );
    const keysOf = new Map<number, StoredKey[]>(rows.map(({ id }) => [id, []]));
    for (const key of keys) keysOf.get(key.project_id)?.push(key);
    return {
      projects: rows.map((row) => ({ ...row, keys: keysOf.get(row.id) ?? [] })),
      total: counted?.n ?? 0,
    };
  }

  private async findOne(id: number): Promise<StoredProject | null> {
    const row = await this.connection.get<Omit<StoredProject, 'keys'>>(
      'SELECT id, name, allowed_origins FROM projects WHERE id = ?',
      [id],
    );
    if (!row) return null;
    const inForce = await this.connection.all<StoredKey>(
      `SELECT ${KEY_COLUMNS} FROM ingest_keys WHERE project_id = ? AND revoked_at IS NULL ORDER BY id`,
      [id],
    );
    const revoked = await this.connection.all<StoredKey>(
      `SELECT ${KEY_COLUMNS} FROM ingest_keys WHERE project_id = ? AND revoked_at IS NOT NULL
       ORDER BY revoked_at DESC, id DESC LIMIT ${SHOWN_REVOKED_KEYS}`,
      [id],
    );
    return { ...row, keys: [...inForce, ...revoked] };
  }

  private async findKey(projectId: number, id: number): Promise<StoredKey | null> {
    const key = await this.connection.get<StoredKey>(
      `SELECT ${KEY_COLUMNS} FROM ingest_keys WHERE id = ? AND project_id = ?`,
      [id, projectId],
    );
    return key ?? null;
  }

  private async listKeysInForce(known: string | null): Promise<ProjectReadResults['keys-in-force']> {
    const keys = await this.connection.all<KeyInForce>(
      `SELECT ingest_keys.id, ingest_keys.key, ingest_keys.rate_limit_per_minute, ingest_keys.project_id,
         projects.name AS project, projects.allowed_origins
       FROM ingest_keys JOIN projects ON projects.id = ingest_keys.project_id
       WHERE ingest_keys.revoked_at IS NULL ORDER BY ingest_keys.id LIMIT ${MOST_KEYS}`,
    );
    const projects = await this.connection.all<{ id: number }>('SELECT id FROM projects ORDER BY id');
    const projectIds = projects.map(({ id }) => id);
    const state = createHash('sha256')
      .update(JSON.stringify([keys, projectIds]))
      .digest('base64');
    return state === known ? null : { state, keys, projectIds };
  }
}

const KEY_COLUMNS = `id, key, project_id, name, rate_limit_per_minute, created_at, revoked_at, last_used_at`;
