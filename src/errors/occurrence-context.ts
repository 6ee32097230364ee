/**
 * What is shown of a report that came as an event, as the API gives it and as it is stored. Parts that the client did not
 * send are missing; secrets are not in it any more.
 */
export interface OccurrenceContext {
  /** ISO 8601 UTC; when it happened, by the client's clock where that can be right */
  occurred_at?: string;
  /** the one that was caught first, then what caused it; for a message with a stack one without type and value */
  exceptions?: ExceptionContext[];
  /** in the order of time, at most 100 */
  breadcrumbs?: Breadcrumb[];
  tags?: Record<string, string>;
  user?: Record<string, unknown>;
  /** `runtime`, `os`, `browser`, `trace` … by name */
  contexts?: Record<string, Record<string, unknown>>;
  sdk?: { name: string | null; version: string | null };
  /** parts that were cut to fit, such as `local variables` */
  cut?: string[];
}

export interface ExceptionContext {
  type: string | null;
  value: string | null;
  module: string | null;
  /** how it was caught: `onerror`, `excepthook` … */
  mechanism: string | null;
  handled: boolean | null;
  /** of a group: which of `exceptions` it belongs to, by place; null for the first, and where nothing says so */
  parent: number | null;
  /** newest call first, at most 250; empty when none were sent */
  frames: SourceFrame[];
}

export interface SourceFrame {
  function: string | null;
  /** as short as the client has it */
  file: string | null;
  /** the whole path or address, where it differs */
  path?: string;
  module?: string;
  /** from 1 */
  line: number | null;
  column: number | null;
  /** code of the runtime or of a dependency */
  library: boolean;
  /** where the error was thrown: true for one frame at most */
  thrown: boolean;
  /** source lines: up to five before, the line itself, up to five after */
  before?: string[];
  source?: string;
  after?: string[];
  /** local variables by name */
  variables?: Record<string, unknown>;
}

export interface Breadcrumb {
  /** ISO 8601 UTC */
  timestamp: string | null;
  type: string | null;
  category: string | null;
  level: string | null;
  message: string | null;
  data?: unknown;
}
