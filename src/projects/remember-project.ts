/** SQL with one parameter, the name: makes a project known when its first error is written, in that transaction. */
export const rememberProjectSql = 'INSERT INTO projects (name) VALUES (?) ON CONFLICT (name) DO NOTHING';

/**
 * The same for many, in PostgreSQL.
 * @param names a query that gives names, also more than once
 */
export function rememberProjectsSql(names: string): string {
  // Names that conflict would use up ids.
  return `INSERT INTO projects (name)
    SELECT DISTINCT name FROM (${names}) AS reported (name)
    WHERE NOT EXISTS (SELECT 1 FROM projects WHERE projects.name = reported.name) ORDER BY name
    ON CONFLICT (name) DO NOTHING`;
}
