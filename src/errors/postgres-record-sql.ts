import { rememberProjectsSql } from '../projects/remember-project';
import { EVENT_COLUMNS, GROUP_COLUMNS, OCCURRENCE_COLUMNS, TAG_COLUMNS } from './postgres-record-columns';
import { FULL_TAGS, tagsSql } from './postgres-tags-sql';
import { KEPT_OCCURRENCES } from './report-group';

/** By the one clock that all replicas share: theirs may be days apart. */
export const NOW = "timezone('UTC', now())";

/** Parameters before the arrays: the writer, its batch before, this batch, whether events are kept. */
const parameters = { next: 5 };

const groups = `${unnest(GROUP_COLUMNS)} WITH ORDINALITY AS given (${Object.keys(GROUP_COLUMNS).join(', ')}, place)`;
const occurrences = `${unnest(OCCURRENCE_COLUMNS)} AS occurrence (${Object.keys(OCCURRENCE_COLUMNS).join(', ')})`;
const events = `${unnest(EVENT_COLUMNS)} AS event (${Object.keys(EVENT_COLUMNS).join(', ')})`;
const tags = `${unnest(TAG_COLUMNS)} AS tag (${Object.keys(TAG_COLUMNS).join(', ')})`;

/** As `fingerprintApart`: the error with the fingerprint is of another project. */
const APART = "md5(input.project || E'\\n' || input.fingerprint)";

/** What differs between batches with events and those without. */
interface RecordParts {
  /** `input`, the groups that are stored */
  input: string;
  /** stores the values of tags */
  tagged: string;
  /** JSON of the places of reports that were stored before */
  repeated: string;
  /** JSON of the places of groups, and names of which their errors take no more values */
  full: string;
}

const EVENT_PARTS: RecordParts = {
  input: `sent AS MATERIALIZED (
  SELECT event.place, event.nth, event.event_id, given.project, given.fingerprint, given.last_seen
  FROM ${events} JOIN given ON given.place = event.place
), repeated AS MATERIALIZED (
  SELECT place, nth FROM sent
  WHERE (SELECT id FROM event_ids AS known
    WHERE known.event_id = sent.event_id AND known.project = sent.project) IS NOT NULL
), left_out AS MATERIALIZED (
  SELECT repeated.place, count(*) < min(given.n) AS is_partly
  FROM repeated JOIN given ON given.place = repeated.place GROUP BY repeated.place
), new AS MATERIALIZED (
  SELECT * FROM given
  WHERE place NOT IN (SELECT place FROM left_out) AND NOT EXISTS (SELECT FROM left_out WHERE is_partly)
), remembered_event AS (
  INSERT INTO event_ids (event_id, project, fingerprint, received_at)
  SELECT event_id, project, fingerprint, last_seen FROM sent WHERE place IN (SELECT place FROM new)
  ORDER BY event_id, project RETURNING event_id
), input AS MATERIALIZED (
  SELECT * FROM new WHERE (SELECT count(*) FROM remembered_event) >= 0
)`,
  tagged: tagsSql(tags),
  repeated: '(SELECT json_agg(json_build_array(place, nth) ORDER BY place, nth) FROM repeated)',
  full: FULL_TAGS,
};

const NO_EVENT_PARTS: RecordParts = {
  input: 'input AS (SELECT given.* FROM given)',
  tagged: '',
  repeated: 'NULL',
  full: 'NULL',
};

/**
 * Stores a batch of reports and gives what became of its groups; gives nothing, and does nothing, unless the last batch
 * of the writer is the one that it names. Groups of which all reports were stored before are left at that. When there is
 * one with others, too, nothing is stored, and the places of those that were are given: which of the others are kept, and
 * what an error is made of, depends on which are left.
 *
 * One statement is one transaction and one way to the server and back. Every writer takes its locks in the same order,
 * or two could wait for each other: ids of events in their order (`input` counts them so that they come first), all errors
 * of the batch by fingerprint, known and new ones alike, then what is counted by project. So known errors are inserted,
 * too, and run into themselves (ON CONFLICT). They keep their ids for it, since the numbers that a conflict uses up would
 * soon be long. For the same reason ids of events are looked up first: `EventIdPruner` counts their numbers. Written as a
 * join, a plan made for a small table would go on reading all of it.
 *
 * An event that another replica stored a moment ago makes the statement fail: it is known the next time. So does an
 * error of another project that was made a moment ago (a count is not NULL): each group is tried again alone then.
 */
