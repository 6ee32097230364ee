import { rememberProjectsSql } from '../projects/remember-project';
import { KEPT_OCCURRENCES } from './report-group';

/** Columns of the groups of a batch: each is one parameter, an array with a value for each group. */
export const GROUP_COLUMNS = {
  fingerprint: 'text',
  project: 'text',
  exception_type: 'text',
  message: 'text',
  traceback: 'text',
  n: 'bigint',
  first_seen: 'timestamp',
  last_seen: 'timestamp',
  hour: 'integer',
  source: 'text',
  file: 'text',
  line: 'bigint',
  search_text: 'text',
} as const;

/**
 * Columns of the occurrences that are kept of them: `place` is that of the group, from 1; `newer` is how many of the
 * group came after it. Texts are NULL where they are those of the group.
 */
export const OCCURRENCE_COLUMNS = {
  place: 'bigint',
  newer: 'bigint',
  timestamp: 'timestamp',
  message: 'text',
  traceback: 'text',
  request_url: 'text',
  request_method: 'text',
  request_headers: 'text',
  user_id: 'text',
  extra: 'text',
} as const;

/** By the one clock that all replicas share: theirs may be days apart. */
export const NOW = "timezone('UTC', now())";

/** Parameters before the arrays: the writer, its batch before, this batch, whether events are kept. */
const FIRST_GROUP_PARAMETER = 5;
const FIRST_OCCURRENCE_PARAMETER = FIRST_GROUP_PARAMETER + Object.keys(GROUP_COLUMNS).length;

const groups = `${unnest(GROUP_COLUMNS, FIRST_GROUP_PARAMETER)} WITH ORDINALITY
    AS input (${Object.keys(GROUP_COLUMNS).join(', ')}, place)`;
const occurrences = `${unnest(OCCURRENCE_COLUMNS, FIRST_OCCURRENCE_PARAMETER)}
    AS occurrence (${Object.keys(OCCURRENCE_COLUMNS).join(', ')})`;

/**
 * Stores a batch of reports and gives what became of its groups; gives nothing, and does nothing, unless the last batch
 * of the writer is the one that it names.
 *
 * One statement is one transaction and one way to the server and back. Every writer takes its locks in the same order,
 * or two could wait for each other: all errors of the batch by fingerprint, known and new ones alike, then what is
 * counted by project. So known errors are inserted, too, and run into themselves (ON CONFLICT). They keep their ids
 * for it, since the numbers that a conflict uses up would soon be long.
 */
export const RECORD_REPORTS = `
WITH claimed AS MATERIALIZED (
  SELECT id FROM report_writers WHERE id = $1::uuid AND batch = $2::bigint FOR UPDATE
), input AS MATERIALIZED (
  SELECT input.* FROM claimed, ${groups}
), numbered AS MATERIALIZED (
  SELECT input.*, coalesce(known.id, nextval('errors_id_seq')) AS id
  FROM input LEFT JOIN errors AS known ON known.fingerprint = input.fingerprint ORDER BY input.place
), counted AS (
  INSERT INTO errors
    (id, fingerprint, project, exception_type, message, traceback, count, first_seen, last_seen, source, file, line)
  SELECT id, fingerprint, project, exception_type, message, traceback, n, first_seen, last_seen, source, file, line
  FROM numbered ORDER BY fingerprint
  ON CONFLICT (fingerprint) DO UPDATE SET count = errors.count + excluded.count,
    last_seen = greatest(errors.last_seen, excluded.last_seen),
    was_resolved = errors.resolved, resolved = FALSE, resolved_at = NULL
  RETURNING fingerprint, id, count, was_resolved, message, traceback
), recorded AS MATERIALIZED (
  SELECT input.place, input.project, input.hour, input.n, input.search_text, counted.id, counted.count,
    counted.count = input.n AS created, counted.was_resolved AS reopened,
    counted.message AS error_message, counted.traceback AS error_traceback, input.message, input.traceback
  FROM counted JOIN input ON input.fingerprint = counted.fingerprint
), kept AS (
  INSERT INTO error_occurrences
    (error_id, slot, timestamp, message, traceback, request_url, request_method, request_headers, user_id, extra)
  SELECT recorded.id, (recorded.count - occurrence.newer) % ${KEPT_OCCURRENCES}, occurrence.timestamp,
    nullif(coalesce(occurrence.message, recorded.message), recorded.error_message),
    nullif(coalesce(occurrence.traceback, recorded.traceback), recorded.error_traceback),
    occurrence.request_url, occurrence.request_method, occurrence.request_headers, occurrence.user_id, occurrence.extra
  FROM ${occurrences} JOIN recorded ON recorded.place = occurrence.place
  ORDER BY recorded.place, occurrence.newer DESC
  ON CONFLICT (error_id, slot) DO UPDATE SET id = excluded.id, timestamp = excluded.timestamp,
    message = excluded.message, traceback = excluded.traceback, request_url = excluded.request_url,
    request_method = excluded.request_method, request_headers = excluded.request_headers,
    user_id = excluded.user_id, extra = excluded.extra
), counted_by_error AS (
  INSERT INTO error_hours (error_id, hour, n) SELECT id, hour, n FROM recorded
  ON CONFLICT (error_id, hour) DO UPDATE SET n = error_hours.n + excluded.n
), indexed AS (
  INSERT INTO error_search (rowid, text) SELECT id, search_text FROM recorded WHERE created
), noted AS (
  INSERT INTO error_events (error_id, kind)
  SELECT id, CASE WHEN created THEN 'created' ELSE 'reopened' END FROM recorded
  WHERE $4::integer = 1 AND (created OR reopened) ORDER BY place
), remembered AS (
  ${rememberProjectsSql('SELECT project FROM recorded WHERE created')}
), counted_by_project AS (
  INSERT INTO project_hours (project, hour, n)
  SELECT project, hour, sum(n) FROM recorded GROUP BY project, hour ORDER BY project, hour
  ON CONFLICT (project, hour) DO UPDATE SET n = project_hours.n + excluded.n
)
UPDATE report_writers SET batch = $3::bigint, seen_at = ${NOW}, results = (
  SELECT json_agg(json_build_array(id, count - n, created, reopened) ORDER BY place)::text FROM recorded
) FROM claimed WHERE report_writers.id = claimed.id RETURNING results`;

/** A row for each group or occurrence. */
function unnest(columns: Readonly<Record<string, string>>, firstParameter: number): string {
  const arrays = Object.values(columns).map((type, index) => `$${firstParameter + index}::${type}[]`);
  return `unnest(${arrays.join(', ')})`;
}
