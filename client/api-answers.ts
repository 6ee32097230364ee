// What the API answers, as `/docs` describes it. Times are ISO 8601 UTC.

export type Level = 'debug' | 'info' | 'warning' | 'error' | 'fatal';

/** One error of a list. */
export interface ErrorSummary {
  id: number;
  fingerprint: string;
  project: string;
  exception_type: string;
  message: string;
  count: number;
  first_seen: string;
  last_seen: string;
  resolved: boolean;
  source: 'browser' | 'server';
  /** where it was thrown */
  file: string | null;
  line: number | null;
  /** of the first report */
  level: Level;
  platform: string | null;
  /** reports by hour or day, oldest first, when they were asked for */
  counts?: number[];
}

export interface ErrorPage {
  errors: ErrorSummary[];
  total: number;
  /** there are more than `total`; counting them all would take too long */
  total_is_lower_bound?: boolean;
  /** so many of the newest errors were looked at, and the others were not */
  searched_newest?: number;
  limit: number;
  offset: number;
}

/** Texts in the order of their characters; there may be more after them. */
export interface Choices {
  texts: string[];
  more: boolean;
}

/** Where an event is. */
export interface EventPlace {
  event_id: string;
  project: string;
  error_id: number;
  /** null when the report itself is not kept any more */
  occurrence_id: number | null;
  /** of other projects that have an event of the same id, at most ten */
  others: readonly { project: string; error_id: number }[];
}

export interface Frame {
  function: string | null;
  file: string | null;
  line: number | null;
  column: number | null;
  /** code of the runtime or of a dependency */
  library: boolean;
  /** the frame that groups, at most one */
  thrown: boolean;
}

export interface ErrorDetail extends ErrorSummary {
  traceback: string;
  resolved_at: string | null;
  language: string | null;
  /** in the order written; null when the traceback is no stack trace */
  frames: Frame[] | null;
  /** of all its reports, those that are looked for most first */
  tags: TagValues[];
}

/** The values that a tag had, up to a number. */
export interface TagValues {
  name: string;
  values: string[];
  more: boolean;
}

export interface Occurrence {
  id: number;
  timestamp: string;
  request_url: string | null;
  request_method: string | null;
  request_headers: unknown;
  user_id: string | null;
  extra: unknown;
  message: string;
  traceback: string;
  /** null when the traceback is the error's own, or no stack trace */
  frames: Frame[] | null;
  event_id: string | null;
  environment: string | null;
  release: string | null;
  level: Level;
  platform: string | null;
  /** whether the program caught it and went on; null when it does not say */
  handled: boolean | null;
  /** by the client's clock; `timestamp` is when it arrived */
  occurred_at: string | null;
  /** the one that was caught first, then what caused it */
  exceptions: Exception[] | null;
  /** in the order of time */
  breadcrumbs: Breadcrumb[] | null;
  tags: Record<string, string> | null;
  user: Record<string, unknown> | null;
  /** `runtime`, `os`, `browser`, `trace` … by name */
  contexts: Record<string, Record<string, unknown>> | null;
  sdk: { name: string | null; version: string | null } | null;
  /** parts that were too large and were cut */
  cut: string[] | null;
}

export interface Exception {
  type: string | null;
  value: string | null;
  module: string | null;
  /** how the client came to know of it */
  mechanism: string | null;
  handled: boolean | null;
  /** of a group: which of the exceptions it belongs to, by place */
  parent: number | null;
  /** newest call first */
  frames: SourceFrame[];
}

export interface SourceFrame extends Frame {
  /** whole, where `file` is short */
  path?: string;
  module?: string;
  /** the source line itself, and some before and after it */
  before?: string[];
  source?: string;
  after?: string[];
  /** local variables by name */
  variables?: Record<string, unknown>;
}

export interface Breadcrumb {
  timestamp: string | null;
  type: string | null;
  category: string | null;
  level: string | null;
  message: string | null;
  data?: unknown;
}

