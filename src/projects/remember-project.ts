import type { Database } from 'better-sqlite3';

/**
 * Makes projects known when their first error is written, in SQLite.
 * @returns what is to be called with a name in the transaction that writes a new error
 */
export function rememberProjects(connection: Database): (name: string) => void {
  // A name that conflicts would use up an id, and ids stand in DSNs.
  const find = connection
    .prepare<[string], number>('SELECT has_reported FROM projects WHERE name = ?')
    .pluck();
  const add = connection.prepare('INSERT INTO projects (name) VALUES (?)');
  const mark = connection.prepare('UPDATE projects SET has_reported = TRUE WHERE name = ?');
  return (name) => {
    const hasReported = find.get(name);
    if (hasReported === undefined) add.run(name);
    else if (!hasReported) mark.run(name);
  };
}

/**
 * SQL that does the same for many, in PostgreSQL.
 * @param names a query that gives names, also more than once
 */
export function rememberProjectsSql(names: string): string {
  // Those that conflict come with the ids that they have, for the same reason.
  return `INSERT INTO projects (id, name)
    SELECT coalesce((SELECT id FROM projects WHERE projects.name = reported.name), nextval('projects_id_seq')), name
    FROM (SELECT DISTINCT name FROM (${names}) AS given (name)) AS reported
    WHERE NOT EXISTS (SELECT 1 FROM projects WHERE projects.name = reported.name AND projects.has_reported) ORDER BY name
    ON CONFLICT (name) DO UPDATE SET has_reported = TRUE`;
}
