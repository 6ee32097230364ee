import { formatTarget } from '../support/format.mjs';
import { measureReads, TARGET_MS } from '../support/measure-reads.mjs';
import { openPlainPostgres } from '../support/plain-sql.mjs';
import { describePostgres } from '../support/postgres.mjs';
import { startSeededPostgres } from '../support/seed.mjs';
import { startServer } from '../support/servers.mjs';

export const readsPostgres = {
  summary: 'as reads, with PostgreSQL on the same machine',
  run,
};

async function run(options) {
  const postgres = await startSeededPostgres({ errors: options.seededErrors, log: options.log });
  const { databaseUrl } = postgres;
  try {
    const server = await startServer({ databaseUrl, env: { RETENTION_DAYS: '3650' } });
    const plain = await openPlainPostgres(databaseUrl);
    try {
      const result = await measureReads(server, plain, options, ({ p50 }) =>
        formatTarget(`≤ ${TARGET_MS} ms`, p50 <= TARGET_MS),
      );
      return { ...result, notes: [await describePostgres(postgres)] };
    } finally {
      await plain.close();
      await server.stop();
    }
  } finally {
    await postgres.remove();
  }
}
