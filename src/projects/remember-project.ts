/** SQL with one parameter, the name: makes a project known when its first error is written, in that transaction. */
export const rememberProjectSql = 'INSERT INTO projects (name) VALUES (?) ON CONFLICT (name) DO NOTHING';
