import { Ledger } from './ledger.mjs';
import { startBareServer, startServer } from './servers.mjs';

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
