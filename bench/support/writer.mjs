import { createRequire } from 'node:module';
import { join } from 'node:path';
import { buildFolder } from './build-folder.mjs';
import { startServer } from './servers.mjs';

const require = createRequire(import.meta.url);

/** Makes a file with the schema of the build: the server migrates it when it starts. */
export async function migrateFile(databasePath) {
  const server = await startServer({ databasePath, env: { LOG_LEVEL: 'error' } });
  await server.stop();
}

/**
 * Opens a file as the server's writer thread does. The one place that knows classes of the build.
 * @returns `record(reports)` that gives the id of each fingerprint, `resolve(id, time)`, both committed when they
 *   return, and the `connection`
 */
export function openWriter(databasePath) {
  const { openSqliteConnection } = require(join(buildFolder(), 'database', 'sqlite-connection.js'));
  const { ErrorWriter } = require(join(buildFolder(), 'errors', 'error-writer.js'));
  const { ErrorStates } = require(join(buildFolder(), 'errors', 'error-states.js'));
  const { toReportGroup } = require(join(buildFolder(), 'errors', 'report-group.js'));
  const connection = openSqliteConnection(databasePath);
  const writer = new ErrorWriter(connection);
  const states = new ErrorStates(connection);
  const record = (reports) => {
    const fingerprints = groupByFingerprint(reports);
    const recorded = writer.record([...fingerprints.values()].map(toReportGroup));
    return new Map([...fingerprints.keys()].map((fingerprint, i) => [fingerprint, recorded[i].id]));
  };
  return { connection, record, resolve: (id, time) => states.apply('resolve', [id], time) };
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
