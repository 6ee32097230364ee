import { measureKinds } from '../support/ingest-kinds.mjs';
import { withIngestSides } from '../support/ingest-sides.mjs';
import { describePostgres, startPostgres } from '../support/postgres.mjs';

const TARGETS = { known: 0.55, new: 0.45 };

export const ingestPostgres = {
  summary: 'as ingest, with PostgreSQL on the same machine',
  run,
};

async function run(options) {
  const postgres = await startPostgres();
  try {
    const result = await measureKinds(options, TARGETS, async (kind, measure) =>
      withIngestSides(measure, { databaseUrl: await postgres.createDatabase(kind) }),
    );
    return { ...result, notes: [await describePostgres(postgres)] };
  } finally {
    await postgres.remove();
  }
}
