import { alerts } from './alerts.mjs';
import { burst } from './burst.mjs';
import { cpu } from './cpu.mjs';
import { envelopes } from './envelopes.mjs';
import { ingest } from './ingest.mjs';
import { ingestPostgres } from './ingest-postgres.mjs';
import { largeBodies } from './large-bodies.mjs';
import { latency } from './latency.mjs';
import { memory } from './memory.mjs';
import { page } from './page.mjs';
import { reads } from './reads.mjs';
import { readsPostgres } from './reads-postgres.mjs';
import { replicas } from './replicas.mjs';
import { retention } from './retention.mjs';
import { sharedLimit } from './shared-limit.mjs';
import { slowLoris } from './slow-loris.mjs';
import { startUp } from './start-up.mjs';
import { storage } from './storage.mjs';

/**
 * Every scenario, in the order in which they run: `summary`, and `run` that gives `tables` to print, `notes` and, as
 * `cells`, all that was measured.
 */
export const SCENARIOS = {
  ingest,
  envelopes,
  'large-bodies': largeBodies,
  latency,
  storage,
  cpu,
  memory,
  burst,
  'slow-loris': slowLoris,
  'start-up': startUp,
  page,
  reads,
  retention,
  alerts,
  'shared-limit': sharedLimit,
  'ingest-postgres': ingestPostgres,
  'reads-postgres': readsPostgres,
  replicas,
};
