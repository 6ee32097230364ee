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
  level: 'text',
  platform: 'text',
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
  event_id: 'text',
  environment: 'text',
  release: 'text',
  level: 'text',
  platform: 'text',
  handled: 'integer',
  context: 'text',
} as const;

/** Of the reports that came as events: the place of the group, from 1, and of the report in it, from 0. */
export const EVENT_COLUMNS = { place: 'bigint', nth: 'bigint', event_id: 'text' } as const;

/**
 * Of the values of tags, each once for a group: the place of that, from 1; `full_id` is the error that takes no more of
 * the name, if one is known.
 */
export const TAG_COLUMNS = { place: 'bigint', name: 'text', value: 'text', full_id: 'bigint' } as const;
