import { join } from 'node:path';
import { formatTarget } from '../support/format.mjs';
import { measureReads } from '../support/measure-reads.mjs';
import { openPlainSqlite } from '../support/plain-sql.mjs';
import { copySeededFile } from '../support/seed.mjs';
import { startServer } from '../support/servers.mjs';
import { makeTemporaryFolder, removeTemporaryFolder } from '../support/temporary-folder.mjs';

const TARGET_UNDER_LOAD = 3;

export const reads = {
  summary: 'every read of the API on a million errors, idle and under 500 reports a second',
  run,
};

async function run(options) {
  const { seededErrors, log } = options;
  const folder = makeTemporaryFolder();
  // A copy of its own for each, so that neither finds in memory what the other has read.
  const files = { server: join(folder, 'server.db'), plain: join(folder, 'plain.db') };
  for (const file of Object.values(files))
    await copySeededFile(file, { kind: 'mixed', errors: seededErrors, log });
  const server = await startServer({ databasePath: files.server, env: { RETENTION_DAYS: '3650' } });
  const plain = openPlainSqlite(files.plain);
  try {
    return await measureReads(server, plain, options, ({ slowdown }) =>
      formatTarget(`≤ ${TARGET_UNDER_LOAD} × idle`, slowdown <= TARGET_UNDER_LOAD),
    );
  } finally {
    plain.close();
    await server.stop();
    removeTemporaryFolder(folder);
  }
}
