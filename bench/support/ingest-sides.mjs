import { Ledger } from './ledger.mjs';
import { startBareServer, startServer } from './servers.mjs';

/** Starts the server on an empty file and the bare server, runs `measure` and stops both, whatever happens. */
export async function withIngestSides(measure) {
  const server = await startServer();
  const bare = await startBareServer();
  const ledger = new Ledger(server.databasePath);
  try {
    return await measure({ server, bare, ledger });
  } finally {
    await bare.stop();
    await server.stop();
  }
}