export interface ErrorWithOccurrences {
  error: ErrorDetail;
  /** newest first, the last few only */
  occurrences: Occurrence[];
}

export interface Counts {
  interval: 'hour' | 'day';
  since: string;
  until: string;
  /** oldest first, one for each interval */
  counts: number[];
}

export type Action = 'resolve' | 'reopen' | 'delete';

/** What became of each error that an action was for. */
export interface BulkAnswer {
  action: Action;
  changed: number[];
  unchanged: number[];
  unknown: number[];
}

export interface Delivery {
  id: number;
  error_id: number | null;
  project: string | null;
  kind: 'created' | 'reopened' | 'summary' | 'test';
  channel: 'mail' | 'webhook';
  recipient: string;
  state: 'pending' | 'sent' | 'failed' | 'muted' | 'held' | 'summarized';
  reason: string | null;
  attempts: number;
  created_at: string;
  next_attempt_at: string | null;
  settled_at: string | null;
  response: string | null;
  duration_ms: number | null;
}

export interface DeliveryPage {
  deliveries: Delivery[];
  total: number;
}

/** What a user said. */
export interface Feedback {
  id: number;
  project: string;
  name: string | null;
  email: string | null;
  message: string;
  url: string | null;
  received_at: string;
}

export interface FeedbackPage {
  feedback: Feedback[];
  total: number;
}

export interface ProjectOverview {
  project: string;
  open: number;
  resolved: number;
  /** reports in the range */
  reports: number;
  counts: number[];
  newest: ErrorSummary | null;
  most_frequent: ErrorSummary | null;
}

export interface Overview {
  counts: CountsRange;
  since: string;
  until: string;
  projects: ProjectOverview[];
  total: number;
}

/** A key that may only report, for one project. */
export interface IngestKeyDetails {
  id: number;
  key: string;
  /** null when it is revoked */
  dsn: string | null;
  name: string;
  /** 0 is no limit */
  rate_limit_per_minute: number;
  created_at: string;
  revoked_at: string | null;
  last_used_at: string | null;
}

export interface ProjectDetails {
  id: number;
  name: string;
  allowed_origins: string[];
  keys: IngestKeyDetails[];
}

export interface ProjectDetailsPage {
  projects: ProjectDetails[];
  total: number;
  limit: number;
  offset: number;
}

/** What befell reports in the same way, from the same client. */
export interface LedgerEntry {
  /** null when no project that exists was addressed */
  project_id: number | null;
  project: string | null;
  outcome: 'refused' | 'truncated' | 'duplicate' | 'ignored' | 'lost';
  reason: string;
  detail: string | null;
  client: string | null;
  count: number;
  first_at: string;
  last_at: string;
  explanation: string;
  remedy: string;
}

export type CountsRange = '24h' | '14d';

export interface ChannelStatus {
  configured: boolean;
  missing_setting: string | null;
  recipients: string[];
}

export interface AlertStatus {
  enabled: boolean;
  mail: ChannelStatus;
  webhook: ChannelStatus;
  queue_length: number;
  held: number;
  last_success: Delivery | null;
  last_failure: (Delivery & { failed_at: string }) | null;
  cooldown_minutes: number;
  hourly_cap: number;
}

export interface Setting {
  name: string;
  /** null for a secret and for what is not set */
  value: string | null;
  is_default: boolean;
  is_secret: boolean;
  is_set?: boolean;
}

export interface ServerStatus {
  version: string;
  node: string;
  started_at: string;
  uptime_seconds: number;
  base_url: string;
  database: {
    kind: 'sqlite' | 'postgres';
    version: string;
    path: string | null;
    address: string | null;
    bytes: number;
  };
  errors: { open: number; resolved: number };
  waiting_reports: number;
  settings: Setting[];
}

export interface Change {
  id: number;
  project: string;
  kind: 'created' | 'reopened' | 'reported' | 'resolved' | 'deleted';
}

/** What has changed lately; with `more`, this is not all. */
export interface Changes {
  changes: Change[];
  more: boolean;
}
