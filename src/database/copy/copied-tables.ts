import {
  bigint,
  boolean,
  type ColumnKind,
  fingerprint,
  integer,
  text,
  timestamp,
  varchar,
} from './copied-row';

/** A table as both databases have it. */
export interface CopiedTable {
  readonly name: string;
  readonly columns: Readonly<Record<string, ColumnKind>>;
  /** SQL that reads it from SQLite, for each column in their order; the columns themselves unless given */
  readonly select?: string;
  /** what of that makes one row */
  readonly groupBy?: string;
  /** Rows whose error does not exist are left out: whoever did not ask SQLite for foreign keys may have made such. */
  readonly belongsToErrors?: boolean;
  /** the same rows come in the same order each time */
  readonly orderBy: string;
  /** whether it has ids of its own, which must never be used again */
  readonly hasIds?: boolean;
}

/** What stands for one project each: two of its names may become one when they are cleaned. */
const project = varchar(100);
export const cleanProject = project.clean;

/** In an order in which what others refer to comes first. */
export const COPIED_TABLES: readonly CopiedTable[] = [
  {
    name: 'projects',
    columns: { id: bigint, name: project, allowed_origins: text, has_reported: boolean },
    // A list that is not empty comes first.
    select: 'min(id), clean_project(name), min(allowed_origins), max(has_reported)',
    groupBy: '2',
    orderBy: '1',
    hasIds: true,
  },
  {
    name: 'ingest_keys',
    columns: {
      id: bigint,
      key: varchar(32),
      project_id: bigint,
      name: varchar(100),
      rate_limit_per_minute: integer,
      created_at: timestamp,
      revoked_at: timestamp,
      last_used_at: timestamp,
    },
    // Of several projects whose names become one, the first stays.
    select: `id, key, (SELECT min(other.id) FROM projects JOIN projects AS other
        ON clean_project(other.name) = clean_project(projects.name) WHERE projects.id = project_id),
      name, rate_limit_per_minute, created_at, revoked_at, last_used_at`,
    orderBy: 'id',
    hasIds: true,
  },
  {
    name: 'errors',
    columns: {
      id: bigint,
      fingerprint,
      project,
      exception_type: varchar(200),
      message: text,
      traceback: text,
      count: bigint,
      first_seen: timestamp,
      last_seen: timestamp,
      resolved: boolean,
      resolved_at: timestamp,
      source: varchar(10),
      file: text,
      line: bigint,
      level: varchar(10),
      platform: varchar(50),
    },
    orderBy: 'id',
    hasIds: true,
  },
  {
    name: 'error_occurrences',
    columns: {
      id: bigint,
      error_id: bigint,
      slot: integer,
      timestamp,
      message: text,
      traceback: text,
      request_url: text,
      request_method: varchar(10),
      request_headers: text,
      user_id: varchar(200),
      extra: text,
      event_id: varchar(32),
      environment: varchar(250),
      release: varchar(250),
      level: varchar(10),
      platform: varchar(50),
      handled: boolean,
      context: text,
    },
    belongsToErrors: true,
    orderBy: 'id',
    hasIds: true,
  },
  {
    name: 'error_tags',
    columns: { error_id: bigint, name: varchar(200), value: varchar(250) },
    belongsToErrors: true,
    orderBy: 'error_id, name, value',
  },
  {
    name: 'event_ids',
    columns: {
      id: bigint,
      event_id: varchar(32),
      project,
      fingerprint: varchar(32),
      received_at: timestamp,
    },
    orderBy: 'id',
    hasIds: true,
  },
  {
    name: 'feedback',
    columns: {
      id: bigint,
      project,
      own_id: varchar(32),
      event_id: varchar(32),
      error_id: bigint,
      name: varchar(200),
      email: varchar(200),
      message: text,
      url: text,
      received_at: timestamp,
    },
    belongsToErrors: true,
    orderBy: 'id',
    hasIds: true,
  },
  { name: 'error_search', columns: { rowid: bigint, text }, orderBy: 'rowid' },
  {
    name: 'error_hours',
    columns: { error_id: bigint, hour: integer, n: bigint },
    belongsToErrors: true,
    orderBy: 'error_id, hour',
  },
  {
    name: 'project_hours',
    columns: { project, hour: integer, n: bigint },
    select: 'clean_project(project), hour, sum(n)',
    groupBy: '1, 2',
    orderBy: '1, 2',
  },
  {
    name: 'error_events',
    columns: { id: bigint, error_id: bigint, kind: varchar(10) },
    orderBy: 'id',
    hasIds: true,
  },
  {
    name: 'deliveries',
    columns: {
      id: bigint,
      error_id: bigint,
      project,
      kind: varchar(10),
      channel: varchar(10),
      recipient: text,
      state: varchar(10),
      reason: text,
      attempts: integer,
      created_at: timestamp,
      due_at: timestamp,
      handed_over_at: timestamp,
      failed_at: timestamp,
      settled_at: timestamp,
      response: text,
      duration_ms: integer,
      bytes_received: bigint,
      summary_id: bigint,
      claim: varchar(36),
      claimed_until: timestamp,
    },
    // What the stopped server was sending is claimed by nobody any more.
    select: `id, error_id, project, kind, channel, recipient, state, reason, attempts, created_at, due_at, handed_over_at,
      failed_at, settled_at, response, duration_ms, bytes_received, summary_id, claim,
      CASE WHEN claim IS NOT NULL THEN created_at END`,
    belongsToErrors: true,
    orderBy: 'id',
    hasIds: true,
  },
  {
    name: 'ingest_ledger',
    columns: {
      project_id: bigint,
      reason: varchar(20),
      told_apart_by: text,
      detail: varchar(200),
      client: varchar(100),
      n: bigint,
      first_at: timestamp,
      last_at: timestamp,
    },
    select: `coalesce((SELECT min(other.id) FROM projects JOIN projects AS other
        ON clean_project(other.name) = clean_project(projects.name) WHERE projects.id = project_id), 0),
      reason, told_apart_by, max(detail), max(client), sum(n), min(first_at), max(last_at)`,
    groupBy: '1, 2, 3',
    orderBy: '1, 2, 3',
  },
];

/** Triggers fill it from the errors: it is compared, not copied. What counts nothing may be missing. */
const ERROR_COUNTS: CopiedTable = {
  name: 'error_counts',
  columns: { project, resolved: boolean, source: varchar(10), n: bigint },
  select: 'clean_project(project), resolved, source, sum(n)',
  groupBy: '1, 2, 3 HAVING sum(n) <> 0',
  orderBy: '1, 2, 3',
};

export const COMPARED_TABLES: readonly CopiedTable[] = [...COPIED_TABLES, ERROR_COUNTS];

export function columnNames({ columns }: CopiedTable): string[] {
  return Object.keys(columns);
}
