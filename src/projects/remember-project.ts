/** SQL with one parameter, the name: makes a project known when its first error is written, in that transaction. */
export const rememberProjectSql = `INSERT INTO projects (name) VALUES (?)
  ON CONFLICT (name) DO UPDATE SET has_reported = TRUE WHERE NOT has_reported`;

/**
 * The same for many, in PostgreSQL.
 * @param names a query that gives names, also more than once
 */
export function rememberProjectsSql(names: string): string {
  // Names that conflict would use up ids.
  return `INSERT INTO projects (name)
    SELECT DISTINCT name FROM (${names}) AS reported (name)
    WHERE NOT EXISTS (SELECT 1 FROM projects WHERE projects.name = reported.name AND projects.has_reported) ORDER BY name
    ON CONFLICT (name) DO UPDATE SET has_reported = TRUE`;
}
