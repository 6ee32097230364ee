/** What is not kept here, as Sentry's protocol calls it where clients are told to wait and tell what they dropped. */
export const UNKEPT_CATEGORIES: readonly string[] = [
  'transaction',
  'span',
  'profile',
  'profile_chunk',
  'replay',
  'session',
  'log_item',
  'log_byte',
  'trace_metric',
  'metric_bucket',
  'monitor',
];

/** What a client is told to wait with: everything but what it lost, of which it shall tell. */
export const LIMITED_CATEGORIES: readonly string[] = [
  'default',
  'error',
  'security',
  'feedback',
  'attachment',
  ...UNKEPT_CATEGORIES,
];