export const RECORD_EVENTS = recordSql(EVENT_PARTS);

/** The same for a batch in which nothing came as an event: what events need would take an eighth more of PostgreSQL's time. */
export const RECORD_REPORTS = recordSql(NO_EVENT_PARTS);

function recordSql({ input, tagged, repeated, full }: RecordParts): string {
  return `
WITH claimed AS MATERIALIZED (
  SELECT id FROM report_writers WHERE id = $1::uuid AND batch = $2::bigint FOR UPDATE
), given AS MATERIALIZED (
  SELECT given.* FROM claimed, ${groups}
), ${input}, numbered AS MATERIALIZED (
  SELECT input.*,
    CASE WHEN known.project <> input.project THEN ${APART} ELSE input.fingerprint END AS own_fingerprint,
    coalesce(
      CASE WHEN known.project <> input.project THEN (SELECT id FROM errors WHERE fingerprint = ${APART}) ELSE known.id END,
      nextval('errors_id_seq')) AS id
  FROM input LEFT JOIN errors AS known ON known.fingerprint = input.fingerprint ORDER BY input.place
), counted AS (
  INSERT INTO errors
    (id, fingerprint, project, exception_type, message, traceback, count, first_seen, last_seen, source, file, line,
     level, platform)
  SELECT id, own_fingerprint, project, exception_type, message, traceback, n, first_seen, last_seen, source, file,
    line, level, platform
  FROM numbered ORDER BY own_fingerprint
  ON CONFLICT (fingerprint) DO UPDATE SET
    count = CASE WHEN errors.project = excluded.project THEN errors.count + excluded.count END,
    last_seen = greatest(errors.last_seen, excluded.last_seen),
    was_resolved = errors.resolved, resolved = FALSE, resolved_at = NULL
  RETURNING fingerprint, id, count, was_resolved, message, traceback
), recorded AS MATERIALIZED (
  SELECT input.place, input.project, input.hour, input.n, input.search_text, counted.id, counted.count,
    counted.count = input.n AS created, counted.was_resolved AS reopened,
    counted.message AS error_message, counted.traceback AS error_traceback, input.message, input.traceback
  FROM counted JOIN numbered AS input ON input.own_fingerprint = counted.fingerprint
), kept AS (
  INSERT INTO error_occurrences
    (error_id, slot, timestamp, message, traceback, request_url, request_method, request_headers, user_id, extra,
     event_id, environment, release, level, platform, handled, context)
  SELECT recorded.id, (recorded.count - occurrence.newer) % ${KEPT_OCCURRENCES}, occurrence.timestamp,
    nullif(coalesce(occurrence.message, recorded.message), recorded.error_message),
    nullif(coalesce(occurrence.traceback, recorded.traceback), recorded.error_traceback),
    occurrence.request_url, occurrence.request_method, occurrence.request_headers, occurrence.user_id, occurrence.extra,
    occurrence.event_id, occurrence.environment, occurrence.release, occurrence.level, occurrence.platform,
    occurrence.handled::boolean, occurrence.context
  FROM ${occurrences} JOIN recorded ON recorded.place = occurrence.place
  ORDER BY recorded.place, occurrence.newer DESC
  ON CONFLICT (error_id, slot) DO UPDATE SET id = excluded.id, timestamp = excluded.timestamp,
    message = excluded.message, traceback = excluded.traceback, request_url = excluded.request_url,
    request_method = excluded.request_method, request_headers = excluded.request_headers,
    user_id = excluded.user_id, extra = excluded.extra, event_id = excluded.event_id,
    environment = excluded.environment, release = excluded.release, level = excluded.level,
    platform = excluded.platform, handled = excluded.handled, context = excluded.context
), ${tagged}counted_by_error AS (
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
  SELECT json_build_array(
    (SELECT json_agg(json_build_array(place, id, count - n, created, reopened) ORDER BY place) FROM recorded),
    ${repeated},
    ${full}
  )::text
) FROM claimed WHERE report_writers.id = claimed.id RETURNING results`;
}

/** A row for each place of arrays, which are the next parameters: those that not every batch has come last. */
function unnest(columns: Readonly<Record<string, string>>): string {
  const arrays = Object.values(columns).map((type) => `$${parameters.next++}::${type}[]`);
  return `unnest(${arrays.join(', ')})`;
}
