import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { buildFolder } from './build-folder.mjs';
import { startServer } from './servers.mjs';

const require = createRequire(import.meta.url);

/**
 * Makes the schema of the build: the server migrates its database when it starts.
 * @param location `databasePath` or `databaseUrl`
 */
export async function migrate(location) {
  const server = await startServer({ ...location, env: { LOG_LEVEL: 'error' } });
  await server.stop();
}

/** Opens a file as the server's writer thread does; `database` is that of better-sqlite3. */
export function openSqliteWriter(path) {
  const { openSqliteConnection } = requireOfBuild('database/sqlite/sqlite-connection');
  const { SqliteReportWriter } = requireOfBuild('errors/sqlite-report-writer');
  const connection = openSqliteConnection(path, 'write');
  const { database } = connection;
  return { ...toWriter(connection, new SqliteReportWriter(database)), database };
}

/** Connects to a PostgreSQL database as the server's writer thread does. */
export function openPostgresWriter(url) {
  const { PostgresConnection } = requireOfBuild('database/postgres/postgres-connection');
  const { PostgresReportWriter } = requireOfBuild('errors/postgres-report-writer');
  const connection = new PostgresConnection(url, 'write');
  return toWriter(connection, new PostgresReportWriter(connection));
}

/** What makes the schema of a PostgreSQL database: the files of the build, as text. */
export function readPostgresSchema() {
  const migrations = join(buildFolder(), 'database', 'postgres-migrations');
  const files = readdirSync(migrations)
    .sort()
    .map((file) => join(migrations, file));
  files.push(join(buildFolder(), 'database', 'postgres', 'prepare-search-index.js'));
  return files.filter((file) => file.endsWith('.js')).map((file) => readFileSync(file, 'utf8'));
}

/**
 * @returns `record(reports)` that gives the id of each fingerprint, and `resolve(ids)`, both committed when they
 *   resolve
 */
function toWriter(connection, reportWriter) {
  const { toReportGroup } = requireOfBuild('errors/report-group');
  const isAmong = connection.dialect.isAmong('id', 'number');
  return {
    record: async (reports) => {
      const fingerprints = groupByFingerprint(reports);
      const groups = [...fingerprints.values()].map(toReportGroup);
      const recorded = await reportWriter.record(groups, false);
      return new Map([...fingerprints.keys()].map((fingerprint, i) => [fingerprint, recorded[i].id]));
    },
    resolve: (ids) =>
      connection.run(`UPDATE errors SET resolved = TRUE, resolved_at = last_seen WHERE ${isAmong}`, [ids]),
    close: () => connection.close(),
  };
}

/** Classes of the build, which nothing else in the benchmarks knows. */
function requireOfBuild(file) {
  return require(join(buildFolder(), `${file}.js`));
}

function groupByFingerprint(reports) {
  const groups = new Map();
  for (const report of reports) {
    const group = groups.get(report.fingerprint);
    if (group) group.push(report);
    else groups.set(report.fingerprint, [report]);
  }
  return groups;
}
