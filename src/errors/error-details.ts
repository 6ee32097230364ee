import { sqlTimeToIso } from '../database/sql-time';
import type { SqlConnection } from '../database/sql-connection';
import { describeTraceback } from './describe-traceback';
import { ErrorTagValues } from './error-tag-values';
import type { ErrorDetail } from './errors.answers';
import type { FrameAnswer } from './frame.answer';
import type { Level } from './report';
import { KEPT_OCCURRENCES } from './report-group';
import type { TagValuesAnswer } from './tag-values.answer';
import { type StoredError, type StoredOccurrence, writeErrorJson } from './write-error-json';

/** What is not in the row of an error: it is read in its traceback and in its tags. */
type Described = 'language' | 'file' | 'line' | 'frames' | 'tags';

type ErrorRow = Omit<ErrorDetail, 'resolved' | 'level' | Described> & {
  resolved: unknown;
  level: Level | null;
  /** as stored: empty or null where there is none */
  file: string | null;
  line: number | null;
};

/** Texts are null where they are those of the error. */
type OccurrenceRow = Omit<StoredOccurrence, 'message' | 'traceback' | 'frames' | 'level' | 'handled'> & {
  message: string | null;
  traceback: string | null;
  level: Level | null;
  handled: unknown;
};

interface Stored {
  error: ErrorRow;
  /** newest first */
  occurrences: OccurrenceRow[];
}

/** An error with its newest report, as they were reported. */
export interface ErrorWithNewest {
  error: Omit<ErrorDetail, Described>;
  newest: Omit<StoredOccurrence, 'frames'> | null;
}

/** Reads errors with their newest occurrences. It runs in the reader thread: six long stack traces take their time. */
export class ErrorDetails {
  private readonly tags: ErrorTagValues;

  constructor(private readonly connection: SqlConnection) {
    this.tags = new ErrorTagValues(connection);
  }

  /**
   * The JSON of `ErrorWithOccurrences`; null when there is no such error. One text of 2.7 MB costs the main thread 2 to
   * 4 ms, the same as objects 11 to 13.
   */
  async findJson(id: number): Promise<string | null> {
    const found = await this.connection.transaction(async () => {
      const stored = await this.find(id, KEPT_OCCURRENCES);
      return stored && { stored, tags: await this.tags.find(id) };
    });
    return found && writeErrorJson(describe(found.stored, found.tags));
  }

  /** Null when there is no such error. */
  async findWithNewest(id: number): Promise<ErrorWithNewest | null> {
    const stored = await this.connection.transaction(() => this.find(id, 1));
    if (!stored) return null;
    const { error, occurrences } = stored;
    const [newest] = occurrences;
    return { error: toError(error), newest: newest ? toOccurrence(newest, error) : null };
  }

  private async find(id: number, mostOccurrences: number): Promise<Stored | null> {
    const error = await this.connection.get<ErrorRow>(
      `SELECT id, fingerprint, project, exception_type, message, traceback, count, first_seen, last_seen, resolved,
         resolved_at, source, level, platform, file, line
       FROM errors WHERE id = ?`,
      [id],
    );
    if (!error) return null;
    const occurrences = await this.connection.all<OccurrenceRow>(
      `SELECT id, timestamp, request_url, request_method, request_headers, user_id, extra, message, traceback,
         event_id, environment, release, level, platform, handled, context
       FROM error_occurrences WHERE error_id = ? ORDER BY timestamp DESC, id DESC LIMIT ?`,
      [id, mostOccurrences],
    );
    return { error, occurrences };
  }
}

function describe({ error, occurrences }: Stored, tags: TagValuesAnswer[]): StoredError {
  const frames = readOtherFrames(occurrences, error);
  return {
    error: { ...toError(error), ...describeTraceback(error.traceback), ...placeOfEvent(error), tags },
    occurrences: occurrences.map((row) => {
      const occurrence = toOccurrence(row, error);
      return { ...occurrence, frames: frames.get(occurrence.traceback) ?? null };
    }),
  };
}

/** Events name the place that groups themselves; their traceback has the longer path, of one host. */
function placeOfEvent({ level, file, line }: ErrorRow): Pick<ErrorDetail, 'file' | 'line'> | null {
  return level === null ? null : { file: file || null, line };
}

/** The frames of each traceback that is not that of the error, read once however many occurrences have it. */
function readOtherFrames(
  occurrences: readonly OccurrenceRow[],
  error: ErrorRow,
): Map<string, FrameAnswer[] | null> {
  const tracebacks = new Set(occurrences.map(({ traceback }) => traceback ?? error.traceback));
  tracebacks.delete(error.traceback);
  return new Map([...tracebacks].map((traceback) => [traceback, describeTraceback(traceback).frames]));
}

function toError(row: ErrorRow): ErrorWithNewest['error'] {
  return {
    ...row,
    first_seen: sqlTimeToIso(row.first_seen),
    last_seen: sqlTimeToIso(row.last_seen),
    resolved: Boolean(row.resolved),
    resolved_at: row.resolved_at && sqlTimeToIso(row.resolved_at),
    level: row.level ?? 'error',
  };
}

function toOccurrence(row: OccurrenceRow, error: ErrorRow): Omit<StoredOccurrence, 'frames'> {
  return {
    ...row,
    timestamp: sqlTimeToIso(row.timestamp),
    message: row.message ?? error.message,
    traceback: row.traceback ?? error.traceback,
    level: row.level ?? 'error',
    handled: row.handled === null ? null : Boolean(row.handled),
  };
}
