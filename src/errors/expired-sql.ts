import type { SqlDialect } from '../database/sql-dialect';

/**
 * SQL with two parameters, both of them the same time: what was resolved and last seen before it. The original system
 * did not always note when an error was resolved; then `last_seen` alone decides.
 */
export function expiredSql({ isTrue }: SqlDialect): string {
  return `${isTrue('resolved')} AND last_seen < ? AND coalesce(resolved_at, last_seen) < ?`;
}
