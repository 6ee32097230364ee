/**
 * SQL with two parameters, both of them the same time: what was resolved and last seen before it. The original system
 * did not always note when an error was resolved; then `last_seen` alone decides.
 */
export const expiredSql = 'resolved = 1 AND last_seen < ? AND coalesce(resolved_at, last_seen) < ?';
