import { Ledger } from './ledger.mjs';
import { PROJECTS } from './reports.mjs';
import { API_KEY, INGEST_KEY, startBareServer, startServer } from './servers.mjs';

/**
 * Starts the server and the bare server, runs `measure` and stops both, whatever happens.
 * @param location where the database is; without it, in an empty file
 */
export async function withIngestSides(measure, location = {}) {
  const server = await startServer(location);
  const bare = await startBareServer();
  try {
    return await measure({ server, bare, ledger: await Ledger.open(server) });
  } finally {
    await bare.stop();
    await server.stop();
  }
}

/** The same with a project for envelopes, whose id is among the sides. */
export function withEnvelopeSides(measure) {
  const env = { INGEST_KEYS: `${PROJECTS[0]}:${INGEST_KEY}` };
  return withIngestSides(
    async (sides) => measure({ ...sides, projectId: await findProjectId(sides.server) }),
    { env },
  );
}

async function findProjectId({ url }) {
  const answer = await fetch(`${url}/api/projects/details`, { headers: { 'X-API-Key': API_KEY } });
  const { projects } = await answer.json();
  return projects.find(({ name }) => name === PROJECTS[0]).id;
}
