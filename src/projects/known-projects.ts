import type { SqlDialect } from '../database/sql-dialect';

/** SQL with one parameter, a list of ids: ids and names of the projects that there are of them. */
export function knownProjectsSql({ isAmong }: SqlDialect): string {
  return `SELECT id, name FROM projects WHERE ${isAmong('id', 'number')}`;
}
